/** A recorded action decided again by a policy of today, from the facts recorded at the time. */
import type { RecordedAction } from '../../client/recorded-actions.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Explanation } from '../../policy/explain.ts';
import { explainAction } from '../../policy/explain.ts';
import type { Policy } from '../../policy/policy.ts';
import { tightenDecision } from '../../policy/tighten-decision.ts';
import { actionKey } from '../../proof/digest.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { WorldPorts } from '../../tools/ports.ts';

export type DecidedAgain =
  | {
      readonly kind: 'decided';
      /** With what the session’s own story adds. */
      readonly decision: Decision;
      readonly explanation: Explanation;
      /** The tool’s own words for what the arguments mean; empty for invalid ones. */
      readonly particulars: string;
      /** Empty for invalid arguments. */
      readonly actionKey: string;
    }
  | { readonly kind: 'undecidable'; readonly why: string };

/** Reading effect and summary of an action touches no port; `prepare` and `perform` are never called here. */
const NO_WORLD = {} as WorldPorts;

/** `same`: how often each action was begun before, where the session itself did not count it. */
export function decideAgain(
  policy: Policy,
  action: RecordedAction,
  tools: readonly Tool[],
  same: Readonly<Record<string, number>> | null = null,
): DecidedAgain {
  const { facts } = action;
  if (facts.kind === 'none') return { kind: 'undecidable', why: facts.why };
  const tool = tools.find(({ name }) => name === action.tool);
  if (tool === undefined) return { kind: 'undecidable', why: `there is no tool "${action.tool.slice(0, 64)}" here` };
  const parsed = tool.parse(action.input);
  if (parsed.kind === 'invalid') {
    const decision = { kind: 'deny', rule: null, why: `The arguments are invalid: ${parsed.why}` } as const;
    return {
      kind: 'decided',
      decision,
      explanation: { decision, findings: [], nearest: null },
      particulars: '',
      actionKey: '',
    };
  }
  const { profile, afterReset, retryOf } = facts;
  const standing = { ...facts.standing, same: facts.standing.same ?? same };
  const key = actionKey(tool.name, parsed.args);
  const explanation = explainAction(policy, { tool, profile, args: parsed.args, actionKey: key, standing });
  const { effect, summary } = tool.open(parsed.args, NO_WORLD);
  const story = {
    tool: tool.name,
    actionKey: key,
    effect,
    standing,
    wasReset: afterReset,
    wasAsked: false,
    retryOf,
    defaultApproval: policy.defaultApproval,
  };
  const decision = tightenDecision(story, explanation.decision);
  return { kind: 'decided', decision, explanation, particulars: summary, actionKey: key };
}
