import { describe, expect, test } from '@jest/globals';
import { sendEmail } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const LOOK_ALIKE = new URL('http://ex\u0430mple.com').hostname;

/** Sent to an agent whose policy asks for mail to example.com and opens nothing else. */
const OPENED: readonly Row[] = [
  ['plain', 'bob@example.com', 'ask', 'it is what the rule speaks of'],
  ['upper case', 'BOB@EXAMPLE.COM', 'ask', 'it is the same mailbox, and shown in one form'],
  ['suffix domain', 'bob@example.com.evil.example', 'deny', 'the end is the registrant'],
  ['prefix domain', 'bob@notexample.com', 'deny', 'the whole domain is compared'],
  ['hyphenated domain', 'bob@example-com.evil.example', 'deny', 'the whole domain is compared'],
  ['other top level', 'bob@example.co', 'deny', 'the whole domain is compared'],
  ['subdomain', 'bob@mail.example.com', 'deny', 'subdomains are meant only where they are said'],
  ['parent domain', 'bob@com', 'refused', 'one label is no mail domain'],
  ['domain as local part', 'example.com@evil.example', 'deny', 'only what follows the "@" is the domain'],
  ['domain in a tag', 'mallory+bob@example.com@evil.example', 'refused', 'two "@"'],
  ['quoted local part', '"mallory@evil.example"@example.com', 'refused', 'parsers unquote it'],
  [
    'quoted with a space',
    '"mallory@evil.example bob"@example.com',
    'refused',
    'GHSA: nodemailer up to 7.0.6 splits it',
  ],
  ['quoted with an escape', '"bob\\"@evil.example"@example.com', 'refused', 'parsers unescape it'],
  ['quoted in part', 'bob."x y"@example.com', 'refused', 'obsolete forms are refused as well'],
  ['comment after', 'bob@example.com(evil.example)', 'refused', 'GHSA-cc9r-2j5m-2m83: some join the parts'],
  ['comment within', 'bob(@evil.example)@example.com', 'refused', 'some read the first "@"'],
  ['comment nested', 'bob((x)y)@example.com', 'refused', 'and quadratic work with it'],
  ['source route', '<@evil.example:bob@example.com>', 'refused', 'RFC 5321 relays by it'],
  ['percent hack', 'mallory%evil.example@example.com', 'refused', 'relays read "%" as the next hop'],
  ['percent hack, escaped', 'mallory%40evil.example@example.com', 'refused', 'who decodes it sees another "@"'],
  ['bang path', 'evil.example!mallory@example.com', 'refused', 'UUCP gateways read it from the left'],
  ['bang path with an escape', 'evil.example!mallory\\@example.com', 'refused', 'splitting the e-mail atom'],
  ['encoded word', '=?utf-8?q?mallory=40evil.example?=@example.com', 'refused', 'a mailer may decode it'],
  ['encoded word, base64', '=?utf-8?b?bWFsbG9yeQ==?=@example.com', 'refused', 'a mailer may decode it'],
  ['encoded word, cut off', 'bob=?@example.com', 'refused', 'its beginning suffices'],
  ['UTF-7 "@"', 'mallory+AEA-evil.example@example.com', 'ask', 'nobody decodes UTF-7 outside an encoded word'],
  ['pipe to a program', '|id@example.com', 'refused', 'sendmail would run it'],
  ['file as mailbox', '/etc/passwd@example.com', 'refused', 'sendmail would write it'],
  ['option as mailbox', '-oQ/tmp@example.com', 'refused', 'sendmail would obey it'],
  ['display name', 'Bob <mallory@evil.example>', 'refused', 'a name is never taken from a model'],
  ['display name without space', 'bob@example.com<mallory@evil.example>', 'refused', 'the brackets would win'],
  ['comma list', 'bob@example.com,mallory@evil.example', 'refused', 'one text is one address'],
  ['group', 'x:mallory@evil.example;', 'refused', 'one text is one address'],
  ['mailto', 'mailto:bob@example.com', 'refused', 'a URL is no address'],
  ['mailto with copies', 'bob@example.com?cc=mallory', 'refused', 'a URL is no address'],
  ['port', 'bob@example.com:2525', 'refused', 'no domain has a colon'],
  ['path', 'bob@example.com/x', 'refused', 'no domain has a slash'],
  ['look-alike, Cyrillic', 'bob@ex\u0430mple.com', 'refused', 'not ASCII'],
  ['look-alike, encoded', `bob@${LOOK_ALIKE}`, 'deny', 'another domain in plain sight'],
  ['full-width letters', 'bob@\uFF45xample.com', 'refused', 'GHSA-wmmp-3585-3rmp: mailer and check disagree'],
  ['full-width "@"', 'bob\uFF20example.com', 'refused', 'not ASCII'],
  ['full-width dot', 'bob@example\uFF0Ecom', 'refused', 'UTS #46 makes it a dot'],
  ['soft hyphen', 'bob@exam\u00ADple.com', 'refused', 'UTS #46 drops it, mailers may not'],
  ['zero-width joiner', 'bob@exam\u200Dple.com', 'refused', 'nobody sees it'],
  ['byte order mark', '\uFEFFbob@example.com', 'refused', 'nobody sees it'],
  ['right-to-left override', 'bob@\u202Emoc.elpmaxe', 'refused', 'it reads backwards'],
  ['Kelvin sign', 'bob@\u212Aernel.example', 'refused', 'lower case makes it "k"'],
  ['dotted capital I', 'bob@examp\u0130e.com', 'refused', 'lower case makes it two characters'],
  ['long s', 'bob@\u017Fexample.com', 'refused', 'upper case makes it "S"'],
  ['sharp s', 'bob@exampleß.com', 'refused', 'IDNA 2003 and 2008 disagree'],
  ['combining accent (NFD)', 'bo\u0301b@example.com', 'refused', 'two spellings of one name'],
  ['lone surrogate', 'bob\ud800@example.com', 'refused', 'no encoding has it'],
  ['NUL', 'bob@example.com\0.evil.example', 'refused', 'C ends the text there'],
  ['tab', 'bob@\texample.com', 'refused', 'folding white space'],
  ['line end after', 'bob@example.com\n', 'refused', 'the "$" of many checks lets it pass'],
  ['SMTP injection', 'bob@example.com>\r\nRCPT TO:<mallory@evil.example', 'refused', 'another command'],
  ['folding white space', 'bob@example.com\r\n evil.example', 'refused', 'RFC 5322 folds it away'],
  ['no-break space', 'bob\u00A0@example.com', 'refused', 'not ASCII'],
  ['backslash', 'bob\\@example.com', 'refused', 'an escape to some'],
  ['trailing dot', 'bob@example.com.', 'refused', 'the same host in another spelling'],
  ['leading dot', 'bob@.example.com', 'refused', 'an empty label'],
  ['address as a number', 'bob@2130706433', 'refused', 'an IPv4 address in another base'],
  ['address in hexadecimal', 'bob@0x7f.0x1', 'refused', 'an IPv4 address in another base'],
  ['IPv6 literal', 'bob@[IPv6:::ffff:7f00:1]', 'refused', 'a machine, not a domain'],
  ['escaped domain', 'bob@ex%61mple.com', 'refused', 'who decodes it sees another'],
  ['prototype name', '__proto__@example.com', 'ask', 'a text is a text'],
  ['prototype name as domain', 'bob@constructor', 'refused', 'one label'],
  ['empty ACE label', 'bob@xn--.com', 'refused', 'UTS #46 refuses it'],
  ['huge', `${'a'.repeat(1_000_000)}@example.com`, 'refused', 'its length is looked at first'],
  ['huge domain', `bob@${'a.'.repeat(500_000)}com`, 'refused', 'its length is looked at first'],
  ['nothing', '', 'refused', 'no address'],
];

