/** Recipients that are not what they look like, on the real tool with a server that records what it is told. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendEmail } from '../../src/tools/send-email.ts';
import type { House } from '../tools/mail/mailing.ts';
import { house } from '../tools/mail/mailing.ts';
import { PLACE } from '../tools/act.ts';

const EVIL = 'mallory@evil.example';
/** Every way in which each list of recipients is attacked; `bob@d.example` is what a policy would open. */
const STRINGS: readonly (readonly [attack: string, address: string])[] = [
  ['comma', `bob@d.example,${EVIL}`],
  ['comma, the other first', `${EVIL},bob@d.example`],
  ['semicolon', `bob@d.example;${EVIL}`],
  ['space', `bob@d.example ${EVIL}`],
  ['tab', `bob@d.example\t${EVIL}`],
  ['group', `bob@d.example:${EVIL};`],
  ['group, nested', `a:b:${EVIL};;@d.example`],
  ['display name', `bob@d.example <${EVIL}>`],
  ['display name, quoted', `"bob@d.example" <${EVIL}>`],
  ['display name after', `<${EVIL}> bob@d.example`],
  ['two in brackets', `<${EVIL}><bob@d.example>`],
  ['quoted local part', `"${EVIL} x"@d.example`],
  ['quoted with escapes', `"mallory\\@evil.example"@d.example`],
  ['quoted and closed early', `"x"${EVIL},@d.example`],
  ['comment after', `bob@d.example(${EVIL})`],
  ['comment before', `(${EVIL})bob@d.example`],
  ['comment in the domain', 'mallory@evil.example(@d.example)'],
  ['comment joined', 'bob@d.example(x)evil.example'],
  ['comment nested', `bob@d.example${'('.repeat(500)}${')'.repeat(500)}`],
  ['comment without end', 'bob(@d.example'],
  ['CR LF Bcc', `bob@d.example\r\nBcc: ${EVIL}`],
  ['LF Bcc', `bob@d.example\nBcc: ${EVIL}`],
  ['CR Bcc', `bob@d.example\rBcc: ${EVIL}`],
  ['folded', `bob@d.example,\r\n ${EVIL}`],
  ['line separator', `bob@d.example\u2028${EVIL}`],
  ['next line', `bob@d.example\u0085${EVIL}`],
  ['RCPT', `bob@d.example>\r\nRCPT TO:<${EVIL}`],
  ['RCPT parameters', 'bob@d.example> NOTIFY=SUCCESS ORCPT=rfc822;mallory@evil.example'],
  ['NUL', `bob@d.example\0${EVIL}`],
  ['encoded word Q', '=?utf-8?q?mallory=40evil.example=2C?=@d.example'],
  ['encoded word B', '=?utf-8?b?bWFsbG9yeUBldmlsLmV4YW1wbGUs?=@d.example'],
  ['encoded word with a line end', '=?utf-8?q?bob=0D=0ABcc:?=@d.example'],
  ['UTF-7', '=?utf-7?q?mallory+AEA-evil.example?=@d.example'],
  ['percent', 'mallory%evil.example@d.example'],
  ['percent twice', 'a%b%evil.example@d.example'],
  ['bang', 'evil.example!mallory@d.example'],
  ['source route', `@d.example:${EVIL}`],
  ['source route in brackets', `<@d.example,@e.example:${EVIL}>`],
  ['two "@"', 'mallory@evil.example@d.example'],
  ['two "@", the other way', 'bob@d.example@evil.example'],
  ['suffix', 'bob@d.example.evil.example@'],
  ['full-width "@"', 'mallory\uFF20evil.example@d.example'],
  ['small "@"', 'mallory\uFE6Bevil.example@d.example'],
  ['full-width domain', 'bob@\uFF44.example'],
  ['full-width dot', 'bob@d\uFF0Eexample'],
  ['ideographic dot', 'bob@d\u3002example'],
  ['half-width dot', 'bob@d\uFF61example'],
  ['soft hyphen', 'bob@d\u00AD.example'],
  ['zero width space', 'bob@d\u200B.example'],
  ['zero width joiner', 'bob@d\u200D.example'],
  ['word joiner', 'bob@d\u2060.example'],
  ['byte order mark', '\uFEFFbob@d.example'],
  ['Kelvin', 'bob@\u212A.example'],
  ['Angstrom', 'bob@\u212B.example'],
  ['dotless i', 'b\u0131b@d.example'],
  ['long s', 'bo\u017F@d.example'],
  ['Cyrillic', 'bob@\u0501.example'],
  ['Greek', 'b\u03BFb@d.example'],
  ['mathematical', '\u{1D41B}ob@d.example'],
  ['right to left', '\u202Eelpmaxe.d@bob@d.example'],
  ['combining', 'bo\u0301b@d.example'],
  ['lone surrogate', 'bob\uD800@d.example'],
  ['sharp s', 'bob@stra\u00DFe.example'],
  ['IP literal', 'bob@[127.0.0.1]'],
  ['IPv6 literal', 'bob@[IPv6:::1]'],
  ['number as domain', 'bob@2130706433'],
  ['one label', 'bob@localhost'],
  ['trailing dot', 'bob@d.example.'],
  ['double dot', 'bob@d..example'],
  ['leading dot', '.bob@d.example'],
  ['dot at the end of the name', 'bob.@d.example'],
  ['hyphen label', 'bob@-d.example'],
  ['underscore', 'bob@d_.example'],
  ['broken ACE', 'bob@xn--a.example'],
  ['URL', 'mailto:bob@d.example'],
  ['URL with copies', `mailto:bob@d.example?bcc=${EVIL}`],
  ['pipe', '|/bin/sh@d.example'],
  ['file', '/etc/passwd@d.example'],
  ['option', '-bs@d.example'],
  ['include', ':include:/etc/passwd@d.example'],
  ['backslash', 'bob\\@d.example'],
  ['empty', ''],
  ['only "@"', '@'],
  ['no name', '@d.example'],
  ['no domain', 'bob@'],
  ['name too long', `${'a'.repeat(65)}@d.example`],
  ['domain too long', `b@${'a'.repeat(64)}.example`],
  ['a megabyte', `${'a'.repeat(1_000_000)}@d.example`],
];

