/**
 * The log: a session’s history told as a table (S9). From history alone: no policy, no worker, no other source. A
 * scheduled action without a recorded result is `unknown` once the run is closed.
 */
import type { JsonObject } from '../domain/json.ts';
import { isRecord, own, ownString } from '../domain/json.ts';
import { readGuardResult, readOpened, readThought } from '../domain/read-result.ts';
import type { GuardResult, Outcome } from '../domain/outcome.ts';
import type { RecordedDecision } from '../domain/decision.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import type { HistoryEvent } from './history-event.ts';

/** One row of the log; `--json` prints these. */
export type LogRow =
  | {
      readonly kind: 'session';
      readonly at: string;
      readonly goal: string;
      readonly startedBy: string;
      readonly resetOf: string | null;
    }
  | {
      readonly kind: 'opened';
      readonly at: string;
      readonly profile: string;
      readonly policySha: string;
      readonly model: string;
      readonly tools: readonly string[];
    }
  | { readonly kind: 'refused'; readonly at: string; readonly why: string }
  | {
      readonly kind: 'thought';
      readonly at: string;
      readonly turn: string;
      readonly model: string;
      readonly stopReason: string;
      readonly tokens: number;
      readonly state: string;
    }
  | ActionRow
  | {
      readonly kind: 'verdict';
      readonly at: string;
      readonly via: 'signal' | 'update';
      readonly sender: string;
      readonly claims: JsonObject;
      readonly refusal: string | null;
    }
  | { readonly kind: 'cancelAsked'; readonly at: string; readonly sender: string }
  | { readonly kind: 'ended'; readonly at: string; readonly how: string; readonly why: string };

export interface ActionRow {
  readonly kind: 'action';
  readonly at: string;
  readonly callId: string;
  readonly tool: string;
  /** As the model wrote them; canonical arguments stand in the requests. */
  readonly input: unknown;
  /** `unknown` where the run is closed and no result was recorded; `running` or `waiting` while it is open. */
  readonly outcome: 'done' | 'denied' | 'failed' | 'unknown' | 'running' | 'waiting';
  readonly text: string;
  readonly decision: RecordedDecision | null;
  /** What the person was shown, newest last. */
  readonly requests: readonly ApprovalRequest[];
  readonly evidence: JsonObject | null;
  readonly actionKey: string | null;
  /** Attempts of all passes of the guard. */
  readonly attempts: number;
  readonly endedAt: string | null;
}

interface Draft {
  at: string;
  callId: string;
  tool: string;
  input: unknown;
  last: GuardResult | undefined;
  lastFailure: string | undefined;
  requests: ApprovalRequest[];
  attempts: number;
  endedAt: string | null;
  pending: boolean;
}

/** Tells the story of a run in order of time; an action stands where it was first proposed. */
export function tellStory(events: readonly HistoryEvent[]): readonly LogRow[] {
  const rows: (LogRow | Draft)[] = [];
  const actions = new Map<string, Draft>();
  const scheduled = new Map<number, HistoryEvent & { kind: 'scheduled' }>();
  const refusals = new Map(
    events.flatMap((event) => (event.kind === 'updateAnswered' ? [[event.updateId, event.refusal] as const] : [])),
  );
  for (const event of events) {
    if (event.kind === 'updateAnswered') continue;
    switch (event.kind) {
      case 'started':
        rows.push(sessionRow(event));
        break;
      case 'scheduled':
        scheduled.set(event.eventId, event);
        if (isAction(event)) rows.push(...propose(actions, event));
        break;
      case 'begun':
        begin(actions, scheduled.get(event.scheduledId), event.attempt);
        break;
      case 'completed':
      case 'failed': {
        const row = finish(actions, scheduled.get(event.scheduledId), event);
        if (row !== undefined) rows.push(row);
        break;
      }
      case 'signal':
      case 'update':
        rows.push(verdictRow(event, refusals));
        break;
      case 'cancelAsked':
        rows.push({ kind: 'cancelAsked', at: event.at, sender: event.identity });
        break;
      case 'ended':
        rows.push({ kind: 'ended', at: event.at, ...endingOf(event) });
        break;
    }
  }
  const closed = events.some(({ kind }) => kind === 'ended');
  return rows.map((row) => ('pending' in row ? actionRow(row, closed) : row));
}

function sessionRow({ at, input, identity, runId, originalRunId }: HistoryEvent & { kind: 'started' }): LogRow {
  const resetOf = originalRunId === runId ? null : originalRunId;
  return { kind: 'session', at, goal: ownString(input, 'goal') ?? '', startedBy: identity, resetOf };
}

function verdictRow(
  event: HistoryEvent & { kind: 'signal' | 'update' },
  refusals: ReadonlyMap<string, string | null>,
): LogRow {
  const { kind: via, at, identity: sender, payload } = event;
  const refusal = event.kind === 'update' ? (refusals.get(event.updateId) ?? null) : null;
  return { kind: 'verdict', at, via, sender, claims: claimsOf(payload), refusal };
}

