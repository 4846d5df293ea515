/**
 * Fuzz targets of the matchers: globs against a reference that is too simple to be wrong, queries against the URL
 * standard, and denials against spellings that are made up here, not copied from the code that reads them.
 */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../src/domain/json.ts';
import type { ArgumentShape } from '../../src/policy/kinds/argument.ts';
import { url } from '../../src/policy/kinds/url.ts';
import { compileArgument } from '../../src/policy/matchers/compile-argument.ts';
import { compileGlob, matchesGlob } from '../../src/policy/matchers/glob.ts';
import type { Matcher, Purpose } from '../../src/policy/matchers/matcher.ts';
import { mayHold, readQuery } from '../../src/policy/matchers/read-query.ts';
import { pay } from '../adversarial/pay.ts';
import { deleteFiles, httpRequest, readFile, sendEmail } from '../policy/shapes.ts';
import { attacks, holds } from './cases.ts';

/** By trying everything: a wild card takes nothing, or one more. */
function reference(pattern: readonly string[], items: readonly string[], wild: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return items.length === 0;
  const [item, ...others] = items;
  if (first === wild) return reference(rest, items, wild) || (item !== undefined && reference(pattern, others, wild));
  if (item === undefined) return false;
  const one = wild === '**' ? reference([...first], [...item], '*') : first === '?' || first === item;
  return one && reference(rest, others, wild);
}

const segmentsOf = (path: string): readonly string[] => (path === '.' ? [] : path.split('/'));

describe('globs', () => {
  const piece = (...letters: string[]): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
  const path = fc.array(piece('a', 'b', '.', '\u{1F600}', '*'), { minLength: 1, maxLength: 5 });
  const glob = fc.array(fc.oneof(piece('a', 'b', '*', '?', '.', '\u{1F600}'), fc.constant('**')), {
    minLength: 1,
    maxLength: 5,
  });

  test('a glob matches what the reference says', () => {
    holds(fc.tuple(glob, path), ([pattern, segments]) => {
      // "**" within a segment is refused when the file is loaded.
      const cleaned = pattern.map((segment) => (segment === '**' ? segment : segment.replaceAll(/\*+/g, '*')));
      const [written, found] = [cleaned.join('/'), segments.join('/')];
      expect(matchesGlob(written, found)).toBe(reference(segmentsOf(written), segmentsOf(found), '**'));
      expect(compileGlob(written)('.')).toBe(reference(segmentsOf(written), [], '**'));
    });
  });
});

function compiled(shape: ArgumentShape | undefined, spec: Json, purpose: Purpose): Matcher {
  if (shape === undefined) throw new Error('no such argument');
  return compileArgument(shape, spec, [], purpose, (_, message) => {
    throw new Error(message);
  });
}

const urlShape = httpRequest.arguments['url'];

describe('queries', () => {
  const query = attacks('a=1', 'b', '=', '&', ';', 'token', '%74oken', 'token[]', '+', '%26', '?', '%3D', '%2574').map(
    (text) => url.schema.safeParse(`https://h.example/?${text}`),
  );

  test('what is read strictly is read so by the URL standard too', () => {
    holds(query, (parsed, refused) => {
      const search = parsed.success ? new URL(parsed.data).search : '';
      const found = readQuery(search);
      if (search === '' || found === undefined) return refused();
      expect([...found]).toEqual([...new URLSearchParams(search)]);
    });
  });

  test('no reader sees a parameter that a denial of it does not', () => {
    holds(query, (parsed, refused) => {
      if (!parsed.success) return refused();
      const search = new URL(parsed.data).search.slice(1);
      const once = search.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      const readers = [search, search.replaceAll(';', '&'), once, once.replaceAll(';', '&')];
      const seen = readers.some((text) => new URLSearchParams(text).has('token'));
      if (!seen) return refused();
      expect([search, mayHold(`?${search}`, new Set(['token']))]).toEqual([search, true]);
    });
  });
});

