/** What became of the verdicts that arrived in one run, from its events alone (S9). */
import type { JsonObject } from '../domain/json.ts';
import { isRecord, own, ownCount, ownList, ownString } from '../domain/json.ts';
import { readGuardResult } from '../domain/read-result.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import { readVerdictAddress, wrongField } from '../domain/verdict.ts';
import type { HistoryEvent } from './history-event.ts';
import type { VerdictRow } from './log-row.ts';

type Arrived = HistoryEvent & { kind: 'signal' | 'update' };
type Fate = Pick<VerdictRow, 'fate' | 'refusal'>;

/** Every verdict of a run as a row, by its event; the order of `events` is the order of arrival. */
export function verdictRows(
  events: readonly HistoryEvent[],
  requests: readonly ApprovalRequest[],
  closed: boolean,
): ReadonlyMap<HistoryEvent, VerdictRow> {
  const relayed = relayedVerdicts(events);
  const answers = new Map(
    events.flatMap((event) => (event.kind === 'updateAnswered' ? [[event.updateId, event]] : [])),
  );
  const rows = new Map<HistoryEvent, VerdictRow>();
  for (const event of events) {
    if (event.kind !== 'signal' && event.kind !== 'update') continue;
    const text = JSON.stringify(event.payload);
    const byGuard = relayed.get(text);
    // Only the first of two equal verdicts is passed on.
    relayed.delete(text);
    const answer = event.kind === 'update' ? answers.get(event.updateId) : undefined;
    const fate =
      answer !== undefined && answer.refusal !== null
        ? ({ fate: 'refused', refusal: answer.refusal } as const)
        : (byGuard ??
          (answer === undefined ? unanswered(event, requests, closed) : { fate: 'relayed', refusal: null }));
    const { kind: via, at, identity: sender } = event;
    rows.set(event, { kind: 'verdict', at, via, sender, claims: claimsOf(event.payload), ...fate });
  }
  return rows;
}

/** What the passes of the guard say of each verdict they were given, by its JSON; a later pass says more. */
function relayedVerdicts(events: readonly HistoryEvent[]): Map<string, Fate> {
  const results = new Map(
    events.flatMap((event) => (event.kind === 'completed' ? [[event.scheduledId, event.result]] : [])),
  );
  const fates = new Map<string, Fate>();
  for (const event of events) {
    if (event.kind !== 'scheduled') continue;
    const answered = results.has(event.eventId);
    const result = readGuardResult(results.get(event.eventId));
    for (const received of ownList(event.input, 'verdicts')) {
      const verdict = own(received, 'verdict');
      const refusal = result?.refused?.find(({ n }) => n === ownCount(received, 'n'))?.why;
      const settling = result !== undefined && 'decision' in result ? result.decision.verdict : undefined;
      const settled =
        settling !== undefined &&
        (['requestId', 'decision', 'approver', 'keyId', 'at'] as const).every(
          (key) => own(verdict, key) === settling[key],
        );
      if (refusal !== undefined) fates.set(JSON.stringify(verdict), { fate: 'refused', refusal });
      else if (settled) fates.set(JSON.stringify(verdict), { fate: 'settled', refusal: null });
      else fates.set(JSON.stringify(verdict), { fate: answered ? 'relayed' : 'open', refusal: null });
    }
  }
  return fates;
}

/** A verdict that no pass was given and that nobody answered: what the history shows of the reason. */
function unanswered({ payload, at }: Arrived, requests: readonly ApprovalRequest[], closed: boolean): Fate {
  const address = readVerdictAddress(payload);
  if (address.kind === 'unreadable') return ignored(address.why);
  const request = requests.find(({ id }) => id === address.requestId);
  if (request === undefined) return ignored('This session had no such request.');
  if (request.digest !== address.digest) return ignored('Its digest is not that of the request.');
  if (Date.parse(at) > Date.parse(request.expiresAt)) return ignored(`The request expired at ${request.expiresAt}.`);
  if (Date.parse(at) < Date.parse(request.requestedAt)) return ignored('It came before the request.');
  const wrong = wrongField(payload);
  if (wrong !== undefined) return ignored(`It is no verdict: ${wrong} is wrong.`);
  return closed ? ignored(PASSED_OVER) : OPEN;
}

const PASSED_OVER =
  'The request was closed by then, this very verdict had come before, or too many in its approver’s name were waiting.';
const OPEN: Fate = { fate: 'open', refusal: null };

function ignored(refusal: string): Fate {
  return { fate: 'ignored', refusal };
}

/** What a message claims to be; whether it is true, its fate says. */
function claimsOf(payload: unknown): JsonObject {
  if (!isRecord(payload)) return { unreadable: true };
  const keys = ['requestId', 'decision', 'approver', 'keyId', 'reason', 'answer', 'at'] as const;
  const found = keys.flatMap((key) => {
    const value = ownString(payload, key);
    return value === undefined ? [] : [[key, value.slice(0, 1000)] as const];
  });
  return found.length === 0 ? { unreadable: true } : Object.fromEntries(found);
}
