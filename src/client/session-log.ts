/**
 * The log: a session’s history told as a table (S9). From history alone: no policy, no worker, no other source.
 *
 * 1. Each run of a chain is told by itself: call ids and event ids begin anew in each.
 * 2. Every action that was proposed has a row, those too that the session itself denied and never gave to the guard.
 */
import { DECIDE_APPROVAL } from '../workflows/messages.ts';
import { own, ownList, ownString } from '../domain/json.ts';
import { MAX_CALLS, readAnswer } from '../domain/model-answer.ts';
import { readOpened, readThought } from '../domain/read-result.ts';
import type { OpenedSession } from '../domain/session.ts';
import type { ActionStory } from './action-story.ts';
import {
  actionRow,
  callIdOf,
  cancelAsked,
  expire,
  finishPass,
  listedOutcomes,
  proposed,
  schedulePass,
} from './action-story.ts';
import { tellAnswers } from './answered-questions.ts';
import type { HistoryEvent } from './history-event.ts';
import type { LogRow, ThoughtRow } from './log-row.ts';
import { verdictRows } from './verdict-story.ts';

export type { ActionRow, LogRow } from './log-row.ts';

type Of<K extends HistoryEvent['kind']> = HistoryEvent & { kind: K };
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Tells the story of a chain of runs in order of time; an action stands where it was first proposed. */
export function tellStory(events: readonly HistoryEvent[]): readonly LogRow[] {
  const runs: HistoryEvent[][] = [];
  for (const event of events) {
    if (event.kind === 'started' || runs.length === 0) runs.push([]);
    runs.at(-1)?.push(event);
  }
  return runs.flatMap(tellRun);
}

interface Run {
  readonly rows: (LogRow | ActionStory)[];
  readonly actions: Map<string, ActionStory>;
  readonly scheduled: Map<number, Of<'scheduled'>>;
  readonly thoughts: Map<number, Writable<ThoughtRow>>;
  /** Tool calls the run was started with, instead of thinking. */
  script: readonly unknown[];
  opened: OpenedSession | undefined;
  calls: number;
  /** The run that did what follows: another after a reset. */
  runId: string;
}

function tellRun(events: readonly HistoryEvent[]): readonly LogRow[] {
  const run: Run = {
    rows: [],
    actions: new Map(),
    scheduled: new Map(),
    thoughts: new Map(),
    script: [],
    opened: undefined,
    calls: 0,
    runId: '',
  };
  const ending = events.find((event) => event.kind === 'ended');
  const messages: { readonly position: number; readonly event: Of<'signal' | 'update'> }[] = [];
  for (const event of events) {
    if (event.kind === 'signal' || event.kind === 'update') messages.push({ position: run.rows.length, event });
    else if (event.kind !== 'updateAnswered') tellEvent(run, event);
  }
  const closed = ending !== undefined;
  const listed = listedOutcomes(ending?.result);
  const requests = [...run.actions.values()].flatMap((story) => story.requests);
  const verdicts = verdictRows(
    events.filter((event) => !isStranger(event)),
    requests,
    closed,
  );
  for (const { position, event } of messages.toReversed()) {
    run.rows.splice(position, 0, verdicts.get(event) ?? strangerRow(event));
  }
  const offered = new Set(run.opened?.tools.map(({ name }) => name));
  const rows = run.rows.map((row): LogRow => {
    if (row.kind === 'actionStory')
      return actionRow(row, { closed, listed: listed.get(row.callId), offered: offered.has(row.tool) });
    return closed && row.kind === 'thought' && row.state === 'running' ? { ...row, state: 'unknown' } : row;
  });
  return tellAnswers(rows);
}

type Told = Exclude<HistoryEvent, { readonly kind: 'signal' | 'update' | 'updateAnswered' }>;

function tellEvent(run: Run, event: Told): void {
  const { rows, actions } = run;
  switch (event.kind) {
    case 'started': {
      const goal = ownString(event.input, 'goal') ?? '';
      rows.push({ kind: 'session', at: event.at, goal, startedBy: event.identity });
      run.runId = event.runId;
      run.script = ownList(event.input, 'actions');
      break;
    }
    case 'scheduled':
      schedule(run, event);
      break;
    case 'begun':
      begin(run, event);
      break;
    case 'completed':
    case 'failed':
      finish(run, event);
      break;
    case 'timerFired':
      for (const story of actions.values()) expire(story, event.at);
      break;
    case 'cancelAsked':
      rows.push({ kind: 'cancelAsked', at: event.at, sender: event.identity });
      for (const story of actions.values()) cancelAsked(story, event.at);
      break;
    case 'reset':
      run.runId = event.runId;
      rows.push({ kind: 'reset', at: event.at, ofRun: event.ofRun });
      break;
    case 'ended':
      rows.push({ kind: 'ended', at: event.at, ...endingOf(event) });
      break;
  }
}

