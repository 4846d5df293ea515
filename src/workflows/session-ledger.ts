/** All state of a session in one object, and what is told of it. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import { nextCallId } from '../domain/call-id.ts';
import { isRecord } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
import type { Outcome } from '../domain/outcome.ts';
import { costOf, undatedModel } from '../domain/model-price.ts';
import type { OpenedSession, SessionCost, SessionEnd, Thought } from '../domain/session.ts';
import type { SessionPhase, SessionState } from '../domain/session-state.ts';
import { withinBytes } from '../domain/text-size.ts';
import type { Standing } from '../domain/standing.ts';
import { NOTHING_SPENT } from '../domain/standing.ts';
import type { Message, TranscriptPage } from '../domain/transcript.ts';
import type { ApprovalBoard } from './approval-board.ts';
import { STATE_ATTRIBUTE, WAITING_ATTRIBUTE } from './messages.ts';

/** One action of the session, in call order. */
export interface ActionRecord {
  readonly callId: string;
  readonly turn: number;
  readonly tool: string;
  readonly summary: string;
  /** Labels of all results that the model had seen when it proposed the action. */
  readonly seen: readonly string[];
  /** The action that ended unknown, of which this is the question, and perhaps the second try. */
  readonly retryOf: ActionRecord | undefined;
  /** As the guard told them; until then nothing is counted of it. */
  actionKey: string | null;
  spends: Readonly<Record<string, number>>;
  progress: 'running' | 'waiting' | 'ended';
  /** A person was asked about it. */
  asked: boolean;
  outcome: Outcome | undefined;
}

export interface Ledger {
  goal: string;
  opened: OpenedSession | undefined;
  phase: SessionPhase;
  end: SessionEnd | undefined;
  turns: number;
  tokens: number;
  /** US dollars; null once some of it is not known. */
  costUsd: number | null;
  lastWords: string;
  readonly messages: Message[];
  readonly actions: ActionRecord[];
  readonly board: ApprovalBoard;
  /** What the search attributes were last set to. */
  told: string;
}

export function createLedger(board: ApprovalBoard): Ledger {
  return {
    goal: '',
    opened: undefined,
    phase: 'opening',
    end: undefined,
    turns: 0,
    tokens: 0,
    costUsd: 0,
    lastWords: '',
    messages: [],
    actions: [],
    board,
    told: '',
  };
}

export function addAction(ledger: Ledger, tool: string, summary: string, seen: readonly string[]): ActionRecord {
  const calls = ledger.actions.filter(({ retryOf }) => retryOf === undefined).length;
  const record = newRecord({ callId: `c${calls + 1}`, turn: ledger.turns, tool, summary, seen, retryOf: undefined });
  ledger.actions.push(record);
  return record;
}

/** The question what became of `record`: `c3-2` for `c3`, then `c3-3`. */
export function addRetry(ledger: Ledger, record: ActionRecord): ActionRecord {
  const retry = newRecord({ ...record, callId: nextCallId(record.callId), retryOf: record });
  ledger.actions.push(retry);
  return retry;
}

type Proposed = Pick<ActionRecord, 'callId' | 'turn' | 'tool' | 'summary' | 'seen' | 'retryOf'>;

function newRecord({ callId, turn, tool, summary, seen, retryOf }: Proposed): ActionRecord {
  const blank = { actionKey: null, spends: {}, progress: 'running', asked: false, outcome: undefined } as const;
  return { callId, turn, tool, summary, seen, retryOf, ...blank };
}

function firstOf(record: ActionRecord): ActionRecord {
  return record.retryOf === undefined ? record : firstOf(record.retryOf);
}

/**
 * Of the question what became of an action: a person has answered it. That it happened, or that it did not and was tried
 * again, with whatever end; what fails before a person has spoken says nothing of the first try (S7).
 */
export function isAnswered(outcome: Outcome | undefined): boolean {
  if (outcome === undefined || outcome.kind === 'denied') return false;
  return outcome.kind === 'done' || outcome.decision.verdict?.decision === 'approve';
}

/** True of one of the two where a person has said what became of an action: the two are one. */
function isCountedByOther({ actions }: Ledger, record: ActionRecord): boolean {
  const isDoubt = record.outcome?.kind === 'unknown';
  if (record.retryOf !== undefined && !isDoubt && !isAnswered(record.outcome)) return true;
  return isAnswered(actions.find(({ retryOf }) => retryOf === record)?.outcome);
}

export function addThought(ledger: Ledger, thought: Thought): void {
  ledger.messages.push({ role: 'assistant', content: thought.content });
  ledger.tokens += thought.usage.inputTokens + thought.usage.outputTokens;
  const { price, model } = ledger.opened ?? {};
  // Another model than the one that was priced: what it costs is not known.
  const known = price !== undefined && undatedModel(thought.model) === undatedModel(model ?? '');
  const cost = known ? costOf(price, thought.usage) : null;
  ledger.costUsd = cost === null || ledger.costUsd === null ? null : ledger.costUsd + cost;
}

export function costOfSession({ costUsd, opened }: Ledger): SessionCost {
  if (costUsd === null || opened?.price === undefined) return 'unknown';
  return { usd: Math.round(costUsd * 1e6) / 1e6, pricesOf: opened.price.asOf };
}

