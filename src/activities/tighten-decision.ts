import type { ToolCallInput } from '../contract/tool-call.ts';
import type { ApprovalTerms, Decision } from '../domain/decision.ts';
import { tightenDecision as tighten } from '../policy/tighten-decision.ts';
import type { Effect, Tool } from '../tools/define-tool.ts';
import type { SessionPlace } from './guard-case.ts';

export interface Story {
  readonly tool: Tool;
  readonly call: ToolCallInput;
  /** Action key. */
  readonly key: string;
  readonly place: SessionPlace;
  /** For an ask that no rule made; null: nobody could approve it. */
  readonly defaultApproval: ApprovalTerms | null;
}

/** What the story of this pass adds to the policy’s decision; only ever stricter (S3, S4). */
export function tightenDecision(
  { tool, call, key, place, defaultApproval }: Story,
  decision: Decision,
  effect: Effect,
): Decision {
  const story = {
    tool: tool.name,
    actionKey: key,
    effect,
    standing: call.standing,
    wasReset: call.originalRunId !== place.runId,
    wasAsked: call.request !== undefined,
    defaultApproval,
  };
  return tighten(story, decision);
}
