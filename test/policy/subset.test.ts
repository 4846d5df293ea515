/** What is seen of matchers that people write, and what is not; that nothing wrong is claimed is a property test's. */
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Json } from '../../src/domain/json.ts';
import type { Purpose } from '../../src/policy/matchers/matcher.ts';
import type { Claim } from '../../src/policy/subset/claim.ts';
import { readClaim } from '../../src/policy/subset/claim.ts';
import { covers, disjoint, neverMatches } from '../../src/policy/subset/compare-claims.ts';
import type { SampleName } from './subset-samples.ts';
import { shapeOf } from './subset-samples.ts';

/** `closes: …` in front of a matcher: as in a denial. `path[]`: of a list of paths. */
function claim(kind: string, text: string): Claim {
  const purpose: Purpose = text.startsWith('closes: ') ? 'closes' : 'opens';
  const list = kind.endsWith('[]');
  const name = kind.replace('[]', '') as SampleName;
  return readClaim(shapeOf(name, list), parse(text.replace('closes: ', '')) as Json, purpose);
}

const COVERED: readonly (readonly [kind: string, wide: string, narrow: string])[] = [
  ['path', '{ any: true }', '{ under: notes }'],
  ['path', '{ under: . }', '{ any: true }'],
  ['path', '{ under: notes }', '{ under: notes/private }'],
  ['path', '{ under: [notes, drafts] }', '{ anyOf: [{ under: drafts }, { is: notes/a.md }] }'],
  ['path', '{ under: notes }', "{ glob: 'notes/*.md' }"],
  ['path', "{ glob: 'notes/**' }", '{ under: notes, extension: md }'],
  ['path', "{ glob: '**/.env*' }", "{ glob: 'notes/**/.env*' }"],
  ['path', '{ extension: md }', "{ glob: '**/*-draft.md' }"],
  ['path', '{ extension: gz }', '{ extension: tar.gz }'],
  ['path', '{ anyOf: [{ under: a }, { under: b }] }', '{ under: [a, b/c] }'],
  ['mailAddress', '{ domain: example.com }', '{ oneOf: [a@example.com, b@EXAMPLE.com] }'],
  ['mailAddress', '{ subdomainOf: example.com }', '{ subdomainOf: a.example.com }'],
  ['mailAddress', '{ subdomainOf: example.com }', '{ domain: [a.example.com, b.c.example.com] }'],
  ['mailAddress[]', '{ every: { domain: example.com } }', '{ every: { oneOf: a@example.com }, max: 3 }'],
  ['mailAddress[]', '{ some: { domain: example.com } }', '{ every: { domain: example.com } }'],
  ['mailAddress[]', '{ every: { domain: example.com } }', '{ some: { domain: example.com }, max: 1 }'],
  ['mailAddress[]', '{ max: 5 }', '{ every: { any: true }, max: 4 }'],
  ['url', '{ origin: https://h.example, path: /** }', '{ origin: https://h.example, path: [/a, /b/*] }'],
  ['url', '{ origin: https://h.example, path: /** , query: any }', 'closes: { origin: https://h.example }'],
  ['url', 'closes: { origin: https://h.example }', '{ origin: https://h.example, path: /a, query: any }'],
  ['url', 'closes: { path: /admin/** }', '{ origin: https://h.example, path: /admin/users }'],
  ['url', 'closes: { path: /admin/** }', 'closes: { path: /admin/users }'],
  [
    'url',
    '{ origin: https://h.example, path: /a, query: { only: [q, page] } }',
    '{ origin: https://h.example, path: /a }',
  ],
  [
    'url',
    '{ origin: https://h.example, path: /a, query: { only: [q, page] } }',
    '{ origin: https://h.example, path: /a, query: { only: { q: [x] }, has: q } }',
  ],
  ['url', 'closes: { query: { has: token } }', 'closes: { query: { has: [token] } }'],
  ['httpMethod', '[GET, HEAD, POST, PUT, PATCH, DELETE]', '{ any: true }'],
  ['httpMethod', '{ any: true }', '[GET]'],
  ['httpMethod', '[GET, HEAD]', 'GET'],
  ['httpMethod', 'GET', '[GET]'],
  ['number', '5', '{ oneOf: [5] }'],
  ['headers', '{ only: [accept, if-match] }', '{ only: accept, values: { accept: text/html } }'],
  ['text', '{ maxLength: 10 }', '{ oneOf: [abc, abcd] }'],
  ['text', '{ contains: an }', '{ contains: banana, maxLength: 9 }'],
  ['text', '{ minLength: 6 }', '{ contains: banana }'],
  ['text', 'closes: { contains: [token, secret] }', 'closes: { contains: secret }'],
  ['money', '{ max: [50.00 EUR, 60 USD] }', '{ max: 20.00 EUR }'],
  ['money', 'closes: { min: 100.00 EUR }', '{ max: 20 USD }'],
  ['money', '{ max: 20 EUR }', 'closes: { max: 20 EUR, currency: EUR }'],
  ['number', '{ min: 0 }', '{ min: 1, max: 5 }'],
  ['number', '{ max: 5 }', '[1, 5]'],
  ['flag', '{ any: true }', '{ is: true }'],
  ['flag', '{ anyOf: [{ is: true }, { is: false }] }', '{ any: true }'],
];

