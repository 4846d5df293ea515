/** What lints claim of whole files is tried on actions; a failing case names its seed. */
import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../src/domain/decision.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import type { ArgumentShape } from '../../src/policy/kinds/argument.ts';
import { complainOfExceeding } from '../../src/policy/lints/within.ts';
import { complainOfNeverMatching } from '../../src/policy/lints/never-matching.ts';
import { complainOfNoEffect } from '../../src/policy/lints/no-effect.ts';
import type { ToolParts } from '../../src/policy/lints/lint-source.ts';
import { partsByTool } from '../../src/policy/lints/lint-source.ts';
import type { Complain } from '../../src/policy/matchers/matcher.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { lintSource } from './lints-support.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import type { SampleName } from './subset-samples.ts';
import { argumentSpec, argumentValue, shapeOf } from './subset-samples.ts';
import { NOTHING, load } from './support.ts';

const CASES = 700;
const ACTIONS = 80;

function argument(name: SampleName, more: Partial<ArgumentShape> = {}): ArgumentShape {
  return { ...shapeOf(name, false), ...more };
}

/** Arguments are named for their kinds. */
const TOOLS: readonly [ToolShape, ...ToolShape[]] = [
  { name: 'read_file', permission: 'read_files', arguments: { path: argument('path') } },
  {
    name: 'call',
    permission: 'make_api_calls',
    arguments: {
      url: argument('url'),
      httpMethod: argument('httpMethod'),
      headers: argument('headers', { optional: true }),
    },
  },
  {
    name: 'mail',
    permission: 'send_email',
    arguments: { to: shapeOf('mailAddress', true), text: argument('text', { free: true }) },
  },
  {
    name: 'pay',
    permission: 'purchase',
    arguments: {
      money: argument('money'),
      text: argument('text'),
      flag: argument('flag', { optional: true, free: true }),
    },
  },
];

const KIND_OF: Readonly<Record<string, SampleName>> = { to: 'mailAddress' };

function kindOf(argument: string): SampleName {
  return KIND_OF[argument] ?? (argument as SampleName);
}

function specsOf(
  random: Seeded,
  { arguments: shapes }: ToolShape,
  use: 'opens' | 'denies' | 'closes',
  likely: number,
): JsonObject {
  const mentioned = Object.entries(shapes).filter(() => random.number(10) < likely);
  // What says little has more to do with what other rules say.
  const anything = (list: boolean): Json => (list ? { every: { any: true } } : { any: true });
  return Object.fromEntries(
    mentioned.map(([name, { list }]) => [
      name,
      random.number(3) === 0 ? anything(list) : argumentSpec(random, kindOf(name), list, use),
    ]),
  );
}

function ruleOf(random: Seeded, id: string, among: ToolShape): JsonObject {
  const kind = random.pick(['allow', 'allow', 'ask', 'ask', 'deny'] as const);
  const opens = kind !== 'deny';
  const profiles = random.pick([null, null, ['parent'], ['child'], ['parent', 'child']]);
  const excepted = random.number(4) === 0 ? specsOf(random, among, opens ? 'closes' : 'opens', 6) : {};
  return {
    id,
    tool: among.name,
    [kind]: specsOf(random, among, opens ? 'opens' : 'denies', opens ? 9 : 5),
    ...(profiles === null ? {} : { profiles }),
    ...(Object.keys(excepted).length === 0 ? {} : { except: excepted }),
    ...(kind === 'ask' && random.number(2) === 0 ? { approval: { by: random.pick([['a'], ['b'], ['a', 'b']]) } } : {}),
  };
}

/** A rule that stands in for another in one profile, so that there is more to prove: as strict or stricter, often. */
function twinOf(random: Seeded, rule: JsonObject): JsonObject {
  const { allow, approval, ...rest } = rule;
  const isAsked = allow !== undefined && random.number(2) === 0;
  const asks = isAsked || rule['ask'] !== undefined;
  return {
    ...rest,
    ...(allow === undefined ? {} : { [isAsked ? 'ask' : 'allow']: allow }),
    ...(asks ? { approval: random.pick<Json>([approval ?? { by: ['c'] }, { by: ['a'] }, { by: ['b', 'a'] }]) } : {}),
    id: 'twin',
    profiles: [random.pick(['parent', 'child'])],
  };
}

function flowOf(random: Seeded, id: string, among: ToolShape): JsonObject {
  const profiles = random.pick([null, ['parent'], ['child'], ['parent', 'child']]);
  const entries: readonly (readonly [string, Json])[] = [
    ['id', id],
    ['when', random.pick([['private'], ['untrusted'], ['private', 'untrusted']])],
    ['tool', among.name],
    ['then', random.pick(['ask', 'deny'])],
    ['approval', random.pick([null, { by: ['a'] }, { by: ['b', 'a'] }])],
    ['profiles', profiles],
  ];
  const isDenial = entries[3]?.[1] === 'deny';
  return Object.fromEntries(entries.filter(([key, value]) => value !== null && !(isDenial && key === 'approval')));
}

interface File {
  readonly tool: ToolShape;
  readonly rules: readonly JsonObject[];
  readonly text: string;
}

/** All rules are for one tool, lest they have nothing to do with each other. JSON is YAML. */
function fileOf(random: Seeded): File {
  const among = random.pick(TOOLS);
  const rules = Array.from({ length: 1 + random.number(4) }, (_, index) => ruleOf(random, `r${index}`, among));
  const twin = twinOf(random, random.pick(rules as [JsonObject, ...JsonObject[]]));
  const flows = Array.from({ length: random.number(4) }, (_, index) => flowOf(random, `f${index}`, among));
  const all = random.number(2) === 0 ? [...rules, twin] : rules;
  return { tool: among, rules: all, text: textOf(all, flows, random.number(2) === 0) };
}

