import { describe, expect, test } from '@jest/globals';
import { pathReadings } from '../../src/policy/matchers/url-path.ts';
import { seeded } from '../policy/seeded.ts';
import { httpRequest } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

/** Sent to an agent that may GET https://api.example/v1/** without a query. */
const OPENED: readonly Row[] = [
  ['plain', 'https://api.example/v1/a', 'allow', 'it is what the rule speaks of'],
  ['upper-case host', 'https://API.EXAMPLE/v1/a', 'allow', 'hosts have no case, and are shown in one form'],
  ['default port', 'https://api.example:443/v1/a', 'allow', 'the same origin, in one form'],
  ['suffix domain', 'https://api.example.evil.example/v1/a', 'deny', 'the origin is compared whole'],
  ['prefix domain', 'https://evilapi.example/v1/a', 'deny', 'the origin is compared whole'],
  ['subdomain', 'https://x.api.example/v1/a', 'deny', 'the origin is compared whole'],
  ['other port', 'https://api.example:8443/v1/a', 'deny', 'another server'],
  ['other scheme', 'http://api.example/v1/a', 'deny', 'anyone on the way could answer'],
  ['host in the path', 'https://evil.example/api.example/v1/a', 'deny', 'the origin is compared whole'],
  ['host in the query', 'https://evil.example/?https://api.example/v1/a', 'deny', 'the origin is compared whole'],
  ['user name', 'https://api.example@evil.example/v1/a', 'refused', 'the host is what follows'],
  ['password', 'https://api.example:443@evil.example/v1/a', 'refused', 'the host is what follows'],
  ['escaped "@"', 'https://api.example%40evil.example/v1/a', 'refused', 'the host is in disguise'],
  ['user name with a slash', 'https://api.example%2f@evil.example/v1/a', 'refused', 'the host is what follows'],
  ['two "@"', 'https://a@b@api.example/v1/a', 'refused', 'parsers take either'],
  ['fragment', 'https://api.example/v1/a#@evil.example', 'refused', 'parsers disagree on where it begins'],
  ['backslash', 'https://api.example\\@evil.example/v1/a', 'refused', 'parsers disagree on where the host ends'],
  ['backslash scheme', 'https:\\\\api.example\\v1\\a', 'refused', 'browsers make slashes of it'],
  ['missing slashes', 'https:api.example/v1/a', 'refused', 'a host to some, a path to others'],
  ['one slash', 'https:/api.example/v1/a', 'refused', 'a host to some, a path to others'],
  ['four slashes', 'https:////api.example/v1/a', 'refused', 'browsers skip them'],
  ['scheme-relative', '//api.example/v1/a', 'refused', 'it takes the scheme of nowhere'],
  ['path only', '/v1/a', 'refused', 'no host'],
  ['other schemes', 'gopher://api.example/v1/a', 'refused', 'only http and https'],
  ['script', 'javascript://api.example/%0aalert(1)', 'refused', 'only http and https'],
  ['data', 'data:text/html,https://api.example/v1/a', 'refused', 'only http and https'],
  ['view-source', 'view-source:https://api.example/v1/a', 'refused', 'only http and https'],
  ['scheme in upper case', 'HTTPS://api.example/v1/a', 'refused', 'one spelling'],
  ['tab in the scheme', 'ht\ttps://api.example/v1/a', 'refused', 'parsers drop it'],
  ['tab in the host', 'https://api.\texample/v1/a', 'refused', 'parsers drop it'],
  ['line end in the path', 'https://api.example/v1/a\r\nX: y', 'refused', 'parsers drop it, or send it'],
  ['blank in front', ' https://api.example/v1/a', 'refused', 'parsers drop it'],
  ['blank within', 'https://api.example/v1/a b', 'refused', 'it ends the request line'],
  ['NUL', 'https://api.example/v1/a\0', 'refused', 'C ends the text there'],
  ['NUL in the host', 'https://api.example\0.evil.example/v1/a', 'refused', 'C ends the text there'],
  ['escaped NUL in the host', 'https://api.example%00.evil.example/v1/a', 'refused', 'C ends the text there'],
  ['trailing dot', 'https://api.example./v1/a', 'refused', 'the same host to DNS'],
  ['empty label', 'https://api..example/v1/a', 'refused', 'no host'],
  ['semicolon in the host', 'https://api.example;.evil.example/v1/a', 'refused', 'no letter of a host name'],
  ['comma in the host', 'https://api.example,evil.example/v1/a', 'refused', 'no letter of a host name'],
  ['brackets around a name', 'https://[api.example]/v1/a', 'refused', 'no host'],
  ['escaped host', 'https://%61pi.example/v1/a', 'refused', 'the host is in disguise'],
  ['full-width host', 'https://\uFF41pi.example/v1/a', 'refused', 'UTS #46 makes it "a"'],
  ['escaped full-width host', 'https://%EF%BD%81pi.example/v1/a', 'refused', 'the host is in disguise'],
  ['look-alike', 'https://\u0430pi.example/v1/a', 'refused', 'not ASCII'],
  ['look-alike, encoded', `${new URL('https://\u0430pi.example').origin}/v1/a`, 'deny', 'another host in plain sight'],
  ['soft hyphen', 'https://a\u00ADpi.example/v1/a', 'refused', 'nobody sees it'],
  ['zero width', 'https://a\u200Bpi.example/v1/a', 'refused', 'nobody sees it'],
  ['sharp s', 'https://ß.example/v1/a', 'refused', 'IDNA 2003 and 2008 disagree'],
  ['Kelvin sign', 'https://\u212A.example/v1/a', 'refused', 'lower case makes it "k"'],
  ['dotted capital I', 'https://ap\u0130.example/v1/a', 'refused', 'lower case makes it two characters'],
  ['circled letters', 'https://\u24D0pi.example/v1/a', 'refused', 'UTS #46 makes them plain'],
  ['lone surrogate', 'https://api.example/v1/\ud800', 'refused', 'no encoding has it'],
  ['NFD in the path', 'https://api.example/v1/e\u0301', 'refused', 'not ASCII'],
  ['IPv4 as a number', 'http://2130706433/v1/a', 'refused', 'the host is in disguise'],
  ['IPv4 in octal', 'http://017700000001/v1/a', 'refused', 'the host is in disguise'],
  ['IPv4 in hexadecimal', 'http://0x7f000001/v1/a', 'refused', 'the host is in disguise'],
  ['IPv4 cut short', 'http://127.1/v1/a', 'refused', 'the host is in disguise'],
  ['IPv4 with a dot after', 'http://127.0.0.1./v1/a', 'refused', 'the host is in disguise'],
  ['IPv4 out of range', 'http://256.0.0.1/v1/a', 'refused', 'no host'],
  ['IPv4 plain', 'http://127.0.0.1/v1/a', 'deny', 'another origin'],
  ['IPv6 long', 'http://[0000::0001]/v1/a', 'refused', 'the host is in disguise'],
  ['IPv6 mapped', 'http://[::ffff:127.0.0.1]/v1/a', 'refused', 'the host is in disguise'],
  ['IPv6 mapped, hexadecimal', 'http://[::ffff:7f00:1]/v1/a', 'refused', 'it is 127.0.0.1 by another name'],
  ['IPv6 zone', 'http://[fe80::1%25eth0]/v1/a', 'refused', 'no host'],
  ['IPv6 plain', 'http://[::1]/v1/a', 'deny', 'another origin'],
  ['port with zeros', 'https://api.example:00443/v1/a', 'refused', 'the port is in disguise'],
  ['empty port', 'https://api.example:/v1/a', 'refused', 'the port is in disguise'],
  ['port out of range', 'https://api.example:65979/v1/a', 'refused', '65979 is 443 in 16 bits'],
  ['escaped port', 'https://api.example:%34%34%33/v1/a', 'refused', 'no port'],
  ['two ports', 'https://api.example:443:80/v1/a', 'refused', 'parsers take either'],
  ['dot segment', 'https://api.example/v1/../admin', 'refused', 'it means another path'],
  ['dot segment, escaped', 'https://api.example/v1/%2E%2e/admin', 'refused', 'it means another path'],
  ['dot segment, half escaped', 'https://api.example/v1/.%2e/admin', 'refused', 'it means another path'],
  ['dot segment, escaped thrice', 'https://api.example/v1/%25252e%25252e/admin', 'refused', 'at whatever level'],
  ['dot segment, mixed levels', 'https://api.example/v1/%25%2532e%25%2532e/admin', 'refused', 'at whatever level'],
  ['dot segment with parameter', 'https://api.example/v1/..;a=b/admin', 'refused', 'Java servers drop ";…" first'],
  ['dot segment, parameter escaped twice', 'https://api.example/v1/..%253bx/admin', 'refused', 'at whatever level'],
  ['dots with a blank after', 'https://api.example/v1/..%20/admin', 'refused', 'Windows drops it'],
  ['dots with a blank after, twice', 'https://api.example/v1/..%2520/admin', 'refused', 'at whatever level'],
  ['dots with a blank before', 'https://api.example/v1/%20../admin', 'refused', 'some drop it'],
  ['dots with a blank between', 'https://api.example/v1/.%20./admin', 'refused', 'some drop it'],
  ['many dots and a blank', 'https://api.example/v1/...%20/admin', 'refused', 'Windows drops what is more than two'],
  ['dots with an ideographic blank', 'https://api.example/v1/..%E3%80%80/admin', 'refused', 'best-fit mappings exist'],
  ['full-width dots', 'https://api.example/v1/%EF%BC%8E%EF%BC%8E/admin', 'refused', 'best-fit mappings exist'],
  ['a full-width dot and a plain one', 'https://api.example/v1/.%EF%BC%8E/admin', 'refused', 'best-fit mappings exist'],
  ['two-dot leader', 'https://api.example/v1/%E2%80%A5/admin', 'refused', 'best-fit mappings exist'],
  ['full-width dots, escaped twice', 'https://api.example/v1/%25EF%25BC%258E./admin', 'refused', 'at whatever level'],
  ['full-width dots, parameter', 'https://api.example/v1/%EF%BC%8E.;x/admin', 'refused', 'both at once'],
  ['full-width slash', 'https://api.example/v1/x%EF%BC%8F..%EF%BC%8Fadmin', 'refused', 'best-fit mappings exist'],
  ['full-width backslash', 'https://api.example/v1/x%EF%BC%BCadmin', 'refused', 'best-fit mappings exist'],
  ['zero width between dots', 'https://api.example/v1/.%E2%80%8B./admin', 'refused', 'some leave it out'],
  ['zero width after dots', 'https://api.example/v1/..%E2%80%8B/admin', 'refused', 'some leave it out'],
  ['soft hyphen before dots', 'https://api.example/v1/%C2%AD../admin', 'refused', 'some leave it out'],
  ['three dots', 'https://api.example/v1/.../a', 'allow', 'a name like another'],
  ['encoded slash', 'https://api.example/v1/..%2f..%2fadmin', 'refused', 'servers decode it first'],
  ['encoded slash, twice', 'https://api.example/v1/x%252f..%252fadmin', 'refused', 'at whatever level'],
  ['encoded backslash, twice', 'https://api.example/v1/x%255c..%255cadmin', 'refused', 'at whatever level'],
  ['encoded line end, twice', 'https://api.example/v1/x%250d%250aX:y', 'refused', 'at whatever level'],
  ['next line (C1), escaped', 'https://api.example/v1/x%C2%85y', 'refused', 'a control character'],
  ['overlong slash', 'https://api.example/v1/..%c0%afadmin', 'refused', 'no UTF-8, but read by some'],
  ['overlong slash, twice', 'https://api.example/v1/..%25c0%25afadmin', 'refused', 'at whatever level'],
  ['escaped six times', 'https://api.example/v1/%252525252561', 'refused', 'nobody means that'],
  ['IIS escape', 'https://api.example/v1/%u0061', 'refused', 'no escape'],
  ['empty segment', 'https://api.example//v1/a', 'refused', 'servers merge slashes'],
  ['path in upper case', 'https://api.example/V1/a', 'deny', 'another path'],
  ['query', 'https://api.example/v1/a?x=1', 'deny', 'the rule says nothing of one'],
  ['empty query', 'https://api.example/v1/a?', 'refused', 'shown, and not sent'],
  ['query that looks like a path', 'https://api.example/admin?/v1/a', 'deny', 'the path ends before it'],
  ['path parameter', 'https://api.example/v1;x/a', 'deny', 'what opens is not read in two ways'],
  ['parameter behind the prefix', 'https://api.example/v1/a;x=y', 'allow', 'still under the path'],
  ['glob as text', 'https://api.example/**', 'deny', 'a text is no pattern'],
  ['prototype name', 'https://api.example/v1/__proto__', 'allow', 'a text is a text'],
  ['nothing', '', 'refused', 'no URL'],
  ['2049 characters', `https://api.example/v1/${'a'.repeat(2026)}`, 'refused', 'its length is looked at first'],
  ['huge', `https://api.example/v1/${'a'.repeat(1_000_000)}`, 'refused', 'its length is looked at first'],
  ['huge escapes', `https://api.example/v1/${'%25'.repeat(400_000)}`, 'refused', 'its length is looked at first'],
];

