/** The tests of a policy file, made ready to run: names resolved, amounts in minor units. */
import type { Limits } from '../domain/limits.ts';
import type { DecisionStanding } from '../domain/standing.ts';
import { parseAmount } from './kinds/money.ts';
import type { Complain } from './matchers/matcher.ts';
import type { ActionLimits, PolicyTest, Profile, SumLimit } from './policy.ts';
import type { PolicySchema, PolicyTestSchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import { spendKey } from './spends.ts';
import { toolNamed } from './tool-names.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

export interface TestSource {
  readonly tools: readonly ToolShape[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultProfile: string | null;
  readonly limits: Limits;
  readonly actionLimits: ActionLimits;
  /** What the results of a tool are marked with, by tool. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** Stands for the action of a test in `standing.same`. */
export const TEST_ACTION = 'this action';

export function compileTests(
  { tests = [], rules, flows }: PolicySchema,
  source: TestSource,
  complain: Complain,
): readonly PolicyTest[] {
  const ids = [...rules, ...(flows?.rules ?? [])].map(({ id }) => id);
  return tests.map((test, index) => {
    const path = ['tests', index];
    toolNamed(test.call.tool, [...path, 'call', 'tool'], source.tools, complain);
    const expected = expectationOf(test);
    if (expected.rule !== null && !ids.includes(expected.rule))
      complain([...path, 'expect'], `there is no rule "${expected.rule}"`, didYouMean(expected.rule, ids));
    return {
      name: test.name,
      profile: profileOf(test, path, source, complain),
      tool: test.call.tool,
      input: test.call.input,
      standing: standingOf(test, path, source, complain),
      expect: expected,
    };
  });
}

function expectationOf({ expect }: PolicyTestSchema): PolicyTest['expect'] {
  if (typeof expect === 'string') return { kind: expect, rule: null };
  const [entry] = Object.entries(expect);
  return { kind: (entry?.[0] ?? 'deny') as PolicyTest['expect']['kind'], rule: entry?.[1] ?? null };
}

function profileOf(test: PolicyTestSchema, path: Path, source: TestSource, complain: Complain): string {
  const name = test.profile ?? source.defaultProfile;
  if (name === null) complain(path, `the test "${test.name}" names no profile, and the file has no defaultProfile`);
  else if (!source.profiles.has(name))
    complain([...path, 'profile'], `there is no profile "${name}"`, didYouMean(name, [...source.profiles.keys()]));
  return name ?? '';
}

function standingOf(test: PolicyTestSchema, path: Path, source: TestSource, complain: Complain): DecisionStanding {
  const { seen = [], spent = {} } = test;
  complainOfLabels(seen, path, source, complain);
  complainOfCounts(test, path, source, complain);
  const entries = Object.entries(spent.sums ?? {}).flatMap(([id, amount]) =>
    spentSum(id, amount, [...path, 'spent', 'sums', id], source.actionLimits.sums, complain),
  );
  return {
    actions: spent.actions ?? {},
    same: spent.sameAction === undefined ? {} : { [TEST_ACTION]: spent.sameAction },
    sums: Object.fromEntries(entries),
    labels: seen,
    unknownTools: [],
    grants: [],
  };
}

function complainOfLabels(seen: readonly string[], path: Path, { labels }: TestSource, complain: Complain): void {
  const known = [...new Set([...labels.values()].flat())];
  seen.forEach((label, index) => {
    if (!known.includes(label))
      complain(
        [...path, 'seen', index],
        `no tool’s results carry the label "${label}"`,
        didYouMean(label, known) ?? `known: ${known.join(', ')}`,
      );
  });
}

/** What is spent of a limit that there is not would prove nothing, whatever is expected. */
function complainOfCounts(
  { call, spent = {} }: PolicyTestSchema,
  path: Path,
  { limits, actionLimits, tools }: TestSource,
  complain: Complain,
): void {
  const complainUnless = (limited: readonly string[], tool: string, key: string, at: Path): void => {
    if (limited.includes(tool)) return;
    const hint = limited.length === 0 ? 'nothing is limited there' : `limited there: ${limited.join(', ')}`;
    complain(at, `limits.${key} has no limit for ${tool}, so this says nothing`, hint);
  };
  for (const name of Object.keys(spent.actions ?? {})) {
    const at = [...path, 'spent', 'actions', name];
    if (toolNamed(name, at, tools, complain) !== undefined)
      complainUnless(Object.keys(limits.actions), name, 'actions', at);
  }
  if (spent.sameAction !== undefined)
    complainUnless([...actionLimits.sameAction.keys()], call.tool, 'sameAction', [...path, 'spent', 'sameAction']);
}

function spentSum(
  id: string,
  amount: string | number,
  at: Path,
  sums: readonly SumLimit[],
  complain: Complain,
): readonly (readonly [string, number])[] {
  const limit = sums.find((sum) => sum.id === id);
  const ids = sums.map((sum) => sum.id);
  if (limit === undefined) complain(at, `there is no sum "${id}" in limits.sums`, didYouMean(id, ids));
  const [tool] = limit?.tools ?? [];
  if (limit === undefined || tool === undefined) return [];
  return [[spendKey(tool, limit.argument, limit.currency), minorOf(amount, limit, at, complain)]];
}

function minorOf(amount: string | number, { currency, id }: SumLimit, path: Path, complain: Complain): number {
  if (currency === null && typeof amount === 'number') return amount;
  const money = typeof amount === 'string' ? parseAmount(amount) : undefined;
  if (money?.kind === 'canonical' && money.value.currency === currency) return money.value.minor;
  complain(
    path,
    `the sum "${id}" counts ${currency ?? 'plain numbers'}`,
    money?.kind === 'none' ? money.why : undefined,
  );
  return 0;
}
