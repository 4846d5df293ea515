/** The YAML, the document and the twin say the same, and say it again when read again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../src/domain/decision.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { policyYaml } from '../../src/policy/policy-yaml.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { tools } from '../../src/tools/index.ts';
import { argumentsOf, policySample, sampleTools } from './policy-samples.ts';
import type { Seeded } from './seeded.ts';
import { exampleTools } from '../support/example.ts';
import { seeded } from './seeded.ts';
import { NOTHING } from './support.ts';
import { documentOf, policyOf, treeOf } from './policy-texts.ts';

const CASES = 200;
const example = readFileSync(join(__dirname, '../../examples/personal-assistant/policy.yaml'), 'utf8');

describe('the twin of a file', () => {
  test('of the example, its rules about mail: the same rules, and so the same text', () => {
    const twin = definePolicy(tools, {
      version: 1,
      profiles: { assistant: { grant: ['send_email'], startable: true } },
      rules: [
        {
          id: 'mail-known',
          tool: 'send_email',
          ask: {
            to: { every: { anyOf: [{ oneOf: 'alice@partner.example' }, { domain: 'example.com' }] } },
            attachments: { every: { under: ['notes', 'drafts'] }, max: 3, optional: true },
          },
          except: [
            { to: { some: { oneOf: 'reception@example.com' } } },
            { attachments: { some: { glob: ['**/.env*', '**/.env*/**'] } } },
          ],
          approval: { by: ['owner'], expires: '4h' },
          why: 'Mail leaves the house under your name.',
          examples: {
            match: [
              { to: ['alice@partner.example'], subject: 'Notes', body: 'Hello' },
              { to: ['bob@example.com'] },
              { to: ['bob@example.com'], attachments: ['notes/meeting.md'] },
            ],
            noMatch: [
              { to: ['bob@example.com'], attachments: ['notes/.env'] },
              { to: ['bob@example.com'], reply_to: 'mallory@evil.example' },
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
    const known = [...tools, ...exampleTools()];
    const twin = definePolicy(known, treeOf(example) as never);
    expect(twin.document).toEqual(documentOf(example));
    expect(twin.policy.documents.size).toBe(policyOf(example, known)?.documents.size);
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
