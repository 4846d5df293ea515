/** From the text of a policy file to a policy, or to everything that is wrong with it. A file that fails does not load. */
import type { Json } from '../domain/json.ts';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import type { Limits } from '../domain/limits.ts';
import { termsOf } from './approval-terms.ts';
import { compileRules } from './compile-rules.ts';
import type { Complain } from './matchers/matcher.ts';
import type { Policy, Profile } from './policy.ts';
import { KNOWN_KEYS, NOT_BUILT_YET, PolicySchema } from './policy-schema.ts';
import type { PolicyProblem } from './problem.ts';
import { didYouMean } from './problem.ts';
import { collectProblems, complainOfIssues } from './schema-issues.ts';
import type { ToolShape } from './tool-shape.ts';
import { readYaml } from './yaml-source.ts';

export { describeProblem } from './problem.ts';
export type { PolicyProblem } from './problem.ts';

export type PolicyReading =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

/** Reads a policy file for a deployment with these tools. Total. */
export function parsePolicy(text: string, tools: readonly ToolShape[]): PolicyReading {
  const source = readYaml(text);
  if (source.kind === 'broken') return source;
  const { problems, complain } = collectProblems(source);
  const parsed = PolicySchema.safeParse(source.value);
  if (!parsed.success) {
    complainOfIssues(parsed.error.issues, { known: KNOWN_KEYS, notBuiltYet: NOT_BUILT_YET }, complain);
    return { kind: 'broken', problems };
  }
  const policy = build(parsed.data, source.value, tools, complain);
  return problems.length === 0 ? { kind: 'policy', policy } : { kind: 'broken', problems };
}

function build(file: PolicySchema, raw: Json, tools: readonly ToolShape[], complain: Complain): Policy {
  const profiles = new Map<string, Profile>(
    Object.entries(file.profiles).map(([name, { grant, startable }]) => [
      name,
      { name, grant: new Set(grant), startable: startable ?? false },
    ]),
  );
  const { defaultProfile } = file;
  if (defaultProfile !== undefined && profiles.get(defaultProfile)?.startable !== true) {
    complain(
      ['defaultProfile'],
      `"${defaultProfile}" is not a startable profile`,
      didYouMean(defaultProfile, [...profiles.keys()]),
    );
  }
  const defaultApproval = termsOf(file.approval, null);
  const { clauses, documents } = compileRules({ file, raw, tools, profiles, defaultApproval }, complain);
  return {
    profiles,
    defaultProfile: defaultProfile ?? null,
    clauses,
    documents,
    defaultApproval,
    limits: limitsOf(file.limits, tools, complain),
  };
}

function limitsOf(limits: PolicySchema['limits'], tools: readonly ToolShape[], complain: Complain): Limits {
  const names = tools.map(({ name }) => name);
  for (const tool of Object.keys(limits?.actions ?? {})) {
    if (!names.includes(tool))
      complain(['limits', 'actions', tool], `there is no tool "${tool}"`, didYouMean(tool, names));
  }
  if (limits === undefined) return DEFAULT_LIMITS;
  return {
    turns: limits.turns ?? DEFAULT_LIMITS.turns,
    tokens: limits.tokens ?? DEFAULT_LIMITS.tokens,
    wallTimeMs: limits.wallTime ?? DEFAULT_LIMITS.wallTimeMs,
    asks: limits.asks ?? DEFAULT_LIMITS.asks,
    asksPending: limits.asksPending ?? DEFAULT_LIMITS.asksPending,
    actions: limits.actions ?? {},
  };
}