/** Sent to an agent that may GET everything but what is under /admin, and nothing of one host. */
const CLOSED: readonly Row[] = [
  ['plain', 'https://api.example/admin', 'deny', 'it is what the denial speaks of'],
  ['below', 'https://api.example/admin/users/1', 'deny', 'beneath it'],
  ['query', 'https://api.example/admin?x=1', 'deny', 'an addition is no way around'],
  ['slash after', 'https://api.example/admin/', 'deny', 'servers often drop it'],
  ['path parameter', 'https://api.example/admin;a=b', 'deny', 'Java servers drop ";…"'],
  ['path parameter, empty', 'https://api.example/admin;/users', 'deny', 'Java servers drop ";…"'],
  ['path parameter in front', 'https://api.example/;x/admin', 'deny', 'an empty segment is left'],
  ['path parameter, escaped', 'https://api.example/admin%3Ba=b', 'deny', 'decoded before it is dropped'],
  ['path parameter, escaped in lower case', 'https://api.example/admin%3b', 'deny', 'decoded before it is dropped'],
  ['double escape', 'https://api.example/%2561dmin', 'deny', 'a proxy before the server decodes too'],
  [
    'double escape of a later letter',
    'https://api.example/adm%2569n/x',
    'deny',
    'a proxy before the server decodes too',
  ],
  ['triple escape', 'https://api.example/%252561dmin', 'deny', 'bounded, and beyond that refused'],
  ['mixed escape', 'https://api.example/%25%2536%2531dmin', 'deny', 'read at each level'],
  ['single escape', 'https://api.example/%61dmin', 'refused', 'plain characters are not escaped'],
  ['parameter, escaped twice', 'https://api.example/admin%253Ba=b', 'deny', 'both at once'],
  ['full-width letter', 'https://api.example/%EF%BD%81dmin', 'deny', 'best-fit mappings exist'],
  ['full-width slash', 'https://api.example/%EF%BC%8Fadmin', 'refused', 'best-fit mappings exist'],
  ['full-width dots', 'https://api.example/x/%EF%BC%8E%EF%BC%8E/admin', 'refused', 'best-fit mappings exist'],
  ['two-dot leader', 'https://api.example/x/%E2%80%A5/admin', 'refused', 'best-fit mappings exist'],
  ['soft hyphen', 'https://api.example/ad%C2%ADmin/x', 'deny', 'nobody sees it, and some leave it out'],
  ['zero width', 'https://api.example/admin%E2%80%8B/x', 'deny', 'nobody sees it, and some leave it out'],
  ['zero width in front, escaped twice', 'https://api.example/%25E2%2580%258Badmin', 'deny', 'both at once'],
  ['Hangul filler', 'https://api.example/admin%E3%85%A4/x', 'deny', 'nobody sees it, and some leave it out'],
  ['variation selector', 'https://api.example/admin%EF%B8%8F', 'deny', 'nobody sees it, and some leave it out'],
  ['no-break blank after', 'https://api.example/admin%C2%A0/x', 'deny', 'some drop it as they drop a blank'],
  ['ideographic blank after', 'https://api.example/admin%E3%80%80/x', 'deny', 'some drop it as they drop a blank'],
  ['blank in front', 'https://api.example/%20admin/x', 'deny', 'some drop it'],
  ['dot after', 'https://api.example/admin./users', 'deny', 'Windows drops it'],
  ['blank after', 'https://api.example/admin%20/users', 'deny', 'Windows drops it'],
  ['blank after, twice', 'https://api.example/admin%2520', 'deny', 'both at once'],
  ['dot segment', 'https://api.example/x/../admin', 'refused', 'one spelling'],
  ['dot segment with parameter', 'https://api.example/x/..;/admin', 'refused', 'one spelling'],
  ['empty segment', 'https://api.example//admin', 'refused', 'one spelling'],
  ['encoded slash', 'https://api.example/x%2f..%2fadmin', 'refused', 'one spelling'],
  ['backslash', 'https://api.example/\\admin', 'refused', 'one spelling'],
  ['upper case', 'https://api.example/ADMIN', 'allow', 'case differs, and the docs say so'],
  ['another path', 'https://api.example/administrator', 'allow', 'the denial is not wider than it says'],
  ['another folder', 'https://api.example/public/admin', 'allow', 'the denial is not wider than it says'],
  ['host', 'https://internal.example/x', 'deny', 'it is what the denial speaks of'],
  ['host in upper case', 'https://INTERNAL.example/x', 'deny', 'one form'],
  ['host with port', 'https://internal.example:443/x', 'deny', 'one form'],
  ['host with dot', 'https://internal.example./x', 'refused', 'the same host to DNS'],
  ['host with user', 'https://x@internal.example/x', 'refused', 'nothing stands before a host'],
  ['host by another scheme', 'http://internal.example/x', 'allow', 'another origin, and the docs say so'],
  ['accents composed', 'https://api.example/caf%C3%A9', 'deny', 'it is what the denial speaks of'],
  ['accents decomposed', 'https://api.example/cafe%CC%81', 'deny', 'some file systems make them one'],
];

