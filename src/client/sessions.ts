/** Sessions as a client sees them: starting, finding, describing, cancelling. */
import { randomInt } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { SESSION_WORKFLOW } from '../domain/activity-name.ts';
import type { SessionState } from '../domain/session-state.ts';
import type { StartInput } from '../domain/start-input.ts';
import { readStartInput } from '../domain/start-input.ts';
import { withinBytes } from '../domain/text-size.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { stateQuery } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import type { HistoryEvent } from './history-event.ts';
import { readEvents } from './history-event.ts';

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
  const slug = goal
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  const suffix = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return ['session', slug, suffix].filter((part) => part !== '').join('-');
}

export interface SessionListing {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: string;
  readonly startedAt: string;
  readonly closedAt: string | null;
}

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
      startedAt: info.startTime.toISOString(),
      closedAt: info.closeTime?.toISOString() ?? null,
    });
    if (found.length >= limit) break;
  }
  return found;
}

/** The session with this id, or the only recent one whose id contains the words. */
export async function findSession(client: Client, words: string): Promise<WorkflowHandle> {
  const exact = client.workflow.getHandle(words);
  try {
    await exact.describe();
    return exact;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const near = (await listSessions(client, 500)).filter(({ workflowId }) => workflowId.includes(words));
  const ids = [...new Set(near.map(({ workflowId }) => workflowId))];
  if (ids.length === 1 && ids[0] !== undefined) return client.workflow.getHandle(ids[0]);
  if (ids.length === 0)
    throw new ClientError('notFound', `There is no session "${words}"; see "countersign sessions".`);
  throw new ClientError(
    'notFound',
    `"${words}" fits ${ids.length} sessions: ${ids.slice(0, 5).join(', ')}. Say more of the id.`,
  );
}

export interface PendingWork {
  readonly activity: string;
  readonly attempt: number;
  readonly lastFailure: string;
  readonly nextTryAt: string | null;
}

export interface SessionView {
  readonly workflowId: string;
  readonly status: string;
  readonly pending: readonly PendingWork[];
  /** Null where no worker answered. */
  readonly state: SessionState | null;
}

/** Status first: a query on a closed run answers with old state and would make a dead session look alive. */
export async function viewSession(client: Client, handle: WorkflowHandle): Promise<SessionView> {
  const described = await handle.describe();
  const pending = (described.raw.pendingActivities ?? []).map((activity) => ({
    activity: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 1,
    lastFailure: activity.lastFailure?.message ?? '',
    nextTryAt: timeOf(activity.scheduledTime?.seconds),
  }));
  return {
    workflowId: handle.workflowId,
    status: described.status.name.toLowerCase(),
    pending,
    state: await stateOf(client, handle),
  };
}

/** The session’s own state, or null when no worker answers within 5 s. */
export async function stateOf(client: Client, handle: WorkflowHandle): Promise<SessionState | null> {
  try {
    return await client.withDeadline(Date.now() + 5000, () => handle.query(stateQuery));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    if (error instanceof QueryNotRegisteredError) return null;
    return null;
  }
}

function timeOf(seconds: unknown): string | null {
  const value = Number(seconds ?? 0);
  return value > 0 ? new Date(value * 1000).toISOString() : null;
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** The events of the whole chain of runs, oldest first. */
export async function sessionEvents(client: Client, handle: WorkflowHandle): Promise<readonly HistoryEvent[]> {
  const chain: (readonly HistoryEvent[])[] = [];
  let runId: string | undefined = (await handle.describe()).runId;
  while (runId !== undefined && runId !== '' && chain.length < 100) {
    const history: History = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    chain.unshift(readEvents(events, runId));
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  }
  return chain.flat();
}
