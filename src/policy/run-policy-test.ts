/** Runs a test of the file as the guard would decide the action. Pure and total. */
import type { Decision } from '../domain/decision.ts';
import { TEST_ACTION } from './compile-tests.ts';
import { decideAction } from './decide-action.ts';
import { argumentsSchema, parseArguments } from './kinds/parse-arguments.ts';
import type { Policy, PolicyTest } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface TestRun {
  readonly decision: Decision;
  /** In words; null for a test that passed. */
  readonly failure: string | null;
}

export function runPolicyTest(policy: Policy, test: PolicyTest, tools: readonly ToolShape[]): TestRun {
  const decision = decisionOf(policy, test, tools);
  const { kind, rule } = test.expect;
  const passed = decision.kind === kind && (rule === null || decision.rule === rule);
  if (passed) return { decision, failure: null };
  const wanted = rule === null ? kind : `${kind} by "${rule}"`;
  const by = decision.rule === null ? '' : ` by "${decision.rule}"`;
  return { decision, failure: `expected ${wanted}, decided ${decision.kind}${by}: ${decision.why}` };
}

function decisionOf(
  policy: Policy,
  { tool: name, input, profile, standing }: PolicyTest,
  tools: readonly ToolShape[],
): Decision {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return { kind: 'deny', rule: null, why: `There is no tool "${name.slice(0, 64)}".` };
  const parsed = parseArguments(argumentsSchema(tool.arguments), input);
  if (parsed.kind === 'invalid') return { kind: 'deny', rule: null, why: `The arguments are invalid: ${parsed.why}` };
  return decideAction(policy, { tool, profile, args: parsed.args, actionKey: TEST_ACTION, standing });
}