function schedule(run: Run, event: Of<'scheduled'>): void {
  run.scheduled.set(event.eventId, event);
  for (const story of run.actions.values()) story.overtaken = true;
  if (event.type === 'openSession' || event.type === 'notify') return;
  if (event.type === 'think') {
    const turn = event.activityId.replace('think-', '#');
    const row = { kind: 'thought', at: event.at, turn, model: '', stopReason: '', tokens: 0, why: '' } as const;
    const thought: Writable<ThoughtRow> = { ...row, state: 'running', attempts: 0 };
    run.thoughts.set(event.eventId, thought);
    run.rows.push(thought);
    return;
  }
  const callId = callIdOf(event);
  const story = run.actions.get(callId) ?? proposed(event.at, callId, event.type, own(event.input, 'input') ?? null);
  if (!run.actions.has(callId)) run.rows.push(story);
  run.actions.set(callId, story);
  schedulePass(story, run.runId);
}

function begin(run: Run, { scheduledId, attempt }: Of<'begun'>): void {
  const event = run.scheduled.get(scheduledId);
  if (event === undefined) return;
  const told = run.thoughts.get(scheduledId) ?? run.actions.get(callIdOf(event));
  if (told !== undefined) told.attempts += attempt;
}

function finish(run: Run, end: Of<'completed' | 'failed'>): void {
  const event = run.scheduled.get(end.scheduledId);
  if (event === undefined) return;
  const why = end.kind === 'failed' ? end.why : 'the result cannot be read';
  if (event.type === 'openSession') open(run, end, why);
  else if (event.type === 'think') think(run, end, why);
  else {
    const story = run.actions.get(callIdOf(event));
    const tool = run.opened?.tools.find(({ name }) => name === event.type);
    if (story !== undefined) finishPass(story, end, tool?.onlyReads === true);
  }
}

function open(run: Run, end: Of<'completed' | 'failed'>, why: string): void {
  const opened = readOpened(end.kind === 'completed' ? end.result : undefined);
  if (opened === undefined) {
    run.rows.push({ kind: 'refused', at: end.at, why });
    return;
  }
  run.opened = opened;
  const { profile, policySha, model, limits, tools } = opened;
  const names = tools.map(({ name }) => name);
  run.rows.push({ kind: 'opened', at: end.at, profile, policySha, model, limits: { ...limits }, tools: names });
  for (const call of run.script) propose(run, end.at, ownString(call, 'tool') ?? '', own(call, 'input') ?? null);
}

function think(run: Run, end: Of<'completed' | 'failed'>, why: string): void {
  const row = run.thoughts.get(end.scheduledId);
  if (row === undefined) return;
  const thought = readThought(end.kind === 'completed' ? end.result : undefined);
  if (thought === undefined) {
    row.state = 'failed';
    row.why = why;
    return;
  }
  const { model, stopReason, usage } = thought;
  row.state = 'done';
  row.model = model;
  row.stopReason = stopReason;
  row.tokens = usage.inputTokens + usage.outputTokens;
  const next = readAnswer(thought);
  if (next.kind !== 'act') return;
  for (const { name, input } of next.calls.slice(0, MAX_CALLS)) propose(run, end.at, name, input);
}

/** The session numbers calls in the order in which they were proposed. */
function propose(run: Run, at: string, tool: string, input: unknown): void {
  run.calls += 1;
  const story = proposed(at, `c${run.calls}`, tool, input);
  run.actions.set(story.callId, story);
  run.rows.push(story);
}

function isStranger(event: HistoryEvent): boolean {
  return (event.kind === 'signal' || event.kind === 'update') && event.name !== DECIDE_APPROVAL;
}

function strangerRow({ kind: via, at, identity: sender, name }: Of<'signal' | 'update'>): LogRow {
  return { kind: 'message', at, via, sender, name };
}

function endingOf({ how, result, why }: Of<'ended'>): { readonly how: string; readonly why: string } {
  return { how: ownString(result, 'end') ?? how, why: ownString(result, 'why') ?? why };
}