/** In the place of one address. */
const VALUES: readonly (readonly [attack: string, value: unknown])[] = [
  ['null', null],
  ['number', 5],
  ['flag', true],
  ['list in the list', ['bob@d.example', EVIL]],
  ['object', { address: EVIL, name: 'bob@d.example' }],
  ['object of a group', { name: 'bob@d.example', group: [{ address: EVIL }] }],
  ['object with toString', { toString: () => 'bob@d.example' }],
];

const BEYOND: readonly (readonly [attack: string, more: Record<string, unknown>])[] = [
  ...['from', 'sender', 'headers', 'envelope', 'raw', 'list', 'dsn', 'replyTo', 'inReplyTo', 'path', 'href'].map(
    (key) => [key, { [key]: { Bcc: EVIL, to: EVIL, path: '/etc/passwd' } }] as const,
  ),
  ['subject with a header', { subject: `a\r\nBcc: ${EVIL}` }],
  ['subject with a bare CR', { subject: `a\rBcc: ${EVIL}` }],
  ['subject as an object', { subject: { prepared: true, value: `a\r\nBcc: ${EVIL}` } }],
  ['body as an object', { body: { path: '/etc/passwd' } }],
  ['body by URL', { body: { href: 'http://evil.example/' } }],
  ['html as text', { html: '<img src=x>' }],
  ['html as a path', { html: { path: '/etc/passwd' } }],
  ['html that merely counts', { html: 'true' }],
  ['attachment as an object', { attachments: [{ path: '/etc/passwd' }] }],
  ['attachment by URL', { attachments: ['http://evil.example/x'] }],
  ['attachment by data URI', { attachments: ['data:text/html,x\r\n'] }],
  ['attachment outside', { attachments: ['../x'] }],
  ['attachment, absolute', { attachments: ['/etc/passwd'] }],
  ['attachment with a line end', { attachments: [`a\r\nBcc: ${EVIL}`] }],
  ['attachments without end', { attachments: Array.from({ length: 11 }, (_, n) => `f${n}`) }],
  ['recipients without end', { to: Array.from({ length: 100_000 }, (_, n) => `p${n}@d.example`) }],
  ['one text for the list', { to: 'bob@d.example' }],
  ['nobody', { to: [] }],
];

