/** From the text of a policy file to a policy, or to everything that is wrong with it. A file that fails does not load. */
import { compilePolicy } from './compile-policy.ts';
import { policyWords } from './key-words.ts';
import { lintPolicy } from './lints/lint-policy.ts';
import type { Complain } from './matchers/matcher.ts';
import type { Policy } from './policy.ts';
import { PolicySchema } from './policy-schema.ts';
import type { PolicyProblem } from './problem.ts';
import { runPolicyTest } from './run-policy-test.ts';
import { collectProblems, complainOfIssues } from './schema-issues.ts';
import type { ToolShape } from './tool-shape.ts';
import { readYaml } from './yaml-source.ts';

export { describeProblem } from './problem.ts';
export type { PolicyProblem } from './problem.ts';

export type PolicyReading =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | {
      readonly kind: 'broken';
      readonly problems: readonly PolicyProblem[];
      /** What is only looked at once these problems are mended. */
      readonly unchecked: readonly Stage[];
    };

/** What is looked at, in this order; a stage that finds problems keeps the later ones from being reached. */
const STAGES = ['YAML', 'the keys of the file', 'what rules say', 'lints', 'tests'] as const;
type Stage = (typeof STAGES)[number];

/** Reads a policy file for a deployment with these tools, and runs its examples and tests. Total. */
export function parsePolicy(text: string, tools: readonly ToolShape[]): PolicyReading {
  return read(text, tools, 'all');
}

/** As parsePolicy, but its examples and tests may fail: for whoever shows how they end, never for whoever decides. */
export function parseUntested(text: string, tools: readonly ToolShape[]): PolicyReading {
  return read(text, tools, 'untested');
}

/** As parseUntested, and no lint looks at it: for whoever compares what files say, never for whoever decides. */
export function parseUnlinted(text: string, tools: readonly ToolShape[]): PolicyReading {
  return read(text, tools, 'unlinted');
}

function read(text: string, tools: readonly ToolShape[], checks: 'all' | 'untested' | 'unlinted'): PolicyReading {
  const testing = checks === 'all';
  const source = readYaml(text);
  if (source.kind === 'broken') return broken(source.problems, 'YAML');
  const { problems, complain } = collectProblems(source);
  const parsed = PolicySchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    complainOfIssues(parsed.error.issues, policyWords(tools), complain);
    return broken(problems, 'the keys of the file');
  }
  const policy = compilePolicy(parsed.data, source.value, tools, complain, testing ? complain : () => undefined);
  if (problems.length > 0) return broken(problems, 'what rules say');
  if (checks !== 'unlinted') lintPolicy({ ...policy, rules: parsed.data.rules, tools }, complain);
  if (problems.length > 0) return broken(problems, 'lints');
  if (testing) complainOfTests(policy, tools, complain);
  return problems.length === 0 ? { kind: 'policy', policy } : broken(problems, 'tests');
}

/** In the order of the file. */
function broken(problems: readonly PolicyProblem[], found: Stage): PolicyReading {
  return {
    kind: 'broken',
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    unchecked: STAGES.slice(STAGES.indexOf(found) + 1),
  };
}

function complainOfTests({ tests, ...policy }: Policy, tools: readonly ToolShape[], complain: Complain): void {
  tests.forEach((test, index) => {
    const { failure } = runPolicyTest({ ...policy, tests }, test, tools);
    if (failure !== null) complain(['tests', index], `the test "${test.name}" fails: ${failure}`);
  });
}
