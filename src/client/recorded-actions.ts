/**
 * Each action of a session as its history records it: what the guard was given when it first judged it, what it
 * decided, what a person said, how it ended. From history alone.
 */
import { StandingInput } from '../contract/tool-call.ts';
import { CALL_ID } from '../domain/call-id.ts';
import type { CandidateDecision, Decision } from '../domain/decision.ts';
import { own, ownString } from '../domain/json.ts';
import { readGuardResult } from '../domain/read-result.ts';
import type { Standing } from '../domain/standing.ts';
import type { HistoryEvent } from './history-event.ts';
import { readEvents } from './history-event.ts';
import type { ActionRow } from './log-row.ts';
import { tellStory } from './session-log.ts';

/** What the guard was given besides the arguments. */
export type RecordedFacts =
  | {
      readonly kind: 'facts';
      readonly profile: string;
      readonly standing: Standing;
      /** The run is the continuation of one that was reset: what stands before may have been done already. */
      readonly afterReset: boolean;
      /** The action that had ended unknown, where a person was asked what became of it. */
      readonly retryOf: string | null;
    }
  | { readonly kind: 'none'; readonly why: string };

export interface FirstDecision {
  readonly kind: Decision['kind'];
  readonly rule: string | null;
  readonly why: string;
}

/** The verdict that settled an ask; `unanswered` if nobody’s did. */
export type PersonsAnswer =
  { readonly kind: 'approved' | 'denied'; readonly approver: string } | { readonly kind: 'unanswered' };

export interface RecordedAction {
  /** Workflow id. */
  readonly session: string;
  readonly at: string;
  readonly callId: string;
  readonly tool: string;
  /** As the model wrote them. */
  readonly input: unknown;
  readonly facts: RecordedFacts;
  /** What the guard decided when it first judged the action; null where no policy spoke. */
  readonly decided: FirstDecision | null;
  /** SHA-256 of the policy file that decided, hex: of the last pass that told it; else null. */
  readonly policySha: string | null;
  readonly candidate: CandidateDecision | null;
  /** Null where no person was asked. */
  readonly answer: PersonsAnswer | null;
  readonly outcome: ActionRow['outcome'];
  readonly text: string;
}

/** The actions in the events of a run, or of a chain of runs. `name` is the session’s where no event tells it. Total. */
export function recordedActions(events: readonly unknown[], name: string): readonly RecordedAction[] {
  const session = sessionOf(events, name);
  const runs: HistoryEvent[][] = [];
  for (const event of readEvents(events)) {
    if (event.kind === 'started' || runs.length === 0) runs.push([]);
    runs.at(-1)?.push(event);
  }
  return runs.flatMap((run) => actionsOfRun(run, session));
}

/** A reset copies what was before into the new run: of an action told twice the first one here is kept. */
export function distinctActions(actions: readonly RecordedAction[]): readonly RecordedAction[] {
  const seen = new Map<string, RecordedAction>();
  for (const action of actions) {
    const key = JSON.stringify([action.session, action.callId, action.at]);
    if (!seen.has(key)) seen.set(key, action);
  }
  return [...seen.values()];
}

/** The workflow id that the events tell, else `name`. */
export function sessionOf(events: readonly unknown[], name: string): string {
  return events.map(workflowIdOf).find((found) => found !== undefined) ?? name;
}

function workflowIdOf(event: unknown): string | undefined {
  const attributes = own({ ...(event as object | null) }, 'workflowExecutionStartedEventAttributes');
  const id = ownString(attributes, 'workflowId');
  return id === '' ? undefined : id;
}

function actionsOfRun(events: readonly HistoryEvent[], session: string): readonly RecordedAction[] {
  const first = firstPasses(events);
  return tellStory(events).flatMap((row) =>
    row.kind === 'action' ? [actionOf(row, first.get(row.callId), session)] : [],
  );
}

interface FirstPass {
  readonly input: unknown;
  result: unknown;
  afterReset: boolean;
}

/** The first pass of each action, by call id. */
function firstPasses(events: readonly HistoryEvent[]): ReadonlyMap<string, FirstPass> {
  const byCall = new Map<string, FirstPass>();
  const byEvent = new Map<number, FirstPass>();
  let wasReset = false;
  for (const event of events) {
    if (event.kind === 'reset') wasReset = true;
    if (event.kind === 'scheduled' && CALL_ID.test(event.activityId)) {
      const pass: FirstPass = { input: event.input, result: undefined, afterReset: wasReset };
      byCall.set(event.activityId, pass);
      byEvent.set(event.eventId, pass);
    }
    if (event.kind === 'completed') {
      const pass = byEvent.get(event.scheduledId);
      if (pass !== undefined) Object.assign(pass, { result: event.result, afterReset: wasReset });
    }
  }
  return byCall;
}

function actionOf(row: ActionRow, pass: FirstPass | undefined, session: string): RecordedAction {
  const { at, callId, tool, outcome, text, candidate } = row;
  return {
    session: session === '' ? (row.requests[0]?.workflowId ?? '') : session,
    at,
    callId,
    tool,
    input: pass === undefined ? row.input : (own(pass.input, 'input') ?? null),
    facts: factsOf(pass),
    decided: decisionOf(pass?.result),
    policySha: ownString(row.decision, 'policySha') ?? null,
    candidate,
    answer: answerOf(row),
    outcome,
    text,
  };
}

function factsOf(pass: FirstPass | undefined): RecordedFacts {
  if (pass === undefined) return { kind: 'none', why: 'the session itself denied it and never gave it to the guard' };
  const profile = ownString(pass.input, 'profile');
  const standing = StandingInput.safeParse(own(pass.input, 'standing'));
  if (profile === undefined || !standing.success)
    return { kind: 'none', why: 'what the guard was given cannot be read' };
  const retryOf = ownString(own(pass.input, 'retryOf'), 'callId') ?? null;
  return { kind: 'facts', profile, standing: standing.data, afterReset: pass.afterReset, retryOf };
}

function decisionOf(raw: unknown): FirstDecision | null {
  const result = readGuardResult(raw);
  if (result === undefined || result.kind === 'waiting') return null;
  if (result.kind === 'approvalNeeded') return { kind: 'ask', rule: result.request.rule, why: result.request.why };
  const { decision } = result;
  const kind = (['allow', 'ask', 'deny'] as const).find((each) => each === own(decision, 'kind'));
  // An attempt that found the mark of an earlier one did not look at the policy.
  const unread = result.kind === 'unknown' && ownString(decision, 'policySha') === undefined;
  if (kind === undefined || unread) return null;
  return { kind, rule: ownString(decision, 'rule') ?? null, why: ownString(decision, 'why') ?? '' };
}

function answerOf({ decision, requests, outcome }: ActionRow): PersonsAnswer | null {
  const verdict = own(decision, 'verdict');
  const [approver, said] = [ownString(verdict, 'approver'), own(verdict, 'decision')];
  if (approver !== undefined && (said === 'approve' || said === 'deny'))
    return { kind: said === 'approve' ? 'approved' : 'denied', approver };
  if (requests.length === 0 || outcome === 'waiting' || outcome === 'running') return null;
  return { kind: 'unanswered' };
}
