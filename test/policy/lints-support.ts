import { lintPolicy } from '../../src/policy/lints/lint-policy.ts';
import type { LintSource } from '../../src/policy/lints/lint-source.ts';
import { PolicySchema } from '../../src/policy/policy-schema.ts';
import { describeProblem } from '../../src/policy/problem.ts';
import { collectProblems } from '../../src/policy/schema-issues.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import type { YamlSource } from '../../src/policy/yaml-source.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { shapes } from './shapes.ts';
import { load } from './support.ts';

/** What lints find in a file that is good otherwise, as people read it. */
export function lintsOf(text: string, tools: readonly ToolShape[] = shapes): readonly string[] {
  const { problems, complain } = collectProblems(treeOf(text));
  lintPolicy(lintSource(text, tools), complain);
  return problems.map(describeProblem);
}

export function lintSource(text: string, tools: readonly ToolShape[] = shapes): LintSource {
  return { ...load(text, tools), rules: PolicySchema.parse(treeOf(text).value).rules, tools };
}

function treeOf(text: string): YamlSource & { readonly kind: 'tree' } {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(source.problems.map(describeProblem).join('\n'));
  return source;
}
