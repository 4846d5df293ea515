/** The JSON Schema for editors: never stricter than the loader. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { isRecord } from '../../src/domain/json.ts';
import { canonicalDocument } from '../../src/policy/canonical-document.ts';
import { policyJsonSchema } from '../../src/policy/json-schema/policy-json-schema.ts';
import { schemaText } from '../../src/policy/json-schema/schema-text.ts';
import { tools } from '../../src/tools/index.ts';
import { examplePolicy, exampleTools } from '../support/example.ts';
import { policySample, sampleTools } from './policy-samples.ts';
import { seeded } from './seeded.ts';
import { file, isValid, loads, validatorFor, valueOf } from './schema-files.ts';

describe('the published schema', () => {
  const published = readFileSync(join(__dirname, '../../docs/policy.schema.json'), 'utf8');

  test('docs/policy.schema.json is that of the tools there are: else "countersign policy schema > docs/policy.schema.json"', () => {
    expect(published).toBe(`${schemaText(policyJsonSchema(tools))}\n`);
    expect(JSON.parse(published)).toEqual(policyJsonSchema(tools));
  });

  test('every key of the file and of every matcher has its words', () => {
    const silent: string[] = [];
    // Most of the sample tools say nothing of themselves; those of the product do.
    const isNamed = (place: string): boolean => !/\/(actions|sameAction)\//.test(place);
    const look = (node: unknown, place: string): void => {
      if (Array.isArray(node)) node.forEach((item) => look(item, place));
      if (!isRecord(node)) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'if' || key === 'then') continue;
        if (key === 'properties' && isRecord(value)) {
          for (const [name, schema] of Object.entries(value))
            if (isRecord(schema) && typeof schema['description'] !== 'string') silent.push(`${place}/${name}`);
        }
        look(value, `${place}/${key}`);
      }
    };
    look(policyJsonSchema(sampleTools), '');
    expect(silent.filter(isNamed)).toEqual([]);
    silent.splice(0);
    look(policyJsonSchema(tools), '');
    expect(silent).toEqual([]);
  });

  test('a deployment without tools, and one without amounts, have one too', () => {
    for (const shapes of [[], tools])
      expect(validatorFor(shapes)(valueOf('{ version: 1, profiles: { all: { grant: [] } }, rules: [] }'))).toBe(true);
    expect(validatorFor([])(valueOf(file(['{ id: r, tool: read_file, deny: {} }'])))).toBe(false);
  });

  test('the example policy is valid, in its own and in its canonical form', () => {
    const text = examplePolicy();
    const validate = validatorFor([...tools, ...exampleTools()]);
    validate(valueOf(text));
    expect(validate.errors).toBe(null);
    const reading = canonicalDocument(text);
    validate(reading.kind === 'document' ? reading.document : null);
    expect(validate.errors).toBe(null);
  });
});

describe('what loads is valid', () => {
  test.each<[string, string]>([
    ['no rules', file([])],
    ['a schema of its own', file([], '$schema: ./policy.schema.json')],
    ['one tool', file(['{ id: r, tool: read_file, allow: { path: { under: notes } } }'])],
    ['several', file(['{ id: r, tool: [read_file, list_files], ask: { path: { under: [notes, drafts] } } }'])],
    ['a denial of all', file(['{ id: r, tool: "*", deny: {} }'])],
    ['a denial of all among others', file(['{ id: r, tool: [read_file, "*"], deny: {}, why: so }'])],
    ['nothing said of arguments', file(['{ id: r, tool: bell, allow: {} }'])],
    ['two parts', file(['{ id: r, tool: read_file, allow: { path: { is: a } }, deny: { path: { is: b } } }'])],
    ['any', file(['{ id: r, tool: http_request, allow: { url: { any: true }, method: { any: true } } }'])],
    [
      'a URL',
      file(['{ id: r, tool: http_request, allow: { url: { origin: "https://h.example", path: / }, method: [GET] } }']),
    ],
    [
      'alternative URLs',
      file([
        '{ id: r, tool: http_request, ask: { url: { anyOf: [{ origin: "https://h.example", path: [/a] }, { any: true }] }, method: [GET] } }',
      ]),
    ],
    [
      'alternatives beside a query',
      file([
        '{ id: r, tool: http_request, ask: { url: { query: any, anyOf: [{ origin: "https://h.example", path: /a }] }, method: [GET] } }',
      ]),
    ],
    ['a method without a list', file(['{ id: r, tool: http_request, ask: { url: { any: true }, method: GET } }'])],
    ['a number without a list', file(['{ id: r, tool: everything, ask: { number: 5 } }'])],
    ['a denial of a query', file(['{ id: r, tool: http_request, deny: { url: { query: { has: [token] } } } }'])],
    [
      'a denial with an open exception',
      file(['{ id: r, tool: http_request, deny: {}, except: { url: { origin: "https://h.example", path: / } } }']),
    ],
    [
      'an exception that closes',
      file([
        '{ id: r, tool: http_request, ask: { url: { any: true }, method: [GET] }, except: [{ url: { path: /admin } }] }',
      ]),
    ],
    [
      'headers',
      file([
        '{ id: r, tool: http_request, ask: { url: { any: true }, method: [GET], headers: { only: accept, values: { accept: a } } } }',
      ]),
    ],
    [
      'a list',
      file([
        '{ id: r, tool: send_email, ask: { to: { every: { domain: a.example }, some: { oneOf: b@a.example }, max: 3 } } }',
      ]),
    ],
    ['an approval', file(['{ id: r, tool: bell, ask: {}, approval: { by: [a, b], expires: 999999s, quorum: 1 } }'])],
    [
      'examples of two tools',
      file([
        '{ id: r, tool: [read_file, delete_files], deny: {}, examples: { match: [{ path: a }, { paths: [a] }] } }',
      ]),
    ],
    [
      'a sum',
      file([], 'limits: { sums: [{ id: s, tool: [mover, lender], argument: money, max: 5.00 EUR, per: session }] }'),
    ],
    ['a sum of numbers', file([], 'limits: { sums: [{ id: s, tool: mover, argument: number, max: 2.5 }] }')],
    [
      'flows with labels of the file',
      file([], 'flows: { labels: { x: [bell] }, rules: [{ id: f, when: [x, untrusted], tool: bell, then: deny }] }'),
    ],
    [
      'a test of an input that the tool refuses',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bell, input: { what: [1] } }, expect: invalid }]'),
    ],
    [
      'profiles that extend',
      '{ version: 1, profiles: { a: { grant: [] }, b: { extends: a, within: a, startable: false } }, rules: [] }',
    ],
    [
      'prices',
      file([], 'prices: { m: { asOf: "2028-02-29", input: 0, cacheWrite: 0.5, cacheRead: 1e1, output: 10000 } }'),
    ],
  ])('%s', (_, text) => {
    expect(loads(text)).toBe(true);
    isValid(valueOf(text));
    expect(isValid.errors).toBe(null);
  });

  test('over seeded files', () => {
    let loaded = 0;
    for (let seed = 0; seed < 500; seed += 1) {
      const sample: JsonObject = policySample(seeded(seed));
      if (!loads(JSON.stringify(sample))) continue;
      loaded += 1;
      isValid(sample);
      expect({ seed, errors: isValid.errors }).toEqual({ seed, errors: null });
    }
    expect(loaded).toBeGreaterThan(150);
  });
});
