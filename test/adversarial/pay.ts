/** A tool with the kinds of values that no tool of the product has yet. */
import { listOf, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { shapes } from '../policy/shapes.ts';

export const pay: ToolShape = {
  name: 'pay',
  permission: 'make_api_calls',
  arguments: {
    amount: one(money, 'what to pay'),
    count: optional(one(number({ min: -10, max: 1000, integer: true }), 'how many')),
    weight: optional(one(number({ min: 0, max: 1e6, integer: false }), 'in kg')),
    urgent: optional(one(flag, 'whether to hurry')),
    parts: optional(listOf(money, 5, 'what it is made of')),
  },
};

const moreShapes: readonly ToolShape[] = [...shapes, pay];

/** As `load` of support.ts, for a deployment that has `pay` too. */
export function loadMore(text: string): Policy {
  const reading = parsePolicy(text, moreShapes);
  if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.policy;
}

export function problemsOfMore(text: string): readonly string[] {
  const reading = parsePolicy(text, moreShapes);
  return reading.kind === 'policy' ? [] : reading.problems.map(describeProblem);
}
