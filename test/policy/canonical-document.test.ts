/** Spellings that mean the same are the same document. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../src/domain/json.ts';
import { canonicalDocument, canonicalForm } from '../../src/policy/canonical-document.ts';
import { policyYaml } from '../../src/policy/policy-yaml.ts';
import { documentOf } from './policy-texts.ts';

describe('spellings that mean the same have one canonical form', () => {
  const around = (rule: string, more = ''): string =>
    `{ version: 1, profiles: { all: { grant: [] } }, rules: [{ id: r, ${rule} }]${more} }`;

  test.each<[string, string, string]>([
    ['one tool', around('tool: read_file, deny: {}'), around('tool: [read_file], deny: {}')],
    [
      'one exception',
      around('tool: a, deny: {}, except: { x: { is: a } }'),
      around('tool: a, deny: {}, except: [{ x: { is: [a] } }]'),
    ],
    ['one folder', around('tool: a, deny: { x: { under: a } }'), around('tool: a, deny: { x: { under: [a] } }')],
    [
      'in a list',
      around('tool: a, deny: { x: { every: { is: a } } }'),
      around('tool: a, deny: { x: { every: { is: [a] } } }'),
    ],
    [
      'alternatives',
      around('tool: a, deny: { x: { anyOf: [{ is: a }, [GET]] } }'),
      around('tool: a, deny: { x: { anyOf: [{ is: [a] }, { oneOf: [GET] }] } }'),
    ],
    ['methods', around('tool: a, deny: { x: [GET] }'), around('tool: a, deny: { x: { oneOf: GET } }')],
    ['one method', around('tool: a, deny: { x: GET }'), around('tool: a, deny: { x: [GET] }')],
    [
      'one of many methods',
      around('tool: a, deny: { x: { some: GET } }'),
      around('tool: a, deny: { x: { some: [GET] } }'),
    ],
    ['a number', around('tool: a, deny: { x: 5 }'), around('tool: a, deny: { x: [5] }')],
    ['one number', around('tool: a, deny: { x: { oneOf: 5 } }'), around('tool: a, deny: { x: [5] }')],
    ['one amount', around('tool: a, deny: { x: { max: 5 EUR } }'), around('tool: a, deny: { x: { max: [5 EUR] } }')],
    [
      'parameters',
      around('tool: a, deny: { x: { query: { only: q, has: q } } }'),
      around('tool: a, deny: { x: { query: { has: [q], only: [q] } } }'),
    ],
    [
      'their values',
      around('tool: a, deny: { x: { query: { only: { q: a, z: any } } } }'),
      around('tool: a, deny: { x: { query: { only: { q: [a], z: any } } } }'),
    ],
    [
      'of headers',
      around('tool: a, deny: { x: { values: { accept: a } } }'),
      around('tool: a, deny: { x: { values: { accept: [a] } } }'),
    ],
    [
      'a count',
      around('tool: a, deny: {}', ', limits: { actions: { a: { max: 5 } } }'),
      around('tool: a, deny: {}', ', limits: { actions: { a: 5 } }'),
    ],
    [
      'of a sum',
      around('tool: a, deny: {}', ', limits: { sums: [{ id: s, tool: a, argument: x, max: 5 }] }'),
      around('tool: a, deny: {}', ', limits: { sums: [{ id: s, tool: [a], argument: x, max: 5 }] }'),
    ],
    [
      'of a flow',
      around('tool: a, deny: {}', ', flows: { rules: [{ id: f, when: [x], tool: a, then: ask }] }'),
      around('tool: a, deny: {}', ', flows: { rules: [{ id: f, when: [x], tool: [a], then: ask }] }'),
    ],
    [
      'keys in another order',
      around('tool: a, why: w, deny: {}'),
      '{ rules: [{ why: w, deny: {}, tool: a, id: r }], version: 1, profiles: { all: { grant: [] } } }',
    ],
  ])('%s', (_, one, other) => {
    expect(policyYaml(documentOf(other))).toBe(policyYaml(documentOf(one)));
  });

  test('a parameter with any value is not one whose value is "any"', () => {
    const only = (values: string): string =>
      policyYaml(documentOf(around(`tool: a, deny: { x: { query: { only: { q: ${values} } } } }`)));
    expect(only('any')).not.toBe(only('[any]'));
  });

  test('other words, amounts and orders of lists are kept: they are what a person wrote', () => {
    const text = around(
      'tool: [b, a], deny: { x: { max: 50 EUR, domain: [B.example, a.example] } }',
      ', limits: { wallTime: 60m }',
    );
    expect(documentOf(text)).toMatchObject({
      rules: [{ tool: ['b', 'a'], deny: { x: { max: ['50 EUR'], domain: ['B.example', 'a.example'] } } }],
      limits: { wallTime: '60m' },
    });
  });

  test('S2: the canonical form of anything is total', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const form = canonicalForm(value as Json);
        expect(canonicalForm(form)).toEqual(form);
      }),
      { numRuns: 500, seed: 1 },
    );
    for (const key of ['constructor', '__proto__', 'toString'])
      expect(canonicalForm(JSON.parse(`{ "rules": [{ "${key}": "a" }] }`) as Json)).toEqual({
        rules: [JSON.parse(`{ "${key}": "a" }`)],
      });
  });

  test('a file of another shape is told with its line', () => {
    expect(canonicalDocument('version: 2\nprofiles: {}\nrules: []')).toMatchObject({
      kind: 'broken',
      problems: [{ line: 1, message: 'this version of countersign reads policy version 1' }],
    });
    expect(canonicalDocument('a: &x 1')).toMatchObject({ kind: 'broken' });
  });
});
