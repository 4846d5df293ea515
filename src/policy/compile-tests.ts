/** The tests of a policy file, made ready to run: names resolved, amounts in minor units. */
import type { Decision } from '../domain/decision.ts';
import type { DecisionStanding } from '../domain/standing.ts';
import { parseAmount } from './kinds/money.ts';
import type { Complain } from './matchers/matcher.ts';
import type { PolicyTest, Profile, SumLimit } from './policy.ts';
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
  readonly sums: readonly SumLimit[];
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
  return { kind: (entry?.[0] ?? 'deny') as Decision['kind'], rule: entry?.[1] ?? null };
}

function profileOf(test: PolicyTestSchema, path: Path, source: TestSource, complain: Complain): string {
  const name = test.profile ?? source.defaultProfile;
  if (name === null) complain(path, `the test "${test.name}" names no profile, and the file has no defaultProfile`);
  else if (!source.profiles.has(name))
    complain([...path, 'profile'], `there is no profile "${name}"`, didYouMean(name, [...source.profiles.keys()]));
  return name ?? '';
}

function standingOf(
  { seen = [], spent = {} }: PolicyTestSchema,
  path: Path,
  { sums, tools }: TestSource,
  complain: Complain,
): DecisionStanding {
  for (const tool of Object.keys(spent.actions ?? {}))
    toolNamed(tool, [...path, 'spent', 'actions', tool], tools, complain);
  const entries = Object.entries(spent.sums ?? {}).flatMap(([id, amount]): [string, number][] => {
    const at = [...path, 'spent', 'sums', id];
    const limit = sums.find((sum) => sum.id === id);
    const ids = sums.map((sum) => sum.id);
    if (limit === undefined) complain(at, `there is no sum "${id}" in limits.sums`, didYouMean(id, ids));
    const [tool] = limit?.tools ?? [];
    if (limit === undefined || tool === undefined) return [];
    return [[spendKey(tool, limit.argument, limit.currency), minorOf(amount, limit, at, complain)]];
  });
  return {
    actions: spent.actions ?? {},
    same: spent.sameAction === undefined ? {} : { [TEST_ACTION]: spent.sameAction },
    sums: Object.fromEntries(entries),
    labels: seen,
    unknownTools: [],
  };
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
