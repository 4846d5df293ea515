/** The YAML, the document and the twin say the same, and say it again when read again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import type { Decision } from '../../src/domain/decision.ts';
import type { Json } from '../../src/domain/json.ts';
import { visibleLine } from '../../src/domain/visible-text.ts';
import { canonicalDocument, canonicalForm } from '../../src/policy/canonical-document.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { definePolicy } from '../../src/policy/define-policy.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { PolicyDocument } from '../../src/policy/policy-schema.ts';
import { policyYaml } from '../../src/policy/policy-yaml.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { tools } from '../../src/tools/index.ts';
import { argumentsOf, policySample, sampleTools } from './policy-samples.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import { NOTHING } from './support.ts';

const CASES = 200;
const example = readFileSync(join(__dirname, '../../examples/personal-assistant/policy.yaml'), 'utf8');

function documentOf(text: string): PolicyDocument {
  const reading = canonicalDocument(text);
  if (reading.kind === 'broken') throw new Error(JSON.stringify(reading.problems));
  return reading.document;
}

function treeOf(text: string): Json {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(`${JSON.stringify(source.problems)}\n${text}`);
  return source.value;
}

function policyOf(text: string, shapes: readonly ToolShape[] = sampleTools): Policy | undefined {
  const reading = parsePolicy(text, shapes);
  return reading.kind === 'policy' ? reading.policy : undefined;
}

describe('the twin of a file', () => {
  test('of the example, its rules about mail: the same rules, and so the same text', () => {
    const twin = definePolicy(tools, {
      version: 1,
      profiles: { assistant: { grant: ['send_email'], startable: true } },
      rules: [
        {
          id: 'mail-known',
          tool: 'send_email',
          ask: { to: { every: { anyOf: [{ oneOf: 'alice@partner.example' }, { domain: 'example.com' }] } } },
          except: { to: { some: { oneOf: 'reception@example.com' } } },
          approval: { by: ['owner'], expires: '4h' },
          why: 'Mail leaves the house under your name.',
          examples: {
            match: [{ to: ['alice@partner.example'], subject: 'Notes', body: 'Hello' }, { to: ['bob@example.com'] }],
            noMatch: [
              { to: ['bob@example.com.evil.example'] },
              { to: ['bob@mail.example.com'] },
              { to: ['alice@partner.example', 'mallory@evil.example'] },
              { to: ['bob@example.com'], bcc: ['mallory@evil.example'] },
            ],
          },
        },
        {
          id: 'mail-reception',
          tool: 'send_email',
          ask: { to: { every: { oneOf: ['reception@example.com'] } } },
          approval: { by: ['owner'], expires: '15s' },
          why: 'Reception acts on a message at once; one that is approved later is of no use.',
          examples: {
            match: [{ to: ['reception@example.com'] }],
            noMatch: [{ to: ['reception@example.com', 'bob@example.com'] }],
          },
        },
      ],
    });
    const rules = documentOf(example).rules.filter(({ id }) => id.startsWith('mail-'));
    expect(twin.document.rules).toEqual(rules);
    expect(twin.yaml).toBe(policyYaml({ ...twin.document, rules }));
  });

  test('of the example as a whole, without types', () => {
    const twin = definePolicy(tools, treeOf(example) as never);
    expect(twin.document).toEqual(documentOf(example));
    expect(twin.policy.documents.size).toBe(policyOf(example, tools)?.documents.size);
  });

  test('throws one error that names all that is wrong, each with its line', () => {
    const define = (): unknown =>
      definePolicy(tools, {
        version: 1,
        profiles: { all: { grant: [] } },
        rules: [
          { id: 'a', tool: 'read_file', ask: { path: { under: '../notes' } } },
          { id: 'a', tool: 'read_file', allow: { path: { under: 'notes' } }, examples: { match: [{ path: 'other' }] } },
        ],
      });
    expect(define).toThrow('The policy is broken.');
    expect(define).toThrow('nobody may approve this');
    expect(define).toThrow(
      /"\.\.\/notes" cannot stand in a rule.*\n {4}ask: \{ path: \{ under: \[ '\.\.\/notes' \] \} \}/,
    );
    expect(define).toThrow('two rules have the id "a"');
  });

  const rule = { id: 'r', tool: 'read_file', allow: { path: { under: 'notes' } } };
  const cyclic: Record<string, unknown> = {};
  cyclic['path'] = cyclic;

  test.each<[string, string, unknown]>([
    ['an exception that is undefined: the rule would be wider', 'rules[0].except', { ...rule, except: undefined }],
    ['a key of a matcher', 'rules[0].deny.path.glob', { ...rule, deny: { path: { under: 'a', glob: undefined } } }],
    ['an element of a list', 'rules[0].allow.path.under[1]', { ...rule, allow: { path: { under: ['a', undefined] } } }],
    ['a hole in a list', 'rules[0].tool[0]', { ...rule, tool: Object.assign([], { 1: 'read_file' }) }],
    ['a name in a list', 'rules[0].tool[except]', { ...rule, tool: Object.assign(['read_file'], { except: {} }) }],
    ['a function', 'rules[0].why', { ...rule, why: () => 'because' }],
    ['a symbol', 'rules[0].why', { ...rule, why: Symbol('because') }],
    ['a key that is a symbol', 'rules[0]', { ...rule, [Symbol('except')]: {} }],
    ['a big number', 'rules[0].approval.quorum', { ...rule, approval: { by: ['a'], quorum: 1n } }],
    ['no number', 'rules[0].approval.quorum', { ...rule, approval: { by: ['a'], quorum: Number.NaN } }],
    ['no end', 'rules[0].approval.quorum', { ...rule, approval: { by: ['a'], quorum: Infinity } }],
    ['a map', 'rules[0].except', { ...rule, except: new Map([['path', { any: true }]]) }],
    ['a set', 'rules[0].tool', { ...rule, tool: new Set(['read_file']) }],
    ['a date', 'rules[0].why', { ...rule, why: new Date(0) }],
    ['a text that is an object', 'rules[0].why', { ...rule, why: Object('because') as unknown }],
    ['an instance of a class', 'rules[0].except', { ...rule, except: new URL('https://h.example') }],
    ['what writes itself', 'rules[0].except.toJSON', { ...rule, except: { path: 'a', toJSON: () => ({}) } }],
    ['a key that is hidden', 'rules[0].deny', Object.defineProperty({ ...rule }, 'deny', { value: {} })],
    [
      'a key that is computed',
      'rules[0].why',
      Object.defineProperty({ ...rule }, 'why', { enumerable: true, get: () => 'x' }),
    ],
    ['what holds itself', 'rules[0].deny.path', { ...rule, deny: cyclic }],
  ])('what JSON cannot say is refused where it stands, not left out: %s', (_, place, one) => {
    const define = (): unknown =>
      definePolicy(tools, { version: 1, profiles: { all: { grant: [] } }, rules: [one] } as never);
    expect(define).toThrow(`${place}: `);
    expect(define).toThrow('cannot stand in a policy');
  });

  test('a limit that is no number is refused, and so is a whole that is none', () => {
    const limits = { turns: Number.NaN };
    expect(() => definePolicy(tools, { version: 1, profiles: { all: { grant: [] } }, rules: [], limits })).toThrow(
      'limits.turns: NaN cannot stand in a policy',
    );
    expect(() => definePolicy(tools, undefined as never)).toThrow('the policy: undefined cannot stand in a policy');
  });
});

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

describe('S2: policyYaml writes what is read back as the same', () => {
  const withTexts = (...texts: readonly string[]): PolicyDocument => ({
    version: 1,
    profiles: { all: { grant: [] } },
    rules: texts.map((why, index) => ({ id: `r${index}`, tool: ['a'], deny: {}, why })),
    tests: [
      { name: 't', call: { tool: 'a', input: Object.fromEntries(texts.map((text) => [text, text])) }, expect: 'deny' },
    ],
  });

  test.each([
    ...['no', 'No', 'y', 'off', 'null', '~', 'true', '1e3', '1', '0x1F', '0o7', '1_000', '.5', '.inf', '.nan', '-1'],
    ...[
      '2026-11-01',
      '12:30',
      '12:30:45',
      '4h',
      '5.00 EUR',
      '*',
      '*a',
      '&a',
      '!a',
      '!!str',
      '#x',
      'a #x',
      'a: b',
      'a:',
    ],
    ...[
      '- a',
      '-',
      '?',
      '? a',
      '|',
      '>',
      '%YAML',
      '@a',
      '`a',
      '[a]',
      '{a}',
      'a, b',
      "it's",
      "'",
      '"',
      '\\',
      '\\n',
      '=',
    ],
    ...['', ' ', 'a ', ' a', 'a\nb', 'a\n\n  b\n', '\n', '\r', '\r\n', '\t', 'a\tb', '---', '...', '--- a', '# a\n%b'],
    ...[
      '\u{1F600}',
      '\u{1F468}\u200d\u{1F469}',
      'é',
      'e\u0301',
      '\u202egnp',
      '\ufeff',
      '\u2028',
      '\u0085',
      '\u00a0',
      '\0',
      '\x7f',
    ],
    ...[...'\u3164\u2800\u115f\u034f\ufe0f\u2003\u180e\u3000\uffa0'].map((blank) => `a${blank}b`),
    ...['e1', 'E1', 'e+1', 'e-01', 'e1_0', '1e1', '1e+1', '1.5e3', '.1', '+.5', '1_0.5'],
    ...['\ud800', '\u{E0041}', '\u{10FFFF}', '\ufffe', 'x'.repeat(5000), 'word '.repeat(1000)],
  ])('%j', (text) => {
    const document = withTexts(text);
    const yaml = policyYaml(document);
    expect(treeOf(yaml)).toEqual(document);
    // What nobody sees is escaped, and a text is one line: what is reviewed is what is loaded.
    expect(visibleLine(yaml.replaceAll('\n', ' '))).toBe(yaml.replaceAll('\n', ' '));
    expect(yaml.split('\n').every((line) => line === '' || /^ *(- )?['"\w$?]|^ *: |^ *(- )?\{/.test(line))).toBe(true);
  });

  test('the key that merges maps in other YAML is refused when it is read; as a text it stays', () => {
    const [, rule] = withTexts('', '<<').rules;
    expect(treeOf(policyYaml({ version: 1, profiles: {}, rules: rule === undefined ? [] : [rule] }))).toMatchObject({
      rules: [{ why: '<<' }],
    });
    expect(readYaml(policyYaml(withTexts('<<')))).toMatchObject({ kind: 'broken' });
  });

  test('a version of YAML in which "no" is a boolean reads the same texts', () => {
    const texts = ['no', 'on', 'y', '1_000', '12:30:45', '2026-11-01', '=', '0777', 'null', 'Yes', 'e1', 'E+1', '1e1'];
    const yaml = policyYaml(withTexts(...texts));
    const rules = parse(yaml, { version: '1.1' }) as PolicyDocument;
    expect(rules.rules.map(({ why }) => why)).toEqual(texts);
    for (const line of yaml.split('\n').filter((one) => one.includes('why: '))) expect(line).toMatch(/why: '.*'$/);
  });

  test('any text and any JSON', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (some, value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor|prototype|<<)":/.test(text) && !some.includes('__proto__'));
        const { tests = [], ...rest } = withTexts(...some.filter((one) => !/^(constructor|prototype|<<)$/.test(one)));
        const call = { tool: 'a', input: { value: JSON.parse(text) as never } };
        const document: PolicyDocument = { ...rest, tests: [...tests, { name: 'json', call, expect: 'deny' }] };
        expect(treeOf(policyYaml(document))).toEqual(document);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('values that are the same object are written twice, not as an anchor', () => {
    const approval = { by: ['owner'] };
    const { yaml } = definePolicy(tools, {
      version: 1,
      profiles: { all: { grant: [] } },
      approval,
      rules: [{ id: 'r', tool: 'read_file', ask: { path: { any: true } }, approval }],
    });
    expect(yaml).not.toContain('&');
    expect(policyYaml({ version: 1, profiles: {}, rules: [], approval, tests: [], limits: {} })).toContain(
      'by: [ owner ]',
    );
  });
});

describe('round trips, over seeded files', () => {
  const loading = Array.from({ length: CASES }, (_, seed) => ({
    seed,
    text: JSON.stringify(policySample(seeded(seed))),
  }))
    .map((one) => ({ ...one, policy: policyOf(one.text) }))
    .flatMap(({ policy, ...rest }) => (policy === undefined ? [] : [{ ...rest, policy }]));

  /** About actions that the rules speak of; few match all that is said, so many are tried. */
  const decisions = (policy: Policy, random: Seeded): readonly Decision[] =>
    Array.from({ length: 30 }, () => {
      const tool = random.pick(sampleTools as readonly [ToolShape, ...ToolShape[]]);
      const clause = policy.clauses[random.number(Math.max(1, policy.clauses.length))];
      const named = Object.keys(clause?.spec.matchers ?? {});
      const asked = random.number(4) === 0 ? tool : (sampleTools.find(({ name }) => name === clause?.tool) ?? tool);
      const args = asked.name === 'everything' ? argumentsOf(random, named) : {};
      const standing = { ...NOTHING, labels: random.pick([[], ['untrusted', 'on']]) };
      const profile = random.pick(['base', 'more']);
      return decideAction(policy, { tool: asked, profile, args, actionKey: 'key', standing });
    });

  test('enough of them load, and decide in each way', () => {
    expect(loading.length).toBeGreaterThan(CASES / 3);
    const kinds = loading.flatMap(({ seed, policy }) => decisions(policy, seeded(seed)).map(({ kind }) => kind));
    for (const kind of ['allow', 'ask', 'deny'])
      expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(kinds.length / 50);
  });

  test('YAML to document to YAML: the same document, the same text, the same decisions', () => {
    for (const { seed, text, policy } of loading) {
      const document = documentOf(text);
      const yaml = policyYaml(document);
      expect({ seed, document: treeOf(yaml) }).toEqual({ seed, document });
      expect({ seed, yaml: policyYaml(documentOf(yaml)) }).toEqual({ seed, yaml });
      const again = policyOf(yaml);
      if (again === undefined) throw new Error(`seed ${seed}: the canonical text does not load`);
      expect({ seed, said: decisions(again, seeded(seed)) }).toEqual({ seed, said: decisions(policy, seeded(seed)) });
    }
  });

  test('the twin emits the text of the file', () => {
    for (const { seed, text } of loading) {
      const twin = definePolicy(sampleTools, JSON.parse(text) as never);
      expect({ seed, yaml: twin.yaml }).toEqual({ seed, yaml: policyYaml(documentOf(text)) });
    }
  });
});
