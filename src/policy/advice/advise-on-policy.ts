/**
 * What loads but may not be meant. Advice is never an error: each piece of it may be just what somebody wants. What is
 * surely wrong is a lint.
 */
import { parsePolicy } from '../load-policy.ts';
import { PolicySchema } from '../policy-schema.ts';
import type { PolicyProblem } from '../problem.ts';
import { collectProblems } from '../schema-issues.ts';
import type { ToolShape } from '../tool-shape.ts';
import { readYaml } from '../yaml-source.ts';
import type { AdviceSource } from './advice-source.ts';
import { adviseOnAsks } from './asks-in-time.ts';
import { adviseOnDeniedLists } from './denied-lists.ts';
import { adviseOnProofs } from './proofs.ts';
import { adviseOnReach } from './reach.ts';
import { adviseOnWebCalls } from './web-calls.ts';

/** In the order of the file; none for a file that does not load. */
export function adviseOnPolicy(text: string, tools: readonly ToolShape[]): readonly PolicyProblem[] {
  const reading = parsePolicy(text, tools);
  const source = readYaml(text);
  if (reading.kind === 'broken' || source.kind === 'broken') return [];
  const { problems, complain } = collectProblems(source);
  const file = PolicySchema.parse(source.value);
  const about: AdviceSource = { file, policy: reading.policy, tools };
  for (const advise of [adviseOnReach, adviseOnDeniedLists, adviseOnWebCalls, adviseOnAsks, adviseOnProofs])
    advise(about, complain);
  return once(problems).toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** What is said of a rule for several tools is said once. */
function once(all: readonly PolicyProblem[]): readonly PolicyProblem[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