/** Labels of all results so far. */
export function labelsSeen({ actions }: Ledger): readonly string[] {
  return distinct(actions.flatMap(({ outcome }) => outcome?.labels ?? []));
}

/** What the session had spent when `record` was (or is again) scheduled: earlier calls count as done until they end. */
export function standingOf(ledger: Ledger, record: ActionRecord): Standing {
  const asked = ledger.actions.filter((other) => other !== record);
  const others = asked.filter((other) => !isCountedByOther(ledger, other));
  // What is tried again takes the place of the first try.
  const placeOf = (one: ActionRecord): number => ledger.actions.indexOf(firstOf(one));
  const earlier = others.filter((other) => placeOf(other) < placeOf(record));
  // What failed may have reached the world all the same; what waits for a person is reserved.
  const begun = earlier.filter(({ outcome }) => outcome?.kind !== 'denied');
  const counts = ledger.opened?.tools.find(({ name }) => name === record.tool)?.countsSame === true;
  const same = begun.flatMap(({ tool, actionKey }) => (tool === record.tool ? (actionKey ?? []) : []));
  const unknown = others.filter(({ outcome }) => outcome?.kind === 'unknown');
  return {
    ...NOTHING_SPENT,
    actions: totals(begun.map(({ tool }) => [tool, 1])),
    sums: totals(begun.flatMap(({ spends }) => Object.entries(spends))),
    same: counts ? totals(same.map((key) => [key, 1])) : null,
    unknown: distinct(unknown.flatMap(({ outcome }) => outcome?.actionKey ?? [])),
    unknownTools: distinct(unknown.filter(({ outcome }) => outcome?.actionKey === null).map(({ tool }) => tool)),
    denied: distinct(asked.flatMap(({ outcome }) => (deniedByPerson(outcome) ? (outcome?.actionKey ?? []) : []))),
    grants: ledger.actions.flatMap(({ outcome }) => outcome?.grants ?? []),
    labels: record.seen,
  };
}

function totals(entries: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value);
  return Object.fromEntries(sums);
}

function deniedByPerson(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'denied' && outcome.by !== undefined;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** A query carries 2 MB, and what waits for people must always fit; the history has every text whole. */
const STATE_TEXT_BYTES = 2000;

export function stateOf(ledger: Ledger): SessionState {
  const { opened, board } = ledger;
  return {
    goal: ledger.goal,
    profile: opened?.profile ?? null,
    model: opened?.model ?? null,
    policySha: opened?.policySha ?? null,
    phase: ledger.phase,
    end: ledger.end ?? null,
    turns: ledger.turns,
    tokens: ledger.tokens,
    cost: costOfSession(ledger),
    labels: labelsSeen(ledger),
    actions: ledger.actions.map(({ callId, tool, summary, progress, outcome }) => ({
      callId,
      tool,
      summary,
      outcome: outcome?.kind ?? (progress === 'waiting' ? 'waiting' : 'running'),
      text: withinBytes(outcome?.text ?? '', STATE_TEXT_BYTES),
    })),
    waiting: board.waiting(),
    closed: board.closed(),
    refused: board.refused(),
    lastWords: withinBytes(ledger.lastWords, 10 * STATE_TEXT_BYTES),
  };
}

const PAGE_CHARACTERS = 400_000;

/** Messages `from` to at most `upto - 1`, a page of about 400 KB; the first page carries the setup. */
export function transcriptPage(ledger: Ledger, from: unknown, upto: unknown): TranscriptPage {
  const first = Number.isInteger(from) && Number(from) >= 0 ? Number(from) : 0;
  const end = Number.isInteger(upto) ? Math.min(Number(upto), ledger.messages.length) : ledger.messages.length;
  const messages: Message[] = [];
  let size = 0;
  for (let position = first; position < end; position += 1) {
    const message = ledger.messages[position];
    if (message === undefined) break;
    size += JSON.stringify(message).length;
    if (messages.length > 0 && size > PAGE_CHARACTERS) break;
    messages.push(message);
  }
  const next = first + messages.length;
  return first === 0 && ledger.opened !== undefined
    ? { messages, next, setup: setupOf(ledger.opened) }
    : { messages, next };
}

function setupOf({ model, system, tools }: OpenedSession): NonNullable<TranscriptPage['setup']> {
  return {
    model,
    system,
    tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  };
}

/** Upserts the search attributes when, and only when, what they say has changed. */
export function tellVisibility(ledger: Ledger): void {
  if (ledger.opened?.searchAttributes !== true) return;
  const waiting = ledger.board.waiting().length;
  const state = ledger.end ?? (waiting > 0 ? 'waiting' : 'running');
  const told = `${state}/${waiting}`;
  if (told === ledger.told) return;
  ledger.told = told;
  upsertSearchAttributes([
    { key: { name: STATE_ATTRIBUTE, type: 'KEYWORD' }, value: state },
    { key: { name: WAITING_ATTRIBUTE, type: 'INT' }, value: waiting },
  ]);
}

/** The particulars of a call in one line, from whatever the model wrote; escaped and shortened by the caller. */
export function particularsOf(input: Json): string {
  return isRecord(input) ? Object.values(input).map(particular).join(' · ') : '';
}

/** A list by its items, a text by its first line. */
function particular(value: Json): string {
  if (Array.isArray(value)) return value.map(particular).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  const [first = '', ...more] = value.split('\n');
  return more.length === 0 ? value : `${first} …`;
}
