import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { canonicalDomain, mailAddress } from '../../../src/policy/kinds/mail-address.ts';
import { GARBAGE, canonicalOf } from '../support.ts';

/** Three guards that are often seen; the attacks below pass at least the ones named (facts: e-mail). */
const NAIVE = {
  includes: (raw: string) => raw.includes('@example.com'),
  endsWith: (raw: string) => raw.endsWith('@example.com'),
  lastPart: (raw: string) => raw.split('@').pop() === 'example.com',
  anchored: (raw: string) => /^[^@]+@example\.com$/m.test(raw),
  folded: (raw: string) => raw.normalize('NFKC').toLowerCase().endsWith('@example.com'),
};

const REFUSED: readonly [why: string, raw: string, fools: readonly (keyof typeof NAIVE)[]][] = [
  ['a quoted local part names another recipient to some parsers', '"x@gmail.com x"@example.com', ['endsWith']],
  ['a comment that some parsers drop', 'user@example.com(x)evil.example', ['includes']],
  ['a comment in front', '(user@evil.example)bob@example.com', ['endsWith']],
  ['a display name hides the real address', 'bob@example.com <mallory@evil.example>', ['includes']],
  ['angle brackets', '<bob@example.com>', ['includes']],
  ['a list in one text', 'mallory@evil.example,bob@example.com', ['lastPart']],
  ['a list with a semicolon', 'mallory@evil.example;bob@example.com', ['endsWith']],
  ['a group', 'friends:mallory@evil.example,bob@example.com', ['endsWith']],
  ['source routing', '@evil.example:bob@example.com', ['lastPart']],
  ['percent hack with two "@"', 'mallory%evil.example@x@example.com', ['lastPart']],
  ['an encoded word that a mailer may decode', '=?utf-8?q?mallory?=@example.com', ['anchored']],
  ['a new line adds a command or a header', 'bob@example.com\r\nRCPT TO:<mallory@evil.example>', ['anchored']],
  ['a new line in front', 'mallory@evil.example\nbob@example.com', ['anchored', 'endsWith']],
  ['NUL', 'mallory@evil.example\0@example.com', ['endsWith']],
  ['a space', 'bob smith@example.com', ['anchored']],
  ['a trailing dot is another spelling', 'bob@example.com.', ['includes']],
  ['full-width letters map to ASCII', 'bob@ｅｘａｍｐｌｅ.com', ['folded']],
  ['a soft hyphen that UTS #46 drops', 'bob@exam\u00ADple.com', []],
  ['a zero-width space', 'bob@exam\u200Bple.com', []],
  ['the Kelvin sign becomes "k" when folded', 'bob@\u212Aernel.example', []],
  ['a homoglyph (Cyrillic а)', 'bob@ex\u0430mple.com', []],
  ['an ideographic full stop becomes a dot', 'bob@example\u3002com', []],
  ['an IP literal', 'bob@[127.0.0.1]', []],
  ['an IPv6 literal', 'bob@[IPv6:::1]', []],
  ['a number as a host', 'bob@127.0.0.1', []],
  ['a host in hexadecimal', 'bob@mail.0x7f', []],
  ['no domain', 'bob', []],
  ['nothing before the "@"', '@example.com', ['endsWith', 'lastPart']],
  ['nothing after the "@"', 'bob@', []],
  ['one label only', 'bob@localhost', []],
  ['an empty label', 'bob@example..com', []],
  ['a hyphen at the end of a label', 'bob@example-.com', []],
  ['two dots in the local part', 'b..ob@example.com', ['anchored']],
  ['a dot in front', '.bob@example.com', ['anchored']],
  ['broken Punycode', 'bob@xn--a.example', []],
  ['an underscore host', 'bob@my_host.example', []],
  ['a local part over 64 characters', `${'a'.repeat(65)}@example.com`, ['anchored']],
  ['a label over 63 characters', `bob@${'a'.repeat(64)}.example`, []],
  ['a domain over 253 characters', `b@${'a.'.repeat(126)}example`, []],
];

describe('mail addresses (S2)', () => {
  test.each(REFUSED)('an address that could be read in two ways is refused: %s', (_, raw) => {
    expect(canonicalOf(mailAddress, raw)).toMatch(/^refused: ./);
  });

  test('the attacks are real: guards that are often seen pass them', () => {
    for (const [why, raw, fools] of REFUSED) {
      for (const name of fools) expect([why, name, NAIVE[name](raw)]).toEqual([why, name, true]);
    }
  });

  test.each([
    ['bob@example.com', 'bob@example.com'],
    ['Bob.Smith+Tag@EXAMPLE.com', 'bob.smith+tag@example.com'],
    ["o'neil_x=1@example.com", "o'neil_x=1@example.com"],
    ['bob@xn--bcher-kva.example', 'bob@xn--bcher-kva.example'],
    ['__proto__@example.com', '__proto__@example.com'],
  ])('%j is the address %j, once and again', (raw, canonical) => {
    expect(canonicalOf(mailAddress, raw)).toBe(canonical);
    expect(canonicalOf(mailAddress, canonical)).toBe(canonical);
  });

  test.each(GARBAGE.map((value) => [value]))('no string, no address: %p', (value) => {
    expect(canonicalOf(mailAddress, value)).toMatch(/^refused: /);
  });

  test('a domain in a rule is looked at before it is folded', () => {
    expect(canonicalDomain('\u212Aernel.example')).toMatchObject({ kind: 'none' });
    expect('\u212Aernel.example'.toLowerCase()).toBe('kernel.example');
  });

  test('a huge text is refused by its length', () => {
    const huge = '('.repeat(20_000_000);
    expect(canonicalOf(mailAddress, huge)).toMatch(/^refused: /);
  });

  test('the model is told that it is a text', () => {
    expect(z.toJSONSchema(mailAddress.schema, { io: 'input' })).toMatchObject({ type: 'string', maxLength: 254 });
  });
});
