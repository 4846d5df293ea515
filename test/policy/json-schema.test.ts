/** The JSON Schema for editors: never stricter than the loader, and strict where it can be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { isRecord } from '../../src/domain/json.ts';
import { canonicalDocument } from '../../src/policy/canonical-document.ts';
import { policyJsonSchema } from '../../src/policy/json-schema/policy-json-schema.ts';
import { schemaText } from '../../src/policy/json-schema/schema-text.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { tools } from '../../src/tools/index.ts';
import { policySample, sampleTools } from './policy-samples.ts';
import { seeded } from './seeded.ts';

function validatorFor(shapes: readonly ToolShape[]): ValidateFunction {
  // Strict: an unknown keyword, a typing error in the schema itself, is one.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, formats: { date: true } });
  return ajv.compile(policyJsonSchema(shapes));
}

const isValid = validatorFor(sampleTools);

function valueOf(text: string): Json {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(JSON.stringify(source.problems));
  return source.value;
}

function file(rules: readonly string[], more = ''): string {
  return [
    'version: 1',
    'profiles: { all: { grant: [read_files, delete_data, send_email, make_api_calls, run_code, publish], startable: true } }',
    'approval: { by: [owner] }',
    more,
    `rules: [${rules.join(', ')}]`,
  ].join('\n');
}

function loads(text: string): boolean {
  return parsePolicy(text, sampleTools).kind === 'policy';
}

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
    const text = readFileSync(join(__dirname, '../../examples/personal-assistant/policy.yaml'), 'utf8');
    const validate = validatorFor(tools);
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

describe('what an editor can tell to be wrong is invalid, and does not load', () => {
  test.each<[string, string]>([
    ['no version', '{ profiles: {}, rules: [] }'],
    ['another version', '{ version: 2, profiles: {}, rules: [] }'],
    ['a key that files have not', file([], 'grants: {}')],
    ['a rule without parts', file(['{ id: r, tool: read_file }'])],
    ['a tool that there is not', file(['{ id: r, tool: reed_file, allow: {} }'])],
    ['one such tool among others', file(['{ id: r, tool: [read_file, reed_file], allow: {} }'])],
    ['no tools', file(['{ id: r, tool: [], allow: {} }'])],
    ['an argument that the tool has not', file(['{ id: r, tool: read_file, allow: { paths: { is: a } } }'])],
    [
      'an argument that not all of the tools have',
      file(['{ id: r, tool: [read_file, delete_files], allow: { path: { is: a } } }']),
    ],
    ['such an argument in an exception', file(['{ id: r, tool: read_file, allow: {}, except: { paths: { is: a } } }'])],
    [
      'such an argument in one of several exceptions',
      file(['{ id: r, tool: read_file, allow: {}, except: [{ path: { is: a } }, { paths: { is: a } }] }']),
    ],
    ['an empty exception', file(['{ id: r, tool: read_file, allow: {}, except: {} }'])],
    ['a matcher of another kind', file(['{ id: r, tool: read_file, allow: { path: { domain: a.example } } }'])],
    [
      'a matcher of another kind among alternatives',
      file(['{ id: r, tool: read_file, allow: { path: { anyOf: [{ domain: a.example }] } } }']),
    ],
    ['an empty matcher', file(['{ id: r, tool: read_file, allow: { path: {} } }'])],
    ['a text for a matcher', file(['{ id: r, tool: read_file, allow: { path: notes } }'])],
    ['a number for a text', file(['{ id: r, tool: read_file, allow: { path: { is: 1 } } }'])],
    ['an empty list', file(['{ id: r, tool: read_file, allow: { path: { is: [] } } }'])],
    ['any beside other keys', file(['{ id: r, tool: read_file, allow: { path: { any: true, is: a } } }'])],
    ['any that is not true', file(['{ id: r, tool: read_file, allow: { path: { any: false } } }'])],
    ['a list without every or some', file(['{ id: r, tool: send_email, ask: { to: { domain: a.example } } }'])],
    ['a list that opens by some', file(['{ id: r, tool: send_email, ask: { to: { some: { domain: a.example } } } }'])],
    ['a list that opens by max', file(['{ id: r, tool: send_email, ask: { to: { max: 3 } } }'])],
    ['every where there is no list', file(['{ id: r, tool: read_file, allow: { path: { every: { is: a } } } }'])],
    ['to allow every tool', file(['{ id: r, tool: "*", allow: {} }'])],
    ['to ask for every tool, in a list', file(['{ id: r, tool: [read_file, "*"], ask: {} }'])],
    ['arguments of every tool', file(['{ id: r, tool: "*", deny: { path: { is: a } } }'])],
    ['an exception for every tool', file(['{ id: r, tool: "*", deny: {}, except: { path: { is: a } } }'])],
    ['a method that there is not', file(['{ id: r, tool: http_request, ask: { method: [get] } }'])],
    [
      'an open URL without its path',
      file(['{ id: r, tool: http_request, allow: { url: { origin: "https://h.example" } } }']),
    ],
    [
      'an open query that says only what it has',
      file([
        '{ id: r, tool: http_request, allow: { url: { origin: "https://h.example", path: /, query: { has: q } } } }',
      ]),
    ],
    ['a header that calls may not set', file(['{ id: r, tool: http_request, ask: { headers: { only: [cookie] } } }'])],
    ['values of such a header', file(['{ id: r, tool: http_request, deny: { headers: { values: { cookie: a } } } }'])],
    ['an amount without currency', file(['{ id: r, tool: everything, ask: { money: { max: "50" } } }'])],
    ['a number for an amount', file(['{ id: r, tool: everything, ask: { money: { max: 50 } } }'])],
    ['a text for a number', file(['{ id: r, tool: everything, ask: { number: { max: "50" } } }'])],
    ['a text for a flag', file(['{ id: r, tool: everything, ask: { flag: { is: "true" } } }'])],
    ['an approval without an ask', file(['{ id: r, tool: read_file, allow: {}, approval: { by: [owner] } }'])],
    ['one approver without a list', file([], 'approval: { by: owner }').replace('approval: { by: [owner] }\n', '')],
    ['a duration without its unit', file(['{ id: r, tool: bell, ask: {}, approval: { by: [owner], expires: 30 } }'])],
    ['a permission that there is not', '{ version: 1, profiles: { a: { grant: [fly] } }, rules: [] }'],
    ['a profile that says nothing', '{ version: 1, profiles: { a: { startable: true } }, rules: [] }'],
    ['a name in upper case', '{ version: 1, profiles: { A: { grant: [] } }, rules: [] }'],
    ['a limit of a tool that there is not', file([], 'limits: { actions: { bel: 1 } }')],
    ['a limit below nothing', file([], 'limits: { turns: -1 }')],
    ['more asks than there may be', file([], 'limits: { asks: 21 }')],
    ['a cost in another currency', file([], 'limits: { cost: 5 EUR }')],
    [
      'a sum of what cannot be added up',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: text, max: 1 }] }'),
    ],
    ['a sum of lists', file([], 'limits: { sums: [{ id: s, tool: mover, argument: moneys, max: 5 EUR }] }')],
    [
      'a sum of a tool with nothing to add up',
      file([], 'limits: { sums: [{ id: s, tool: bell, argument: money, max: 5 EUR }] }'),
    ],
    [
      'a number as the limit of amounts',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: money, max: 5 }] }'),
    ],
    [
      'an amount as the limit of numbers',
      file([], 'limits: { sums: [{ id: s, tool: mover, argument: number, max: 5 EUR }] }'),
    ],
    [
      'a sum that one of two tools has not',
      file([], 'limits: { sums: [{ id: s, tool: [mover, lender], argument: number, max: 5 }] }'),
    ],
    [
      'a flow to a tool that there is not',
      file([], 'flows: { rules: [{ id: f, when: [untrusted], tool: bel, then: deny }] }'),
    ],
    ['a flow that allows', file([], 'flows: { rules: [{ id: f, when: [untrusted], tool: bell, then: allow }] }')],
    ['a label for a tool that there is not', file([], 'flows: { labels: { x: [bel] }, rules: [] }')],
    [
      'a test of a tool that there is not',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bel, input: {} }, expect: deny }]'),
    ],
    [
      'a test that expects what is no decision',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bell, input: {} }, expect: { denied: r } }]'),
    ],
    [
      'a test with two decisions',
      file([], 'tests: [{ name: t, profile: all, call: { tool: bell, input: {} }, expect: { ask: r, deny: r } }]'),
    ],
    [
      'a day that there is not',
      file([], 'prices: { m: { asOf: "2026-02-29", input: 0, cacheWrite: 0, cacheRead: 1, output: 1 } }'),
    ],
    ['an example that is no map', file(['{ id: r, tool: bell, deny: {}, examples: { noMatch: [a] } }'])],
  ])('%s', (_, text) => {
    expect(loads(text)).toBe(false);
    expect(isValid(valueOf(text))).toBe(false);
  });

  test('the loader alone knows what needs more than one look', () => {
    for (const text of [
      file(['{ id: r, tool: bell, deny: {}, profiles: [nobody] }']),
      file(['{ id: r, tool: read_file, allow: { path: { under: ../a } } }']),
      file(['{ id: r, tool: bell, deny: {} }', '{ id: r, tool: bell, deny: {} }']),
      file([], 'flows: { rules: [{ id: f, when: [nothing], tool: bell, then: deny }] }'),
    ]) {
      expect(loads(text)).toBe(false);
      expect(isValid(valueOf(text))).toBe(true);
    }
  });
});
