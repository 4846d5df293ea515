/** Properties of the evaluator, over policies and actions that fast-check makes; a failing case prints its seed. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { givenArguments, matches, missOf } from '../../src/policy/clauses.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { explainAction } from '../../src/policy/explain.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { argumentsSchema, parseArguments } from '../../src/policy/kinds/parse-arguments.ts';
import type { Document } from './arbitraries.ts';
import { KINDS, compiled, documentOf, factsOf, ruleOf } from './arbitraries.ts';
import { moreShapes } from './more-shapes.ts';
import { shapes } from './shapes.ts';
import { fileWith } from './support.ts';

// The same cases each time: a run that fails can be repeated, and none fails by bad luck.
fc.configureGlobal({ seed: 20_261_125 });

const STRENGTH = { deny: 0, ask: 1, allow: 2 } as const;

const rulesOf = (document: Document): readonly Document[] => document['rules'] as readonly Document[];
const withRule = (document: Document, rule: Document, id = 'zz'): Document => ({
  ...document,
  rules: [...rulesOf(document), { id, ...rule }],
});
const at = (document: Document, key: string): Document => document[key] as Document;

describe('the evaluator', () => {
  test('the cases are of every kind, so that the properties below are about something', () => {
    const seen = new Map<string, number>();
    for (const [document, facts] of fc.sample(fc.tuple(documentOf, factsOf), { seed: 7, numRuns: 600 })) {
      const { kind } = decideAction(compiled(document), facts);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    for (const kind of KINDS) expect(seen.get(kind) ?? 0).toBeGreaterThan(15);
  });

  test('S3: the order of rules and flows changes neither the decision nor what is said', () => {
    const shuffled = documentOf.chain((document) => {
      const rules = [...rulesOf(document)];
      const flows = [...(at(document, 'flows')['rules'] as readonly Json[])];
      const whole = (list: readonly Json[]): fc.Arbitrary<Json[]> =>
        fc.shuffledSubarray([...list], { minLength: list.length });
      return fc
        .tuple(whole(rules), whole(flows))
        .map(([a, b]): [Document, Document] => [
          document,
          { ...document, rules: a, flows: { ...at(document, 'flows'), rules: b } },
        ]);
    });
    fc.assert(
      fc.property(shuffled, factsOf, ([one, other], facts) => {
        expect(decideAction(compiled(other), facts)).toEqual(decideAction(compiled(one), facts));
      }),
    );
  });

  /** What makes a policy narrower, or leaves it as it is. */
  const narrowings: readonly (readonly [string, fc.Arbitrary<(document: Document) => Document>])[] = [
    ['adding a denial', ruleOf(['deny']).map((rule) => (document) => withRule(document, rule))],
    [
      'taking a rule away that allows',
      fc.nat({ max: 8 }).map((index) => (document) => ({
        ...document,
        rules: rulesOf(document).filter((rule, position) => position !== index || rule['allow'] === undefined),
      })),
    ],
    [
      'taking permissions from a profile',
      fc.constantFrom('base', 'more', 'other').map((name) => (document) => ({
        ...document,
        profiles: { ...at(document, 'profiles'), [name]: { ...at(at(document, 'profiles'), name), grant: [] } },
      })),
    ],
    [
      'adding a limit or lowering it to nothing',
      fc.constant((document) => ({
        ...document,
        limits: {
          actions: { read_file: 0, delete_files: 0 },
          sameAction: { send_email: 0 },
          sums: [{ id: 'spend', tool: 'buy', argument: 'price', max: '0 EUR' }],
        },
      })),
    ],
    [
      'adding a flow rule',
      fc.constantFrom('ask', 'deny').map((then) => (document) => ({
        ...document,
        flows: {
          ...at(document, 'flows'),
          rules: [
            ...(at(document, 'flows')['rules'] as readonly Json[]),
            { id: 'zz', when: ['private'], tool: ['read_file', 'buy'], then },
          ],
        },
      })),
    ],
    [
      'turning an allow into an ask',
      fc.nat({ max: 8 }).map((index) => (document) => ({
        ...document,
        rules: rulesOf(document).map((rule, position) => {
          const { allow, ...rest } = rule;
          return position === index && allow !== undefined ? { ...rest, ask: allow } : rule;
        }),
      })),
    ],
    [
      'an exception to an allow that had none',
      fc.nat({ max: 8 }).map((index) => (document) => ({
        ...document,
        rules: rulesOf(document).map((rule, position) => {
          const { allow, except } = rule;
          return position === index && allow !== undefined && except === undefined ? { ...rule, except: allow } : rule;
        }),
      })),
    ],
  ];

  test.each(narrowings)('S3: %s never widens', (_, narrowing) => {
    let changed = 0;
    fc.assert(
      fc.property(documentOf, narrowing, factsOf, (document, narrow, facts) => {
        const before = STRENGTH[decideAction(compiled(document), facts).kind];
        const after = STRENGTH[decideAction(compiled(narrow(document)), facts).kind];
        if (after < before) changed += 1;
        expect(after).toBeLessThanOrEqual(before);
      }),
      { numRuns: 700 },
    );
    expect(changed).toBeGreaterThan(0);
  });

  test('S2: spending, repeating or seeing more never widens', () => {
    fc.assert(
      fc.property(documentOf, factsOf, fc.nat({ max: 2000 }), (document, facts, more) => {
        const policy = compiled(document);
        const { actions, same, sums } = facts.standing;
        const later = {
          actions: { ...actions, read_file: (actions['read_file'] ?? 0) + more },
          same: same === null ? null : { key: (same['key'] ?? 0) + more },
          sums: { 'buy.price EUR': (sums['buy.price EUR'] ?? 0) + more },
          labels: ['private', 'untrusted'],
          unknownTools: ['buy', 'send_email'],
          grants: [],
        };
        const before = STRENGTH[decideAction(policy, facts).kind];
        expect(STRENGTH[decideAction(policy, { ...facts, standing: later }).kind]).toBeLessThanOrEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  test('a profile that extends another is allowed no less by it, and denied no less', () => {
    fc.assert(
      fc.property(documentOf, factsOf, (document, facts) => {
        const policy = compiled(document);
        const { kind, rule } = decideAction(policy, { ...facts, profile: 'more' });
        // "most" adds nothing to "more" but rules that name it.
        const named = rulesOf(document).some((one) =>
          (one['profiles'] as readonly string[] | undefined)?.includes('most'),
        );
        fc.pre(!named);
        expect(decideAction(policy, { ...facts, profile: 'most' })).toMatchObject({ kind, rule });
      }),
    );
  });

  test('deciding and explaining agree: what matches has no miss, and what does not has one', () => {
    fc.assert(
      fc.property(documentOf, factsOf, (document, facts) => {
        const policy = compiled(document);
        const given = givenArguments(facts.tool.arguments, facts.args);
        for (const clause of policy.clauses.filter(({ tool }) => tool === facts.tool.name))
          expect([clause.rule, missOf(clause, given) === null]).toEqual([clause.rule, matches(clause, given)]);
        expect(explainAction(policy, facts).decision).toEqual(decideAction(policy, facts));
      }),
      { numRuns: 400 },
    );
  });

  test('S2: any JSON in, canonical or denied; any arguments in, a decision out, the same twice; nothing is thrown', () => {
    const keys = fc.constantFrom('path', 'paths', 'to', 'url', 'price', 'method', '__proto__', 'constructor', 'x');
    const anything = fc.oneof(fc.dictionary(keys, fc.jsonValue()), fc.jsonValue());
    fc.assert(
      fc.property(documentOf, anything, fc.nat({ max: moreShapes.length - 1 }), (document, value, index) => {
        const tool = moreShapes[index];
        if (tool === undefined) throw new Error('no tool');
        parseArguments(argumentsSchema(tool.arguments), value);
        const args = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as JsonObject;
        const standing = { actions: {}, sums: {}, same: null, labels: [], unknownTools: [], grants: [] };
        const facts = { tool, profile: 'more', args, actionKey: 'key', standing };
        const policy = compiled(document);
        const decision = decideAction(policy, facts);
        expect(decision.why).not.toBe('');
        expect(decideAction(policy, facts)).toEqual(decision);
        expect(explainAction(policy, facts).decision).toEqual(decision);
      }),
      { numRuns: 400 },
    );
  });
});

describe('the loader', () => {
  test('S2: any text in, a policy or its problems out', () => {
    const file = fileWith([
      '{ id: r, tool: read_file, allow: { path: { under: notes } }, examples: { match: [{ path: notes/a }] } }',
    ]);
    const noise = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '\n',
      '  ',
      '"',
      '&a ',
      '*a',
      '!',
      '~',
      '%',
      '\t',
      '|',
      '\0',
      '- ',
      '#',
      '..',
    );
    fc.assert(
      fc.property(fc.nat({ max: file.length }), fc.nat({ max: 4 }), noise, (start, length, mark) => {
        const reading = parsePolicy(file.slice(0, start) + mark + file.slice(start + length), shapes);
        if (reading.kind === 'policy') return;
        expect(reading.problems.length).toBeGreaterThan(0);
        for (const { line, column } of reading.problems) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('S2: any JSON as a file, a policy or its problems out; nothing is thrown', () => {
    const keys = fc.constantFrom(
      'version',
      'profiles',
      'rules',
      'limits',
      'flows',
      'tests',
      'approval',
      'grant',
      'id',
      'tool',
      '__proto__',
    );
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(keys, tie('document')),
        fc.array(tie('document')),
      ),
    }));
    fc.assert(
      fc.property(document, (value) => {
        const reading = parsePolicy(
          JSON.stringify({ version: 1, profiles: {}, rules: [], ...(value as object) }),
          shapes,
        );
        expect(reading.kind === 'policy' || reading.problems.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
