/**
 * One action’s story, folded from the events of one run (S9).
 *
 * 1. An outcome is what was recorded: the guard’s result, else the session’s own result, else what the failure proves.
 * 2. A scheduled pass without a recorded result is `unknown` once the run is closed, whatever came before it.
 */
import type { CandidateDecision } from '../domain/decision.ts';
import { own, ownString } from '../domain/json.ts';
import type { GuardResult, Outcome } from '../domain/outcome.ts';
import { BEFORE_MARK, NOT_PERFORMED } from '../domain/outcome.ts';
import { readGuardResult } from '../domain/read-result.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import type { HistoryEvent } from './history-event.ts';
import type { ActionRow } from './log-row.ts';

type Scheduled = HistoryEvent & { kind: 'scheduled' };
type Finished = HistoryEvent & { kind: 'completed' | 'failed' };

export interface ActionStory {
  readonly kind: 'actionStory';
  readonly at: string;
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
  readonly requests: ApprovalRequest[];
  pending: boolean;
  /** Something was scheduled since it was proposed: if it never is, the session denied it itself. */
  overtaken: boolean;
  passes: number;
  runId: string | null;
  attempts: number;
  last: GuardResult | undefined;
  /** What the latest pass that judged it told of a candidate policy. */
  candidate: CandidateDecision | null;
  /** How it ended without a result of the guard. */
  end: { readonly outcome: Outcome['kind']; readonly text: string } | undefined;
  endedAt: string | null;
}

export function proposed(at: string, callId: string, tool: string, input: unknown): ActionStory {
  return {
    kind: 'actionStory',
    at,
    callId,
    tool,
    input,
    requests: [],
    pending: false,
    overtaken: false,
    passes: 0,
    runId: null,
    attempts: 0,
    last: undefined,
    candidate: null,
    end: undefined,
    endedAt: null,
  };
}

/** `c3` of `c3.2`, the activity id of its second pass. */
export function callIdOf({ activityId }: Scheduled): string {
  return activityId.split('.')[0] ?? activityId;
}

export function schedulePass(story: ActionStory, runId: string): void {
  story.pending = true;
  story.passes += 1;
  story.runId = runId === '' ? null : runId;
  story.end = undefined;
}

export function finishPass(story: ActionStory, end: Finished, onlyReads: boolean): void {
  story.pending = false;
  story.endedAt = end.at;
  const result = end.kind === 'completed' ? readGuardResult(end.result) : undefined;
  if (result === undefined) {
    story.end = endOf(end, onlyReads);
    return;
  }
  story.last = result;
  if (result.kind === 'approvalNeeded') story.requests.push(result.request);
  if (result.kind !== 'waiting') story.candidate = candidateOf(result);
}

function candidateOf(result: Exclude<GuardResult, { readonly kind: 'waiting' }>): CandidateDecision | null {
  const told = result.kind === 'approvalNeeded' ? result.candidate : result.decision.candidate;
  const kind = (['allow', 'ask', 'deny', 'broken'] as const).find((each) => each === own(told, 'kind'));
  if (kind === undefined) return null;
  const [rule = null, policySha = null] = [ownString(told, 'rule'), ownString(told, 'policySha')];
  return { kind, rule, why: ownString(told, 'why') ?? '', policySha };
}

/** The same reading as the session’s own (workflows/tool-activity.ts): only proof that nothing was done is `failed`. */
function endOf(end: Finished, onlyReads: boolean): NonNullable<ActionStory['end']> {
  const text = end.kind === 'failed' ? end.why : 'The tool’s answer could not be read.';
  const nothingDone =
    end.kind === 'failed' &&
    ((end.how === 'failed' && (end.type === BEFORE_MARK || end.type === NOT_PERFORMED)) ||
      (end.how === 'timedOut' && !end.marked));
  return { outcome: nothingDone || onlyReads ? 'failed' : 'unknown', text };
}

/** True while the session waits for people to answer. */
export function isAsked({ pending, last, end }: ActionStory): boolean {
  return !pending && end === undefined && (last?.kind === 'approvalNeeded' || last?.kind === 'waiting');
}

/** Silence is denial: a timer that fires at or after `expiresAt` closes the request (S6). */
export function expire(story: ActionStory, at: string): void {
  const expiresAt = story.requests.at(-1)?.expiresAt;
  if (!isAsked(story) || expiresAt === undefined || Date.parse(at) < Date.parse(expiresAt)) return;
  story.end = { outcome: 'denied', text: `Nobody approved this before ${expiresAt}, and silence is denial.` };
  story.endedAt = at;
}

export function cancelAsked(story: ActionStory, at: string): void {
  if (!isAsked(story)) return;
  story.end = { outcome: 'denied', text: 'The session was cancelled while this waited for approval.' };
  story.endedAt = at;
}

interface RunFacts {
  readonly closed: boolean;
  /** What the session’s result says of this action, where it has one. */
  readonly listed: Outcome['kind'] | undefined;
  /** Whether the session has such a tool. */
  readonly offered: boolean;
}

export function actionRow(story: ActionStory, run: RunFacts): ActionRow {
  const { last, candidate, at, callId, tool, input, requests, passes, runId, attempts } = story;
  const settled = last === undefined || last.kind === 'approvalNeeded' || last.kind === 'waiting' ? undefined : last;
  const ended = endingOf(story, settled, run);
  return {
    kind: 'action',
    at,
    callId,
    tool,
    input,
    ...ended,
    decision: settled?.decision ?? null,
    candidate,
    requests,
    evidence: settled?.kind === 'done' ? settled.evidence : null,
    actionKey: last === undefined || last.kind === 'waiting' ? null : last.actionKey,
    passes,
    runId,
    attempts,
    endedAt: ended.outcome === 'running' || ended.outcome === 'waiting' ? null : story.endedAt,
    question: null,
  };
}

function endingOf(
  { pending, overtaken, end, passes }: ActionStory,
  settled: Outcome | undefined,
  { closed, listed, offered }: RunFacts,
): Pick<ActionRow, 'outcome' | 'text'> {
  if (pending) return closed ? { outcome: 'unknown', text: NO_RESULT } : { outcome: 'running', text: '' };
  if (settled !== undefined) return { outcome: settled.kind, text: settled.text };
  if (end !== undefined) return { outcome: listed ?? end.outcome, text: end.text };
  if (passes === 0 && !closed && !overtaken) return { outcome: 'running', text: '' };
  if (passes === 0) return { outcome: listed ?? 'denied', text: offered ? NEVER_GUARDED : NOT_OFFERED };
  if (!closed) return { outcome: 'waiting', text: '' };
  return { outcome: listed ?? 'denied', text: 'The session ended before anyone let this through; it was not done.' };
}

const NO_RESULT = 'It was scheduled and no result was recorded: whether it happened is not known.';
const NEVER_GUARDED = 'The session itself did not let it through: a limit was met, or it ended first.';
const NOT_OFFERED = 'The session itself did not let it through: it is offered no tool of that name.';

/** What a session’s result says of each of its actions, by call id. */
export function listedOutcomes(result: unknown): ReadonlyMap<string, Outcome['kind']> {
  const actions = own(result, 'actions');
  const known = ['done', 'denied', 'failed', 'unknown'] as const;
  return new Map(
    (Array.isArray(actions) ? actions : []).flatMap((action: unknown) => {
      const [callId, outcome] = [own(action, 'callId'), known.find((kind) => kind === own(action, 'outcome'))];
      return typeof callId === 'string' && outcome !== undefined ? [[callId, outcome] as const] : [];
    }),
  );
}
