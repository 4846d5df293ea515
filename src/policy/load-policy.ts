/** From the text of a policy file to a policy, or to everything that is wrong with it. A file that fails does not load. */
import type { z } from 'zod';
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
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';
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
  const problems: PolicyProblem[] = [];
  const complain: Complain = (path, message, suggestion) => {
    problems.push({ ...source.locate(path), message, ...(suggestion === undefined ? {} : { suggestion }) });
  };
  const parsed = PolicySchema.safeParse(source.value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) complainOf(issue, complain);
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

function complainOf(issue: z.core.$ZodIssue, complain: Complain): void {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) complainOfKey([...path, key], key, complain);
    return;
  }
  if (issue.code === 'invalid_union') {
    complain(path, `"${String(path.at(-1))}" has the wrong form`);
    return;
  }
  complain(
    path,
    path.length === 0 && issue.code === 'invalid_type'
      ? 'a policy is a map that begins with "version: 1"'
      : issue.message,
  );
}

function complainOfKey(path: Path, key: string, complain: Complain): void {
  if (NOT_BUILT_YET.has(key))
    complain(path, `"${key}" is not built yet: this version would not obey it, so it is refused`);
  else complain(path, `unknown key "${key}"`, didYouMean(key, KNOWN_KEYS));
}