/** Sent to an agent that may write to everyone but evil.example. */
const CLOSED: readonly Row[] = [
  ['plain', 'mallory@evil.example', 'deny', 'it is what the denial speaks of'],
  ['upper case', 'Mallory@EVIL.Example', 'deny', 'case is no way around'],
  ['tag', 'mallory+x@evil.example', 'deny', 'the domain is what counts'],
  ['trailing dot', 'mallory@evil.example.', 'refused', 'the same host in another spelling'],
  ['ideographic full stop', 'mallory@evil\u3002example', 'refused', 'UTS #46 makes it a dot'],
  ['full-width', 'mallory@\uFF25vil.example', 'refused', 'UTS #46 makes it "e"'],
  ['soft hyphen', 'mallory@ev\u00ADil.example', 'refused', 'UTS #46 drops it'],
  ['percent hack', 'mallory%evil.example@relay.example', 'refused', 'a relay would send it on'],
  ['bang path', 'evil.example!mallory@relay.example', 'refused', 'a relay would send it on'],
  ['source route', '@relay.example:mallory@evil.example', 'refused', 'a relay would send it on'],
  ['comment', 'mallory@(x)evil.example', 'refused', 'a mailer drops it'],
  ['escape', 'mallory@%65vil.example', 'refused', 'a mailer may decode it'],
  ['subdomain', 'mallory@mx.evil.example', 'deny', 'the denial says subdomains too'],
  ['someone else', 'bob@example.com', 'ask', 'the denial is not wider than it says'],
  ['suffix', 'bob@notevil.example', 'ask', 'the denial is not wider than it says'],
];

const opens = policyOf('{ id: a, tool: send_email, ask: { to: { every: { domain: [example.com] } } } }');
const closes = policyOf(
  '{ id: a, tool: send_email, ask: { to: { every: { any: true } } } }',
  '{ id: b, tool: send_email, deny: { to: { some: { anyOf: [{ domain: evil.example }, { subdomainOf: evil.example }] } } } }',
);
const mail = (address: unknown): unknown => ({ to: [address], subject: 's', body: 'b' });

describe('mail addresses: attacks and what must happen (S2, S3)', () => {
  test.each(titled(OPENED))(`opened to one domain: ${TITLE}`, (_attack, must, _why, address) => {
    expect(attempt(opens, sendEmail, mail(address))).toBe(must);
  });

  test.each(titled(CLOSED))(`closed to one domain: ${TITLE}`, (_attack, must, _why, address) => {
    expect(attempt(closes, sendEmail, mail(address))).toBe(must);
    expect(attempt(closes, sendEmail, { to: ['bob@example.com', address], subject: 's', body: 'b' })).toBe(must);
  });

  test.each([[['bob@example.com']], [{ address: 'bob@example.com' }], [null], [5], [true]])(
    'no text is no address, and none is made of it: %j',
    (value) => expect(attempt(opens, sendEmail, mail(value))).toBe('refused'),
  );
});
