import type { ApprovalTerms } from '../../src/domain/decision.ts';
import { compileFlows } from '../../src/policy/compile-flows.ts';
import { compileProfiles } from '../../src/policy/compile-profiles.ts';
import { termsOf } from '../../src/policy/approval-terms.ts';
import { lintPolicy } from '../../src/policy/lints/lint-policy.ts';
import type { LintSource } from '../../src/policy/lints/lint-source.ts';
import { PolicySchema } from '../../src/policy/policy-schema.ts';
import { describeProblem } from '../../src/policy/problem.ts';
import { collectProblems } from '../../src/policy/schema-issues.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { shapes } from './shapes.ts';

/** What lints find in a file that is good otherwise, as people read it. */
export function lintsOf(text: string, tools: readonly ToolShape[] = shapes): readonly string[] {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(source.problems.map(describeProblem).join('\n'));
  const { problems, complain } = collectProblems(source);
  lintPolicy(lintSource(text, tools), complain);
  return problems.map(describeProblem);
}

export function lintSource(text: string, tools: readonly ToolShape[] = shapes): LintSource {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(source.problems.map(describeProblem).join('\n'));
  const file = PolicySchema.parse(source.value);
  const { problems, complain } = collectProblems(source);
  const profiles = compileProfiles(file.profiles, complain);
  const defaultApproval: ApprovalTerms | null = termsOf(file.approval, null);
  const all = { file, raw: source.value, tools, profiles, defaultApproval, taken: new Set<string>() };
  const { flows } = compileFlows(all, complain);
  if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
  return { rules: file.rules, flows, tools, profiles, defaultApproval };
}
