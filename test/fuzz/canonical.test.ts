/**
 * Fuzz targets of the canonicalisers: whatever is sent, nothing is thrown; what is canonical is so once and for all, and
 * the parsers that will read it (WHATWG URL, Headers, the mailer's) read exactly it. `npm run fuzz` tries many more.
 */
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import addressparser from 'nodemailer/lib/addressparser';
import { MINOR_DIGITS } from '../../src/policy/kinds/currencies.ts';
import { decodings } from '../../src/policy/kinds/escapes.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { HEADER_NAMES, headers } from '../../src/policy/kinds/headers.ts';
import { httpMethod } from '../../src/policy/kinds/http-method.ts';
import type { Kind } from '../../src/policy/kinds/kind.ts';
import { canonicalDomain, mailAddress } from '../../src/policy/kinds/mail-address.ts';
import { MAX_MINOR, amountInWords, money, parseAmount } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { path } from '../../src/policy/kinds/path.ts';
import { text } from '../../src/policy/kinds/text.ts';
import { url, urlParts } from '../../src/policy/kinds/url.ts';
import { asciiLower, attacks, cased, holds, nearly } from './cases.ts';

const line = text({ maxLength: 100, multiline: false });
const body = text({ maxLength: 100, multiline: true });
const KINDS: readonly Kind<unknown>[] = [
  path,
  mailAddress,
  url,
  httpMethod,
  headers,
  line,
  body,
  money,
  number({ min: -1e9, max: 1e9, integer: false }),
  flag,
];

/** The canonical form, or undefined; a second pass must change nothing. */
function canonicalOnce<T>(kind: Kind<T>, raw: unknown): T | undefined {
  const first = kind.schema.safeParse(raw);
  if (!first.success) return undefined;
  const again = kind.schema.safeParse(JSON.parse(JSON.stringify(first.data)));
  expect(again).toEqual({ success: true, data: first.data });
  expect(JSON.stringify(again.data)).toBe(JSON.stringify(first.data));
  return first.data;
}

describe('any kind', () => {
  test('any value is refused or canonical once and for all; nothing is thrown', () => {
    holds(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      expect(() => KINDS.map((kind) => canonicalOnce(kind, value))).not.toThrow();
    });
    holds(attacks('a@b.example', 'https://', '/', 'GET', '50.00 EUR'), (value) => {
      expect(() => KINDS.map((kind) => canonicalOnce(kind, value))).not.toThrow();
    });
  });

  test('a text beyond the length of its kind is refused whatever it holds', () => {
    const longer = fc.tuple(attacks('a', '/', '%25', '.', '@'), fc.integer({ min: 2049, max: 5000 }));
    holds(longer, ([piece, length]) => {
      const long = (piece === '' ? 'a' : piece).repeat(length).slice(0, length);
      for (const kind of [path, mailAddress, url, line, body]) expect(kind.schema.safeParse(long).success).toBe(false);
    });
  });
});

describe('paths', () => {
  const segment = fc.constantFrom('notes', 'a b', '.env', '...', 'größe.md', '-rf', '%2e%2e', '..;', 'C:', '\u{1F600}');
  const good = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));

  test('a canonical path is its only spelling, and the system means the same by it', () => {
    holds(fc.oneof(nearly(good, '../', './'), attacks('notes', '/', '..', '.', '../')), (raw, refused) => {
      const found = canonicalOnce(path, raw);
      if (found === undefined) return refused();
      expect([found, `${found}/`]).toContain(raw);
      expect(posix.normalize(found)).toBe(found);
      expect(posix.resolve('/w', found)).toBe(found === '.' ? '/w' : `/w/${found}`);
      expect(found).toBe(found.normalize('NFC'));
      expect(found).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\\]/u);
    });
  });
});