function textOf(rules: readonly Json[], flows: readonly Json[], isExtended: boolean): string {
  const grant = ['read_files', 'make_api_calls', 'send_email', 'purchase'];
  const child = isExtended ? { extends: 'parent', within: 'parent' } : { grant, within: 'parent' };
  return JSON.stringify({
    version: 1,
    profiles: { parent: { grant }, child },
    approval: { by: ['a', 'b', 'c'] },
    rules,
    flows: { labels: { private: ['read_file'], untrusted: ['call'] }, rules: flows },
  });
}

/** A file that loads but for lints. */
function seededFile(seed: number): { readonly random: Seeded; readonly file: File; readonly policy: Policy } {
  const random = seeded(seed);
  for (;;) {
    const file = fileOf(random);
    const policy = policyOf(file.text);
    if (policy !== undefined) return { random, file, policy };
  }
}

function policyOf(text: string): Policy | undefined {
  try {
    return load(text, TOOLS);
  } catch {
    return undefined;
  }
}

function actionOf(random: Seeded, { arguments: shapes }: ToolShape): JsonObject {
  const given = Object.entries(shapes).filter(([, shape]) => !shape.optional || random.number(3) > 0);
  return Object.fromEntries(given.map(([name, { list }]) => [name, argumentValue(random, kindOf(name), list)]));
}

interface Situation {
  readonly tool: ToolShape;
  readonly args: JsonObject;
  readonly labels: readonly string[];
}

function situations(random: Seeded, among: ToolShape): readonly Situation[] {
  return Array.from({ length: ACTIONS }, () => ({
    tool: among,
    args: actionOf(random, among),
    labels: random.pick([[], ['private'], ['untrusted'], ['private', 'untrusted']]),
  }));
}

function decided(policy: Policy, { labels, ...action }: Situation, profile: string): Decision {
  return decideAction(policy, {
    ...action,
    profile,
    actionKey: 'key',
    standing: { ...NOTHING, labels },
  });
}

const STRENGTH = { deny: 0, ask: 1, allow: 2 } as const;

/** For an approver too: whom the child asks, the parent asks as well, if it asks. */
function isAtMost(one: Decision, other: Decision): boolean {
  if (one.kind !== 'ask' || other.kind !== 'ask') return STRENGTH[one.kind] <= STRENGTH[other.kind];
  return (
    one.approval.expiresMs <= other.approval.expiresMs &&
    one.approval.by.every((name) => other.approval.by.includes(name))
  );
}

describe('lints, over seeded files and actions', () => {
  test('within that is proven holds: the child is never decided more freely, nor by others', () => {
    const wrong: Json[] = [];
    let proven = 0;
    let narrower = 0;
    for (let seed = 0; seed < CASES; seed += 1) {
      const { random, file, policy } = seededFile(seed);
      const source = lintSource(file.text, TOOLS);
      let complaints = 0;
      complainOfExceeding(source, partsByTool(source), () => (complaints += 1));
      if (complaints > 0) continue;
      proven += 1;
      for (const situation of situations(random, file.tool)) {
        const [child, parent] = [decided(policy, situation, 'child'), decided(policy, situation, 'parent')];
        if (child.kind !== parent.kind) narrower += 1;
        if (!isAtMost(child, parent))
          wrong.push({
            seed,
            args: situation.args,
            labels: situation.labels,
            child: child.kind,
            parent: parent.kind,
            text: file.text,
          });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(proven).toBeGreaterThan(CASES / 10);
    expect(proven).toBeLessThan(CASES);
    expect(narrower).toBeGreaterThan(CASES / 10);
  });

  test.each<readonly [what: string, lint: (found: ToolParts, complain: Complain) => void]>([
    ['that never takes effect', complainOfNoEffect],
    // Not asks: one that never matches as it says may still stop what is allowed.
    [
      'that never matches',
      (found, complain) =>
        complainOfNeverMatching([], found, (path, ...said) => path.includes('ask') || complain(path, ...said)),
    ],
  ])('a part of which a lint says %s can be taken away without any decision changing', (_, lint) => {
    const wrong: Json[] = [];
    let taken = 0;
    for (let seed = 0; seed < CASES; seed += 1) {
      const { random, file, policy } = seededFile(seed);
      const useless = new Set<number>();
      for (const found of partsByTool(lintSource(file.text, TOOLS)))
        lint(found, (path) => path.includes('except') || useless.add(Number(path[1])));
      for (const index of useless) {
        taken += 1;
        const { rules, ...rest } = JSON.parse(file.text) as { readonly rules: readonly Json[] };
        const without = policyOf(JSON.stringify({ ...rest, rules: rules.filter((__, at) => at !== index) }));
        if (without === undefined) throw new Error(`without rule ${index} of seed ${seed} the file does not load`);
        for (const situation of situations(random, file.tool)) {
          for (const profile of ['parent', 'child']) {
            const [before, after] = [decided(policy, situation, profile), decided(without, situation, profile)];
            if (before.kind !== after.kind || before.rule !== after.rule)
              wrong.push({
                seed,
                index,
                args: situation.args,
                profile,
                before: before.kind,
                after: after.kind,
                text: file.text,
              });
          }
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(taken).toBeGreaterThan(CASES / 20);
  });
});