const NAIVE: Readonly<Record<string, (address: string) => boolean>> = {
  includes: (address) => address.includes('@d.example'),
  endsWith: (address) => address.endsWith('@d.example'),
  'split, second': (address) => address.split('@')[1] === 'd.example',
  'split, last': (address) => address.split('@').pop() === 'd.example',
  'regular expression': (address) => /^[^@\s]+@d\.example$/.test(address),
};

let home: House;
beforeAll(async () => {
  home = await house();
});
afterAll(() => home.close());

/** As the guard does it, without a policy: whatever gets through is sent. */
async function send(input: unknown): Promise<string> {
  const parsed = sendEmail.parse(input);
  if (parsed.kind === 'invalid') return 'refused';
  const prepared = await sendEmail
    .open(parsed.args, { ...home, files: home.attachable, http: undefined } as never)
    .prepare(PLACE, new AbortController().signal);
  return prepared.kind === 'ready' ? (await prepared.perform(new AbortController().signal)).kind : prepared.kind;
}

const MAIL = { to: ['bob@d.example'], subject: 's', body: 'b' };

describe('S2, S4: recipients of the real tool, at a server that records', () => {
  test.each(STRINGS)('%s: nothing is sent', async (_attack, address) => {
    for (const place of ['to', 'cc', 'bcc']) {
      expect(await send({ ...MAIL, [place]: ['carol@d.example', address] })).toBe('refused');
    }
    expect(await send({ ...MAIL, reply_to: address })).toBe('refused');
    expect(home.server.connections()).toBe(0);
  });

  test.each(VALUES)('%s in the place of an address: nothing is sent', async (_attack, value) => {
    for (const place of ['to', 'cc', 'bcc']) expect(await send({ ...MAIL, [place]: [value] })).toBe('refused');
    expect(await send({ ...MAIL, reply_to: value })).toBe('refused');
    expect(home.server.connections()).toBe(0);
  });

  test.each(BEYOND)('%s: nothing is sent', async (_attack, more) => {
    expect(await send({ ...MAIL, ...more })).not.toBe('done');
    expect(home.server.connections()).toBe(0);
  });

  test('guards as they are often written let many of these pass', () => {
    const passed = Object.entries(NAIVE).map(([name, guard]) => [
      name,
      STRINGS.filter(([, address]) => guard(address)).length,
    ]);
    expect(passed).toHaveLength(5);
    for (const [, count] of passed) expect(count).toBeGreaterThan(0);
  });

  test.each([
    'bob@d.example',
    'Bob@D.Example',
    'bob+tag@d.example',
    'bob.o-neill_x@sub.d.example',
    "o'neill@d.example",
    'bob@xn--bcher-kva.example',
  ])('%s is a plain address, and the one it is sent to', async (address) => {
    const before = home.server.stored.length;
    expect(await send({ ...MAIL, to: [address] })).toBe('done');
    expect(home.server.stored.slice(before).map(({ to }) => to)).toEqual([[address.toLowerCase()]]);
  });

  test.each([
    ['a body that looks like headers', { body: `Bcc: ${EVIL}\n\nX: y` }],
    ['a body that ends the message', { body: `a\r\n.\r\nMAIL FROM:<x@x.example>\r\nRCPT TO:<${EVIL}>\r\nDATA\r\n` }],
    ['a body with parts of its own', { body: '--x\nContent-Type: text/html\n\n<b>', html: true }],
    ['a subject that names headers', { subject: `Bcc: ${EVIL}` }],
  ])('%s is text, and goes to nobody else', async (_what, more) => {
    const before = home.server.stored.length;
    expect(await send({ ...MAIL, ...more })).toBe('done');
    expect(home.server.stored.slice(before).map(({ to }) => to)).toEqual([['bob@d.example']]);
    expect(home.server.lines.join('\n')).not.toContain(EVIL);
  });
});