const NOT_COVERED: typeof COVERED = [
  ['path', '{ under: notes }', '{ under: notes-old }'],
  ['path', "{ glob: 'notes/*' }", '{ under: notes }'],
  ['path', '{ extension: md }', "{ glob: '**/*.md' }"],
  ['path', '{ under: a }', "{ glob: 'a*/x' }"],
  ['path', "{ glob: 'a?md' }", "{ glob: 'a*md' }"],
  ['mailAddress', '{ subdomainOf: example.com }', '{ domain: example.com }'],
  ['mailAddress', '{ subdomainOf: example.com }', '{ domain: notexample.com }'],
  ['mailAddress[]', '{ every: { domain: example.com } }', '{ some: { domain: example.com } }'],
  ['url', '{ origin: https://h.example, path: /a }', 'closes: { origin: https://h.example, path: /a }'],
  ['url', '{ origin: https://h.example, path: /a }', '{ origin: https://h.example, path: /a, query: any }'],
  ['url', '{ origin: https://h.example, path: /a }', '{ origin: https://h.example:8443, path: /a }'],
  ['url', '{ origin: https://h.example, path: /**, query: { only: q } }', 'closes: { query: { only: q } }'],
  ['headers', '{ only: accept, values: { accept: a } }', '{ only: accept }'],
  ['text', '{ oneOf: secret }', 'closes: { oneOf: secret }'],
  ['money', '{ max: 50 EUR }', '{ max: 20 USD }'],
  ['money', '{ max: 50 EUR }', 'closes: { max: 20 EUR }'],
  ['flag', '{ is: true }', '{ any: true }'],
];

const APART: typeof COVERED = [
  ['path', '{ under: notes }', '{ under: notes-old }'],
  ['path', "{ glob: 'notes/*.md' }", "{ glob: '**/*.txt' }"],
  ['path', '{ extension: md }', "{ glob: '**/.env*' , extension: gz }"],
  ['mailAddress', '{ domain: example.com }', '{ subdomainOf: example.com }'],
  ['mailAddress[]', '{ every: { domain: example.com } }', '{ some: { domain: other.example } }'],
  ['url', '{ origin: https://h.example, path: /a }', '{ origin: http://h.example, path: /a }'],
  ['url', '{ origin: https://h.example, path: /a/** }', '{ origin: https://h.example, path: /b }'],
  ['url', '{ origin: https://h.example, path: /a }', 'closes: { query: { has: token } }'],
  ['httpMethod', '[GET]', '[POST, PUT]'],
  ['text', '{ maxLength: 3 }', '{ contains: banana }'],
  ['money', '{ max: 5 EUR }', '{ min: 5.01 EUR }'],
  ['money', '{ currency: USD }', '{ max: 5 EUR }'],
  ['number', '{ max: 2 }', '[3, 4]'],
  ['flag', '{ is: true }', '{ is: false }'],
];