describe('mail addresses', () => {
  const local = fc.constantFrom('bob', 'b.ob', 'bob+tag', "o'neil", '=x=', '__proto__', '{}', 'a-b_c');
  const domain = fc.constantFrom('example.com', 'mail.example.com', 'xn--bcher-kva.example', 'a1.b2.c3', '1.example');
  const good = fc.tuple(local, domain).map((parts) => parts.join('@'));
  const any = fc.oneof(nearly(good, '@', '"', '(x)', 'xn--'), attacks('bob', '@', 'example.com', '.', '"', '(', ')'));

  test('an address is canonical exactly in ASCII lower case, and the mailer reads that and nothing else', () => {
    holds(any, (raw, refused) => {
      const found = canonicalOnce(mailAddress, raw);
      if (found === undefined) return refused();
      expect(found).toBe(asciiLower(raw));
      expect(found).toMatch(/^[a-z0-9#$&'*+/=?^_`{}~.-]{1,64}@[a-z0-9.-]+$/);
      expect(addressparser(found)).toEqual([{ address: found, name: '' }]);
    });
  });

  test('two addresses have one canonical form if and only if they differ in ASCII case alone', () => {
    const pair = good.chain((one) => fc.tuple(cased(one), fc.oneof(cased(one), nearly(cased(one)))));
    holds(pair, ([one, other], refused) => {
      const [left, right] = [canonicalOnce(mailAddress, one), canonicalOnce(mailAddress, other)];
      if (left === undefined || right === undefined) return refused();
      expect(left === right).toBe(asciiLower(one) === asciiLower(other));
    });
  });

  test('a domain is canonical exactly in ASCII lower case, and URLs know no other host for it', () => {
    holds(
      fc.oneof(nearly(domain, '.', '-', '127.1', '0x7f'), attacks('a', '.', '-', 'xn--', '127', '0x')),
      (raw, refused) => {
        const found = canonicalDomain(raw);
        if (found.kind === 'none') return refused();
        expect(found.value).toBe(asciiLower(raw));
        expect(new URL(`http://${found.value}/`).hostname).toBe(found.value);
      },
    );
  });
});

describe('URLs', () => {
  const origin = fc.constantFrom('https://h.example', 'http://h.example:8080', 'HTTPS://H.example', 'http://[::1]');
  const more = [
    '/',
    '//',
    '/a',
    '/..',
    '/.',
    ';',
    ':443',
    ':80',
    '?',
    '&q=1',
    '%C3%A9',
    '@',
    '::ffff:1.2.3.4',
    '127.1',
  ];
  const any = fc.oneof(
    fc.tuple(origin, attacks(...more)).map((parts) => parts.join('')),
    nearly(fc.constantFrom('https://h.example/a/b?c=d', 'http://127.0.0.1/', 'http://[::1]:80/%C3%A9;x'), ...more),
    attacks('https:', 'http:', '//', 'h.example', ...more),
  );

  test('what is canonical is what the URL standard makes of it, and what will be requested', () => {
    holds(any, (raw, refused) => {
      const found = canonicalOnce(url, raw);
      if (found === undefined) return refused();
      const standard = new URL(raw);
      const upper = standard.pathname.replaceAll(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
      expect(found).toBe(`${standard.origin}${upper}${standard.search}`);
      expect(new Request(found).url).toBe(found);
      expect(found).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
    });
  });

  // Two canonical URLs that differ differ in what is sent: in origin, path or query, and in no other place.
  test('the parts that rules compare are the parts of the standard, and make up the whole', () => {
    holds(any, (raw, refused) => {
      const found = canonicalOnce(url, raw);
      if (found === undefined) return refused();
      const standard = new URL(found);
      const parts = urlParts(found);
      expect(parts).toEqual({ origin: standard.origin, path: standard.pathname, query: standard.search });
      expect(`${parts?.origin}${parts?.path}${parts?.query}`).toBe(found);
    });
  });

  test('no level of escapes of a canonical path holds a dot segment, a further slash or a control character', () => {
    holds(any, (raw) => {
      const found = canonicalOnce(url, raw);
      const slashes = (found ?? '').split('/').length;
      let level = found === undefined ? '' : (urlParts(found)?.path ?? '');
      for (let depth = 0; depth < 8 && level.includes('%'); depth += 1) {
        // An independent decoder: byte by byte, as servers do that know no UTF-8.
        level = level.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
        expect(level).not.toMatch(/(^|\/)\.\.?(;|\/|$)|\\/);
        expect([...level].filter((byte) => byte < ' ')).toEqual([]);
        expect(level.split('/').length).toBeLessThanOrEqual(slashes);
      }
    });
  });

  test('undoing escapes ends, and never makes a text longer', () => {
    holds(attacks('%25', '25', '%', '2', '5', '%ff', '%61', '%E2%84%AA'), (raw, refused) => {
      const levels = decodings(raw);
      if (levels === undefined) return refused();
      expect(levels[0]).toBe(raw);
      expect(levels.length).toBeLessThanOrEqual(5);
      levels.reduce((before, after) => {
        expect(after.length).toBeLessThan(before.length);
        return after;
      });
      expect(levels.at(-1)).not.toMatch(/%[0-9a-f]{2}/i);
    });
  });
});

describe('headers, texts, amounts and numbers', () => {
  test('canonical headers are few, sorted, and exactly what the client sends', () => {
    const name = fc.oneof(fc.constantFrom(...HEADER_NAMES).chain(cased), nearly(fc.constantFrom(...HEADER_NAMES)));
    const value = fc.oneof(nearly(fc.constant('application/json; q=1')), attacks('a', ' ', ',', ';', '"'));
    holds(fc.dictionary(name, value, { maxKeys: 6 }), (raw, refused) => {
      const found = canonicalOnce(headers, raw);
      if (found === undefined) return refused();
      const names = Object.keys(found);
      expect(names).toEqual(names.toSorted());
      expect(Object.fromEntries(new Headers(found))).toEqual(found);
      for (const one of names) expect(HEADER_NAMES).toContain(one);
    });
  });

  test('a canonical text is the text but for its line ends, and can be encoded', () => {
    const any = attacks('a', '\n', '\r', '\r\n', '\t', 'ä', '\u{1F600}');
    holds(any, (raw) => {
      const unified = raw.split(/\r\n|\r/).join('\n');
      expect([undefined, unified]).toContain(canonicalOnce(body, raw));
      const found = canonicalOnce(line, raw);
      expect([undefined, raw]).toContain(found);
      expect(Buffer.from(found ?? '').toString()).toBe(found ?? '');
    });
  });

  test('an amount is read exactly as it is written, and written exactly as it is read', () => {
    const code = fc.constantFrom(...MINOR_DIGITS.keys());
    const amount = fc.record({ minor: fc.nat({ max: MAX_MINOR }), currency: code });
    holds(amount, (value) => {
      expect(parseAmount(amountInWords(value))).toEqual({ kind: 'canonical', value });
      expect(canonicalOnce(money, value)).toEqual(value);
    });
    holds(
      fc.oneof(nearly(amount.map(amountInWords), '0', '.', ' ', ',', '-', 'e', 'EUR'), attacks('1', '0', '.', ' EUR')),
      (raw, refused) => {
        const found = parseAmount(raw);
        if (found.kind === 'none') return refused();
        const { minor, currency } = found.value;
        const digits = MINOR_DIGITS.get(currency) ?? 0;
        // Digits as whole numbers of any size: no reading of fractions is trusted.
        const [whole = '', fraction = ''] = raw.slice(0, -4).split('.');
        expect(raw).toMatch(/^[0-9.]+ [A-Z]{3}$/);
        expect([0, digits]).toContain(fraction.length);
        expect(BigInt(minor)).toBe(BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction === '' ? '0' : fraction));
        expect(minor).toBeLessThanOrEqual(MAX_MINOR);
      },
    );
  });

  test('a canonical number is what its JSON says', () => {
    const kind = number({ min: -1e9, max: 1e9, integer: false });
    holds(fc.double(), (raw, refused) => {
      const found = canonicalOnce(kind, raw);
      if (found === undefined) return refused();
      expect(Object.is(JSON.parse(JSON.stringify(found)), found)).toBe(true);
      expect(found === raw).toBe(true);
    });
  });
});