describe('denials', () => {
  const deny = compiled(urlShape, { path: ['/admin/**'] }, 'closes');
  const escape = (letter: string, times: number): string =>
    `%${'25'.repeat(times)}${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const letter = (one: string): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(one) },
      { weight: 1, arbitrary: fc.constant(escape(one, 1)) },
      { weight: 1, arbitrary: fc.constant(escape(one, 2)) },
      {
        weight: 1,
        arbitrary: fc.constant(encodeURIComponent(String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0))),
      },
    );
  const admin = fc.tuple(...[...'admin'].map(letter)).map((letters) => letters.join(''));
  const parameter = fc.constantFrom(
    '',
    '',
    '',
    ';',
    ';a=b',
    ';a=b;c',
    '%3Bx',
    '%253Bx',
    ';%2561',
    '.',
    '%20',
    '%2520',
    '. ',
  );
  const before = fc.constantFrom('', '', '/;', '/;x=y', '/x/%EF%BC%8E%EF%BC%8E');
  const after = fc.constantFrom('', '', '/', '/users', '/users;x', '/%2561', '?q=1', '/?q=/public');

  test('a denial of a path is evaded by none of its spellings: they are denied, or no canonical URL', () => {
    holds(fc.tuple(before, admin, parameter, after), ([head, name, tail, rest], refused) => {
      const parsed = url.schema.safeParse(`https://h.example${head}/${name}${tail}${rest}`);
      if (!parsed.success) return refused();
      expect([parsed.data, deny(parsed.data, 'url')]).toEqual([parsed.data, null]);
    });
  });

  // But for `values` of headers, where a rule that opens says "if given" and one that closes "given".
  const SPECS: readonly [ArgumentShape | undefined, Json][] = [
    [urlShape, { origin: 'https://h.example', path: ['/a/**', '/caf%C3%A9', '/x;y'], query: 'any' }],
    [urlShape, { origin: 'https://h.example', path: ['/**'], query: { only: ['a', 'token'], has: 'token' } }],
    [urlShape, { origin: 'https://h.example', path: ['/**'], query: { only: { a: ['1', 'b c'], token: 'any' } } }],
    [readFile.arguments['path'], { glob: ['**/.env*', 'a/?/*.md'] }],
    [deleteFiles.arguments['paths'], { every: { any: true }, some: { under: 'a' } }],
    [sendEmail.arguments['to'], { every: { domain: 'example.com' }, max: 2 }],
    [sendEmail.arguments['body'], { contains: ['é', 'PIN'], minLength: 2, maxLength: 9 }],
    [httpRequest.arguments['headers'], { only: ['accept'] }],
    [httpRequest.arguments['method'], ['GET', 'PUT']],
    [pay.arguments['amount'], { min: '1.00 EUR', max: ['9.00 EUR', '9 JPY'] }],
    [pay.arguments['amount'], { currency: ['EUR'] }],
    [pay.arguments['count'], { min: 0, max: 5 }],
    [pay.arguments['urgent'], { is: true }],
  ];
  const both = SPECS.map(([shape, spec]) => [compiled(shape, spec, 'opens'), compiled(shape, spec, 'closes')] as const);
  const money = fc.record({ minor: fc.integer({ min: -5, max: 2000 }), currency: fc.constantFrom('EUR', 'JPY', 'x') });
  const values: fc.Arbitrary<Json> = fc.oneof(
    attacks(
      'https://h.example',
      '/a',
      '/',
      '?',
      'a=1',
      '&',
      'token',
      'GET',
      'a/b/c.md',
      '.env',
      'bob@example.com',
      'PIN',
    ),
    fc.array(fc.constantFrom('a', 'a/b', 'bob@example.com', 'x@example.com', 'b'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('accept', 'if-match', '__proto__'), fc.string()),
    money,
    fc.jsonValue() as fc.Arbitrary<Json>,
  );

  test('no matcher throws, it decides as it explains, and what a rule opens the same words close', () => {
    holds(values, (value) => {
      for (const [opens, closes] of both) {
        const [opening, closing] = [opens(value, 'x'), closes(value, 'x')];
        expect([opens.holds(value), closes.holds(value)]).toEqual([opening === null, closing === null]);
        expect([opening?.why, closing?.why]).not.toContain('');
        expect([value, opening === null && closing !== null]).toEqual([value, false]);
      }
    });
  });
});
