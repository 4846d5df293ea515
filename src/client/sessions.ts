/** Sessions as a client sees them: starting, finding, describing, cancelling. */
import { randomInt } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { SESSION_WORKFLOW } from '../domain/activity-name.ts';
import { ownString } from '../domain/json.ts';
import type { SessionResult } from '../domain/session.ts';
import type { SessionState } from '../domain/session-state.ts';
import type { StartInput } from '../domain/start-input.ts';
import { readStartInput } from '../domain/start-input.ts';
import { withinBytes } from '../domain/text-size.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { STATE_ATTRIBUTE, stateQuery } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import type { HistoryEvent } from './history-event.ts';
import { readEvents } from './history-event.ts';
import type { SessionEnding, SessionListing, SessionView } from './session-view.ts';

/** Starts a session under a readable id, like `session-mail-the-notes-x7k2`. */
export async function startSession(client: Client, taskQueue: string, input: StartInput): Promise<WorkflowHandle> {
  const read = readStartInput(input);
  if (read.kind === 'unreadable') throw new ClientError('usage', read.why);
  const goal = visibleLine(input.goal);
  return client.workflow.start(SESSION_WORKFLOW, {
    taskQueue,
    workflowId: sessionId(input.goal),
    args: [input],
    staticSummary: withinBytes(goal, 180),
    staticDetails: withinBytes(`Goal, as given:\n\n    ${goal}`, 4000),
  });
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export function sessionId(goal: string): string {
  // Of a long goal the beginning is enough, and normalising many marks in a row takes long.
  const slug = goal
    .slice(0, 400)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  const suffix = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return ['session', slug, suffix].filter((part) => part !== '').join('-');
}

const STATE_KEY = defineSearchAttributeKey(STATE_ATTRIBUTE, SearchAttributeType.KEYWORD);

/** Newest first, at most `limit`; visibility lags a moment behind. */
export async function listSessions(
  client: Client,
  limit: number,
  onlyRunning = false,
): Promise<readonly SessionListing[]> {
  const running = onlyRunning ? " AND ExecutionStatus = 'Running'" : '';
  const found: SessionListing[] = [];
  for await (const info of client.workflow.list({ query: `WorkflowType = '${SESSION_WORKFLOW}'${running}` })) {
    found.push({
      workflowId: info.workflowId,
      runId: info.runId,
      status: info.status.name.toLowerCase(),
      state: ownString({ state: info.typedSearchAttributes.get(STATE_KEY) }, 'state') ?? null,
      startedAt: info.startTime.toISOString(),
      closedAt: info.closeTime?.toISOString() ?? null,
    });
    if (found.length >= limit) break;
  }
  return found;
}

/** The session with this id, or the only recent one whose id contains the words. Never a workflow of another type. */
export async function findSession(client: Client, words: string): Promise<WorkflowHandle> {
  if (words === '') throw new ClientError('usage', 'Name a session, or a part of its id; see "countersign sessions".');
  const exact = client.workflow.getHandle(words);
  try {
    const { type } = await exact.describe();
    if (type === SESSION_WORKFLOW) return exact;
    throw new ClientError('notFound', `"${visibleLine(words)}" is a workflow of another kind, not a session.`);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const near = (await listSessions(client, 500)).filter(({ workflowId }) => workflowId.includes(words));
  const ids = [...new Set(near.map(({ workflowId }) => workflowId))];
  if (ids.length === 1 && ids[0] !== undefined) return client.workflow.getHandle(ids[0]);
  if (ids.length === 0)
    throw new ClientError('notFound', `There is no session "${visibleLine(words)}"; see "countersign sessions".`);
  throw new ClientError(
    'notFound',
    `"${visibleLine(words)}" fits ${ids.length} sessions: ${ids.slice(0, 5).map(visibleLine).join(', ')}. Say more of the id.`,
  );
}

/** Status first: a query on a closed run answers with old state and would make a dead session look alive. */
export async function viewSession(client: Client, handle: WorkflowHandle): Promise<SessionView> {
  const described = await handle.describe();
  const status = described.status.name.toLowerCase();
  const pending = (described.raw.pendingActivities ?? []).map((activity) => ({
    activity: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 1,
    lastFailure: activity.lastFailure?.message ?? '',
    nextTryAt: (activity.attempt ?? 1) > 1 ? timeOf(activity.nextAttemptScheduleTime) : null,
  }));
  const [state, ending] = await Promise.all([
    stateOf(client, handle),
    status === 'running' ? null : endingOf(client, handle, status),
  ]);
  return { workflowId: handle.workflowId, status, taskQueue: described.taskQueue, pending, state, ending };
}

/** Never throws for an ending that is no success: whoever asks wants to know it. */
async function endingOf(client: Client, { workflowId }: WorkflowHandle, status: string): Promise<SessionEnding> {
  try {
    const result = (await client.workflow.getHandle(workflowId).result()) as SessionResult;
    return { end: ownString(result, 'end') ?? status, why: ownString(result, 'why') ?? '', result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { end: status, why: error.cause?.message ?? '', result: null };
  }
}

/** The session’s own state, or null when no worker answers within 5 s. */
export async function stateOf(client: Client, handle: WorkflowHandle): Promise<SessionState | null> {
  try {
    return await client.withDeadline(Date.now() + 5000, () => handle.query(stateQuery));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    return null;
  }
}

function timeOf(time: Parameters<typeof optionalTsToDate>[0]): string | null {
  return optionalTsToDate(time)?.toISOString() ?? null;
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** The events of the whole chain of runs, oldest first. */
export async function sessionEvents(client: Client, handle: WorkflowHandle): Promise<readonly HistoryEvent[]> {
  return (await sessionHistory(client, handle)).flatMap(readEvents);
}

/** As `sessionEvents`, one list of events a run, as the server tells them. */
export async function sessionHistory(client: Client, handle: WorkflowHandle): Promise<readonly (readonly unknown[])[]> {
  const chain: (readonly unknown[])[] = [];
  let runId: string | undefined = (await handle.describe()).runId;
  while (runId !== undefined && runId !== '' && chain.length < 100) {
    const history: History = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    chain.unshift(events);
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  }
  return chain;
}
