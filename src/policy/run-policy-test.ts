/** Runs a test of the file as the guard would decide the action. Pure and total. */
import type { Decision } from '../domain/decision.ts';
import { TEST_ACTION } from './compile-tests.ts';
import { decideAction } from './decide-action.ts';
import { argumentsSchema, parseArguments } from './kinds/parse-arguments.ts';
import type { Policy, PolicyTest } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface TestRun {
  readonly decision: Decision | Refusal;
  /** In words; null for a test that passed. */
  readonly failure: string | null;
}

/** Arguments that no rule ever sees. The guard denies them too, but a test that expects a denial means one by a rule. */
interface Refusal {
  readonly kind: 'invalid';
  readonly rule: null;
  readonly why: string;
}

export const INVALID_HINT = 'no rule was looked at: mend them, or say expect: invalid';

export function runPolicyTest(policy: Policy, test: PolicyTest, tools: readonly ToolShape[]): TestRun {
  const decision = decisionOf(policy, test, tools);
  const { kind, rule } = test.expect;
  const passed = decision.kind === kind && (rule === null || decision.rule === rule);
  if (passed) return { decision, failure: null };
  const wanted = kind === 'invalid' ? 'invalid arguments' : rule === null ? kind : `${kind} by "${rule}"`;
  return { decision, failure: `expected ${wanted}, ${inWords(decision)}` };
}

function inWords({ kind, rule, why }: TestRun['decision']): string {
  if (kind === 'invalid') return `but the arguments are invalid: ${why} (${INVALID_HINT})`;
  return `decided ${kind}${rule === null ? '' : ` by "${rule}"`}: ${why}`;
}

function decisionOf(
  policy: Policy,
  { tool: name, input, profile, standing }: PolicyTest,
  tools: readonly ToolShape[],
): TestRun['decision'] {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return { kind: 'deny', rule: null, why: `There is no tool "${name.slice(0, 64)}".` };
  const parsed = parseArguments(argumentsSchema(tool.arguments), input);
  if (parsed.kind === 'invalid') return { kind: 'invalid', rule: null, why: parsed.why };
  return decideAction(policy, { tool, profile, args: parsed.args, actionKey: TEST_ACTION, standing });
}
