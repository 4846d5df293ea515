/**
 * What the session’s own story adds to the policy’s decision. It may turn allow into ask, and anything into deny; never
 * the other way (S3, S4). Pure: the guard asks it at the moment, `policy backtest` of what is recorded.
 */
import type { ApprovalTerms, Decision } from '../domain/decision.ts';
import type { Standing } from '../domain/standing.ts';

export interface ActionStory {
  /** The tool’s name. */
  readonly tool: string;
  readonly actionKey: string;
  readonly effect: 'read' | 'once';
  readonly standing: Pick<Standing, 'denied' | 'unknown' | 'unknownTools'>;
  /** The run goes on from one that was reset. */
  readonly wasReset: boolean;
  /** A person was asked about this very action before. */
  readonly wasAsked: boolean;
  /** The action of which this is the question what became of it; null: it is none. */
  readonly retryOf: string | null;
  /** For an ask that no rule made; null: nobody could approve it. */
  readonly defaultApproval: ApprovalTerms | null;
}

export function tightenDecision(story: ActionStory, decision: Decision): Decision {
  if (decision.kind === 'deny') return decision;
  const { rule } = decision;
  if (story.standing.denied.includes(story.actionKey)) {
    return { kind: 'deny', rule, why: 'A person denied this very action in this session; it stays denied.' };
  }
  const caution = cautionOf(story);
  if (decision.kind === 'ask') return { ...decision, why: `${decision.why} ${caution}`.trim() };
  const why = whyAskAfterAll(story, caution);
  if (why === '') return decision;
  if (story.defaultApproval === null)
    return { kind: 'deny', rule, why: `${why} The policy names nobody who could approve it.` };
  return { kind: 'ask', rule, why, approval: story.defaultApproval };
}

/** Empty if nothing stands against allowing it. The same in every pass of one request, for it is part of its digest. */
function whyAskAfterAll({ effect, wasReset, wasAsked }: ActionStory, caution: string): string {
  const reset =
    effect === 'once' && wasReset
      ? 'The session was reset: this may have been done before, in the run that was reset.'
      : '';
  if (reset !== '' || caution !== '') return `${reset} ${caution}`.trim();
  return wasAsked ? 'A person was asked about this action, so only a person can let it through.' : '';
}

/** Empty if no earlier action leaves a doubt about this one. */
function cautionOf({ standing, actionKey, tool, effect, retryOf }: ActionStory): string {
  if (retryOf !== null)
    return `CAUTION: whether ${retryOf} happened is not known; approve only if you know that it did not, for this does it again.`;
  if (standing.unknown.includes(actionKey))
    return 'CAUTION: this very action was begun before and its outcome is unknown; it may happen a second time.';
  if (effect === 'once' && standing.unknownTools.includes(tool))
    return `CAUTION: an earlier action of ${tool} has an unknown outcome; this may be a repetition.`;
  return '';
}
