/** A policy written in TypeScript, checked by the compiler against the tools, for the same YAML file and loader. */
import type { Json } from '../domain/json.ts';
import { canonicalForm } from './canonical-document.ts';
import { describeProblem, parsePolicy } from './load-policy.ts';
import type { PolicyProblem } from './load-policy.ts';
import type { Policy } from './policy.ts';
import type { PolicyDocument } from './policy-schema.ts';
import { policyYaml } from './policy-yaml.ts';
import { assertPlainJson } from './twin/plain-json.ts';
import type { PolicyDefinition } from './twin/policy-types.ts';
import type { Naming, Tools } from './twin/rule-types.ts';

/** A policy that the compiler and the loader have checked. */
export interface DefinedPolicy {
  /** In canonical form: equal to that of any file that says the same in the same words and order. */
  readonly document: PolicyDocument;
  /** What is reviewed and installed. */
  readonly yaml: string;
  /** What a worker would load. */
  readonly policy: Policy;
}

/**
 * Makes the policy file of its definition. Rules, limits and flows may only name tools of `tools` and what these have.
 * What types cannot say the loader says: throws an error that names everything it finds wrong, examples and tests too.
 * `definition` is the policy file as docs/policy describes it; see docs/policy/typed-twin.md.
 */
export function definePolicy<
  const T extends Tools,
  const Profile extends string,
  const Rules extends readonly Naming[],
  const Sums extends readonly Naming[] = [],
  const Label extends string = never,
>(tools: T, definition: PolicyDefinition<T, Profile, Rules, Sums, Label>): DefinedPolicy {
  assertPlainJson(definition);
  const document = canonicalForm(JSON.parse(JSON.stringify(definition)) as Json) as unknown as PolicyDocument;
  const yaml = policyYaml(document);
  const reading = parsePolicy(yaml, tools);
  if (reading.kind === 'policy') return { document, yaml, policy: reading.policy };
  const lines = yaml.split('\n');
  throw new Error(['The policy is broken.', ...reading.problems.map((problem) => inWords(problem, lines))].join('\n'));
}

/** With the line itself: the file that is spoken of was written by nobody. */
function inWords(problem: PolicyProblem, lines: readonly string[]): string {
  return `${describeProblem(problem)}\n    ${lines[problem.line - 1]?.trim() ?? ''}`;
}
