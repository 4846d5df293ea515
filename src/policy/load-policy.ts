/** From the text of a policy file to a policy, or to everything that is wrong with it. A file that fails does not load. */
import type { Json } from '../domain/json.ts';
import { termsOf } from './approval-terms.ts';
import { compileFlows } from './compile-flows.ts';
import { compileLimits } from './compile-limits.ts';
import { compileProfiles } from './compile-profiles.ts';
import { compileRules } from './compile-rules.ts';
import { compileTests } from './compile-tests.ts';
import { POLICY_KEYS } from './key-words.ts';
import type { Complain } from './matchers/matcher.ts';
import type { Clause, Policy, Profile } from './policy.ts';
import { appliesTo, clauseKey } from './policy.ts';
import { PolicySchema } from './policy-schema.ts';
import type { PolicyProblem } from './problem.ts';
import { didYouMean } from './problem.ts';
import { runPolicyTest } from './run-policy-test.ts';
import { collectProblems, complainOfIssues } from './schema-issues.ts';
import type { ToolShape } from './tool-shape.ts';
import { readYaml } from './yaml-source.ts';

export { describeProblem } from './problem.ts';
export type { PolicyProblem } from './problem.ts';

export type PolicyReading =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

/** Reads a policy file for a deployment with these tools, and runs its examples and tests. Total. */
export function parsePolicy(text: string, tools: readonly ToolShape[]): PolicyReading {
  return read(text, tools, true);
}

/** As parsePolicy, but its examples and tests may fail: for whoever shows how they end, never for whoever decides. */
export function parseUntested(text: string, tools: readonly ToolShape[]): PolicyReading {
  return read(text, tools, false);
}

function read(text: string, tools: readonly ToolShape[], testing: boolean): PolicyReading {
  const source = readYaml(text);
  if (source.kind === 'broken') return source;
  const { problems, complain } = collectProblems(source);
  const parsed = PolicySchema.safeParse(source.value);
  if (!parsed.success) {
    complainOfIssues(parsed.error.issues, POLICY_KEYS, complain);
    return { kind: 'broken', problems };
  }
  const policy = build(parsed.data, source.value, tools, complain, testing ? complain : () => undefined);
  if (testing && problems.length === 0) complainOfTests(policy, tools, complain);
  return problems.length === 0 ? { kind: 'policy', policy } : { kind: 'broken', problems };
}

function build(
  file: PolicySchema,
  raw: Json,
  tools: readonly ToolShape[],
  complain: Complain,
  complainOfExample: Complain,
): Policy {
  const profiles = compileProfiles(file.profiles, complain);
  const defaultProfile = file.defaultProfile ?? null;
  if (defaultProfile !== null && profiles.get(defaultProfile)?.startable !== true) {
    complain(
      ['defaultProfile'],
      `"${defaultProfile}" is not a startable profile`,
      didYouMean(defaultProfile, [...profiles.keys()]),
    );
  }
  const defaultApproval = termsOf(file.approval, null);
  const rules = compileRules({ file, raw, tools, profiles, defaultApproval }, complain, complainOfExample);
  const taken = new Set(rules.documents.keys());
  const flows = compileFlows({ file, raw, tools, profiles, defaultApproval, taken }, complain);
  const { limits, actionLimits } = compileLimits(file.limits, tools, complain);
  return {
    profiles,
    defaultProfile,
    clauses: rules.clauses,
    index: indexOf(rules.clauses, profiles, tools),
    flows: flows.flows,
    labels: flows.labels,
    documents: new Map([...rules.documents, ...flows.documents]),
    defaultApproval,
    limits,
    actionLimits,
    prices: new Map(Object.entries(file.prices ?? {})),
    tests: compileTests(file, { tools, profiles, defaultProfile, sums: actionLimits.sums }, complain),
  };
}

/** The clauses in their order, by profile and tool: a decision looks at no other. */
function indexOf(
  clauses: readonly Clause[],
  profiles: ReadonlyMap<string, Profile>,
  tools: readonly ToolShape[],
): ReadonlyMap<string, readonly Clause[]> {
  const index = new Map<string, readonly Clause[]>();
  for (const profile of profiles.values()) {
    const applying = clauses.filter((clause) => appliesTo(clause.profiles, profile));
    for (const { name } of tools) {
      const found = applying.filter(({ tool }) => tool === name || tool === '*');
      index.set(clauseKey(profile.name, name), found);
    }
  }
  return index;
}

function complainOfTests({ tests, ...policy }: Policy, tools: readonly ToolShape[], complain: Complain): void {
  tests.forEach((test, index) => {
    const { failure } = runPolicyTest({ ...policy, tests }, test, tools);
    if (failure !== null) complain(['tests', index], `the test "${test.name}" fails: ${failure}`);
  });
}
