/** From a file that has the right shape to a policy. What is wrong in it is complained of; then the policy is not for use. */
import type { Json } from '../domain/json.ts';
import { termsOf } from './approval-terms.ts';
import { speaksTo } from './argument-permissions.ts';
import { compileFlows } from './compile-flows.ts';
import { compileLimits } from './compile-limits.ts';
import { compileProfiles } from './compile-profiles.ts';
import { compileRules } from './compile-rules.ts';
import { compileTests } from './compile-tests.ts';
import type { Complain } from './matchers/matcher.ts';
import type { Clause, Policy, Profile } from './policy.ts';
import { appliesTo, clauseKey } from './policy.ts';
import type { PolicySchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import type { ToolShape } from './tool-shape.ts';

/** `complainOfExample` hears of examples that fail. */
export function compilePolicy(
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
  const { limits, actionLimits } = compileLimits(file.limits, tools, defaultApproval !== null, complain);
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
    tests: compileTests(
      file,
      { tools, profiles, defaultProfile, limits, actionLimits, labels: flows.labels },
      complain,
    ),
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
    for (const tool of tools) {
      const found = applying.filter(
        (clause) => clause.tool === '*' || (clause.tool === tool.name && speaksTo(clause, tool, profile)),
      );
      index.set(clauseKey(profile.name, tool.name), found);
    }
  }
  return index;
}