const opens = policyOf(
  '{ id: a, tool: http_request, allow: { url: { origin: "https://api.example", path: ["/v1/**"] }, method: [GET] } }',
);
const closes = policyOf(
  '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
  '{ id: b, tool: http_request, deny: { url: { path: ["/admin/**", "/caf%C3%A9"] } } }',
  '{ id: c, tool: http_request, deny: { url: { origin: "https://internal.example" } } }',
);
const excepted = policyOf(
  '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] }, except: [{ url: { path: ["/admin/**", "/caf%C3%A9"] } }, { url: { origin: "https://internal.example" } }] }',
);

describe('URLs: attacks and what must happen (S2, S3)', () => {
  test.each(titled(OPENED))(`opened to one path: ${TITLE}`, (_attack, must, _why, url) => {
    expect(attempt(opens, httpRequest, { url, method: 'GET' })).toBe(must);
  });

  test.each(titled(CLOSED))(`closed to some: ${TITLE}`, (_attack, must, _why, url) => {
    expect(attempt(closes, httpRequest, { url, method: 'GET' })).toBe(must);
    expect(attempt(excepted, httpRequest, { url, method: 'GET' })).toBe(must);
  });

  test('a denial of "/admin/" covers "/admin", and the exceptions of a denial are read as narrowly as an allow', () => {
    const policy = policyOf(
      '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
      '{ id: b, tool: http_request, deny: { url: { path: [/admin/, "/admin/**"] } }, except: { url: { origin: "https://api.example", path: [/admin/help] } } }',
    );
    const get = (url: string): string => attempt(policy, httpRequest, { url, method: 'GET' });
    expect(get('https://api.example/admin')).toBe('deny');
    expect(get('https://api.example/admin/help')).toBe('allow');
    expect(get('https://api.example/admin/help;x')).toBe('deny');
    expect(get('https://api.example/admin/h%2565lp')).toBe('deny');
    expect(get('https://api.example/admin/help?x=1')).toBe('deny');
  });

  test('no reading of a path that is opened leaves the folder that it was opened with', () => {
    const random = seeded(14);
    const pieces = [
      '.',
      '.',
      '%20',
      '%EF%BC%8E',
      '%E2%80%8B',
      '%E2%80%A5',
      '%25',
      '2e',
      '%C2%AD',
      ';',
      'a',
      '/',
      '%EF%BC%8F',
      '%E3%80%80',
      '%5C',
      '%2F',
    ] as const;
    let opened = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const path = `/v1/${Array.from({ length: 1 + random.number(6) }, () => random.pick(pieces)).join('')}/admin`;
      if (attempt(opens, httpRequest, { url: `https://api.example${path}`, method: 'GET' }) !== 'allow') continue;
      opened += 1;
      for (const reading of pathReadings(path)) expect(reading).toMatch(/^\/v1(?:\/|$)/);
    }
    expect(opened).toBeGreaterThan(1000);
  });

  test.each([[['https://api.example/v1/a']], [new URL('https://api.example/v1/a')], [5], [null]])(
    'what fetch would take is not taken here: %p',
    (url) => expect(attempt(opens, httpRequest, { url, method: 'GET' })).toBe('refused'),
  );
});