function isAction({ type }: HistoryEvent & { kind: 'scheduled' }): boolean {
  return type !== 'openSession' && type !== 'think' && type !== 'notify';
}

function propose(actions: Map<string, Draft>, event: HistoryEvent & { kind: 'scheduled' }): readonly Draft[] {
  const callId = event.activityId.split('.')[0] ?? event.activityId;
  const known = actions.get(callId);
  if (known !== undefined) {
    known.pending = true;
    return [];
  }
  const draft: Draft = {
    at: event.at,
    callId,
    tool: event.type,
    input: own(event.input, 'input') ?? null,
    last: undefined,
    lastFailure: undefined,
    requests: [],
    attempts: 0,
    endedAt: null,
    pending: true,
  };
  actions.set(callId, draft);
  return [draft];
}

function begin(actions: Map<string, Draft>, event: HistoryEvent | undefined, attempt: number): void {
  if (event?.kind !== 'scheduled') return;
  const draft = actions.get(event.activityId.split('.')[0] ?? '');
  if (draft !== undefined) draft.attempts += attempt;
}

function finish(
  actions: Map<string, Draft>,
  event: HistoryEvent | undefined,
  end: HistoryEvent & { kind: 'completed' | 'failed' },
): LogRow | undefined {
  if (event?.kind !== 'scheduled') return undefined;
  const result = end.kind === 'completed' ? end.result : undefined;
  const why = end.kind === 'failed' ? end.why : '';
  if (event.type === 'openSession') return openedRow(end.at, result, why);
  if (event.type === 'think') return thoughtRow(end.at, event.activityId.replace('think-', '#'), result, why);
  const draft = actions.get(event.activityId.split('.')[0] ?? '');
  if (draft === undefined) return undefined;
  draft.pending = false;
  draft.endedAt = end.at;
  draft.last = readGuardResult(result);
  draft.lastFailure = draft.last === undefined ? why || 'the result cannot be read' : undefined;
  if (draft.last?.kind === 'approvalNeeded') draft.requests.push(draft.last.request);
  return undefined;
}

function openedRow(at: string, result: unknown, why: string): LogRow {
  const opened = readOpened(result);
  if (opened === undefined) return { kind: 'refused', at, why };
  const { profile, policySha, model, tools } = opened;
  return { kind: 'opened', at, profile, policySha, model, tools: tools.map(({ name }) => name) };
}

function thoughtRow(at: string, turn: string, result: unknown, why: string): LogRow {
  const thought = readThought(result);
  if (thought === undefined)
    return { kind: 'thought', at, turn, model: '', stopReason: '', tokens: 0, state: `failed: ${why}` };
  const { model, stopReason, usage } = thought;
  return {
    kind: 'thought',
    at,
    turn,
    model,
    stopReason,
    tokens: usage.inputTokens + usage.outputTokens,
    state: 'done',
  };
}

function actionRow(draft: Draft, closed: boolean): ActionRow {
  const { last, requests, pending } = draft;
  const settled = settledOf(last);
  return {
    kind: 'action',
    at: draft.at,
    callId: draft.callId,
    tool: draft.tool,
    input: draft.input,
    outcome: pending ? (closed ? 'unknown' : 'running') : (settled?.kind ?? unsettled(draft, closed)),
    text: settled?.text ?? draft.lastFailure ?? closedWords(requests.length, closed),
    decision: settled?.decision ?? null,
    requests,
    evidence: settled?.kind === 'done' ? settled.evidence : null,
    actionKey: last === undefined || last.kind === 'waiting' ? null : last.actionKey,
    attempts: draft.attempts,
    endedAt: pending ? null : draft.endedAt,
  };
}

function settledOf(last: GuardResult | undefined): Outcome | undefined {
  return last === undefined || last.kind === 'approvalNeeded' || last.kind === 'waiting' ? undefined : last;
}

function closedWords(requests: number, closed: boolean): string {
  return closed && requests > 0 ? 'No answer let it through before the request was closed.' : '';
}

/** A request that no verdict let through is denied by its closing; a failed activity may hide an effect. */
function unsettled({ last }: Draft, closed: boolean): ActionRow['outcome'] {
  if (last === undefined) return 'unknown';
  return closed ? 'denied' : 'waiting';
}

function endingOf({ how, result, why }: HistoryEvent & { kind: 'ended' }): {
  readonly how: string;
  readonly why: string;
} {
  const end = ownString(result, 'end');
  return { how: end ?? how, why: ownString(result, 'why') ?? why };
}

/** What a message claims to be; whether it is true, the action’s decision says. */
function claimsOf(payload: unknown): JsonObject {
  if (!isRecord(payload)) return { unreadable: true };
  const keys = ['requestId', 'decision', 'approver', 'keyId', 'reason', 'at'] as const;
  const found = keys.flatMap((key) => {
    const value = ownString(payload, key);
    return value === undefined ? [] : [[key, value.slice(0, 1000)] as const];
  });
  return found.length === 0 ? { unreadable: true } : Object.fromEntries(found);
}
