/**
 * What the session’s own story adds to the policy’s decision. It may turn allow into ask, and anything into deny; never
 * the other way (S3, S4).
 */
import type { ToolCallInput } from '../contract/tool-call.ts';
import type { ApprovalTerms, Decision } from '../domain/decision.ts';
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

export function tightenDecision(story: Story, decision: Decision, effect: Effect): Decision {
  if (decision.kind === 'deny') return decision;
  const { rule } = decision;
  if (story.call.standing.denied.includes(story.key)) {
    return { kind: 'deny', rule, why: 'A person denied this very action in this session; it stays denied.' };
  }
  const caution = cautionOf(story, effect);
  if (decision.kind === 'ask') return { ...decision, why: `${decision.why} ${caution}`.trim() };
  const why = whyAskAfterAll(story, effect, caution);
  if (why === '') return decision;
  if (story.defaultApproval === null)
    return { kind: 'deny', rule, why: `${why} The policy names nobody who could approve it.` };
  return { kind: 'ask', rule, why, approval: story.defaultApproval };
}

/** Empty if nothing stands against allowing it. The same in every pass of one request, for it is part of its digest. */
function whyAskAfterAll({ call, place }: Story, effect: Effect, caution: string): string {
  const wasReset = effect === 'once' && call.originalRunId !== place.runId;
  const reset = wasReset ? 'The session was reset: this may have been done before, in the run that was reset.' : '';
  if (reset !== '' || caution !== '') return `${reset} ${caution}`.trim();
  return call.request === undefined ? '' : 'A person was asked about this action, so only a person can let it through.';
}

/** Empty if no earlier action leaves a doubt about this one. */
function cautionOf({ call: { standing }, key, tool }: Story, effect: Effect): string {
  if (standing.unknown.includes(key))
    return 'CAUTION: this very action was begun before and its outcome is unknown; it may happen a second time.';
  if (effect === 'once' && standing.unknownTools.includes(tool.name))
    return `CAUTION: an earlier action of ${tool.name} has an unknown outcome; this may be a repetition.`;
  return '';
}
