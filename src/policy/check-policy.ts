import { describeProblem, parsePolicy } from './load-policy.ts';
import type { ToolShape } from './tool-shape.ts';

/**
 * Everything that is wrong with the text of a policy file for a deployment with these tools, a line each, with place and
 * remedy; empty where a worker would load it. Its examples and tests are run. For tools of your own, which the command
 * line does not know: `checkPolicy(text, [...tools, mine])`. Total.
 */
export function checkPolicy(text: string, tools: readonly ToolShape[]): readonly string[] {
  const reading = parsePolicy(text, tools);
  return reading.kind === 'policy' ? [] : reading.problems.map(describeProblem);
}