const NOT_APART: typeof COVERED = [
  ['path', '{ under: notes }', '{ extension: md }'],
  ['mailAddress[]', '{ some: { domain: a.example } }', '{ some: { domain: b.example } }'],
  ['url', 'closes: { path: /a }', '{ origin: https://h.example, path: /b }'],
  ['headers', '{ only: accept }', '{ only: if-match }'],
  ['money', 'closes: { min: 5 EUR }', '{ max: 1 USD }'],
];

const NEVER: readonly (readonly [kind: string, spec: string])[] = [
  ['mailAddress', '{ oneOf: a@x.com, domain: y.com }'],
  ['path', '{ under: notes, is: drafts/a }'],
  ['path', '{ anyOf: [{ under: notes, is: drafts/a }, { extension: md, is: a }] }'],
  ['mailAddress[]', '{ every: { any: true }, max: 0 }'],
  ['mailAddress[]', '{ every: { domain: a.com }, some: { domain: b.com } }'],
  ['number', '{ min: 5, max: 4 }'],
  ['money', '{ min: 5 EUR, max: 4 EUR }'],
  ['money', '{ max: 5 EUR, currency: USD }'],
  ['text', '{ minLength: 5, maxLength: 4 }'],
  ['url', '{ origin: https://h.example, path: /a, query: { only: q, has: page } }'],
];

describe('claims about matchers', () => {
  test.each(COVERED)('%s: %s is seen to cover %s', (kind, wide, narrow) => {
    expect(covers(claim(kind, wide), claim(kind, narrow))).toBe(true);
  });

  test.each(NOT_COVERED)('%s: %s is not said to cover %s', (kind, wide, narrow) => {
    expect(covers(claim(kind, wide), claim(kind, narrow))).toBe(false);
  });

  test.each(APART)('%s: %s and %s are seen to be apart', (kind, one, other) => {
    expect(disjoint(claim(kind, one), claim(kind, other))).toBe(true);
    expect(disjoint(claim(kind, other), claim(kind, one))).toBe(true);
  });

  test.each(NOT_APART)('%s: %s and %s are not said to be apart', (kind, one, other) => {
    expect(disjoint(claim(kind, one), claim(kind, other))).toBe(false);
  });

  test.each(NEVER)('%s: %s is seen never to match', (kind, spec) => {
    expect(neverMatches(claim(kind, spec))).toBe(true);
  });

  test.each(COVERED)('%s: %s is not said never to match', (kind, spec) => {
    expect(neverMatches(claim(kind, spec))).toBe(false);
  });

  test('of what is broken nothing is claimed but what is written the same', () => {
    const broken = ['{}', '[]', 'x', '{ any: false }', '{ anyOf: x }', '{ udner: notes }', '{ under: ../x }', 'null'];
    for (const spec of broken) {
      expect({ spec, covers: covers(claim('path', spec), claim('path', '{ under: notes }')) }).toEqual({
        spec,
        covers: false,
      });
      expect({ spec, never: neverMatches(claim('path', spec)) }).toEqual({ spec, never: false });
      expect({ spec, apart: disjoint(claim('path', spec), claim('path', '{ is: a }')) }).toEqual({
        spec,
        apart: false,
      });
    }
    for (const spec of [...broken, '{ evry: { any: true } }', '{ every: { any: true }, max: x }'])
      expect({ spec, covers: covers(claim('path[]', spec), claim('path[]', '{ every: { is: a }, max: 1 }')) }).toEqual({
        spec,
        covers: false,
      });
  });

  test('hundreds of alternatives are compared in little time', () => {
    const many = (folder: string): string =>
      `{ anyOf: [${Array.from({ length: 400 }, (_, index) => `{ under: ${folder}${index}, extension: [md, txt] }`).join()}] }`;
    const started = performance.now();
    expect(covers(claim('path', many('a')), claim('path', many('a')))).toBe(true);
    expect(covers(claim('path', many('a')), claim('path', many('b')))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
