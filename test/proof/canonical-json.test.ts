import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/proof/canonical-json.ts';

describe('canonical JSON (RFC 8785)', () => {
  test('the example of RFC 8785 section 3.2.3 sorts keys by UTF-16 code units', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const value = Object.fromEntries(keys.map((key) => [key, 'x']));
    expect(canonicalJson(value)).toBe(
      `{"\\r":"x","1":"x","\u0080":"x","\u00f6":"x","\u20ac":"x","\ud83d\ude00":"x","\ufb33":"x"}`,
    );
  });

  test.each<[Json, string]>([
    [333333333.33333329, '333333333.3333333'],
    [1e30, '1e+30'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [1e-27, '1e-27'],
    [-0, '0'],
    ['€$\u000f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'],
    [[1, [2, { b: 1, a: null }]], '[1,[2,{"a":null,"b":1}]]'],
  ])('%j is written %s', (value, written) => {
    expect(canonicalJson(value)).toBe(written);
  });

  test.each([
    ['a lone surrogate', '\ud800'],
    ['NaN', Number.NaN],
    ['infinity', Infinity],
    ['undefined inside', { a: undefined }],
  ])('S4: %s has no canonical form and throws instead of meaning something else', (_, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(/no canonical JSON/);
  });

  test('S4: a key named __proto__ is a member like any other', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}') as Json)).toBe('{"__proto__":1,"a":2}');
  });
});
