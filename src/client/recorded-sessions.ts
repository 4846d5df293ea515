/** The recorded actions of many sessions, as visibility lists them; of their histories at most AT_ONCE are held. */
import type { Client } from '@temporalio/client';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { SESSION_WORKFLOW } from '../domain/activity-name.ts';
import { ClientError } from './client-error.ts';
import type { RecordedAction } from './recorded-actions.ts';
import { recordedActions } from './recorded-actions.ts';

export interface RecordedSession {
  readonly workflowId: string;
  /** Of one run; null where the history is gone (its retention is over). */
  readonly actions: readonly RecordedAction[] | null;
}

export interface RecordedSessions {
  readonly sessions: readonly RecordedSession[];
  /** True if visibility lists more than were asked for. */
  readonly more: boolean;
}

/** How many histories are fetched at a time. */
const AT_ONCE = 8;

/** Each run that the query finds (all sessions without one), newest first, at most `limit`. */
export async function recordedSessions(
  client: Client,
  query: string | undefined,
  limit: number,
): Promise<RecordedSessions> {
  const listed = await listRuns(client, query, limit + 1);
  const runs = listed.slice(0, limit);
  const sessions: RecordedSession[] = [];
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    sessions.push(...(await Promise.all(runs.slice(from, from + AT_ONCE).map((run) => historyOf(client, run)))));
  }
  return { sessions, more: listed.length > limit };
}

interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

async function listRuns(client: Client, query: string | undefined, limit: number): Promise<readonly Run[]> {
  const all = `WorkflowType = '${SESSION_WORKFLOW}'`;
  const found: Run[] = [];
  try {
    for await (const { workflowId, runId } of client.workflow.list({
      query: query === undefined ? all : `${all} AND (${query})`,
    })) {
      found.push({ workflowId, runId });
      if (found.length >= limit) break;
    }
  } catch (error) {
    const details = refusedQuery(error);
    if (details === undefined) throw error;
    throw new ClientError('usage', `The server does not take this query of sessions: ${details}`);
  }
  return found;
}

const INVALID_ARGUMENT = 3;

/** The server’s words about a query that it does not take, else undefined. */
function refusedQuery(error: unknown): string | undefined {
  const cause = error instanceof ServiceError ? error.cause : error;
  const { code, details } = { ...(cause as object | undefined) } as { code?: unknown; details?: unknown };
  return code === INVALID_ARGUMENT && typeof details === 'string' ? details : undefined;
}

async function historyOf(client: Client, { workflowId, runId }: Run): Promise<RecordedSession> {
  try {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return { workflowId, actions: recordedActions(events ?? [], workflowId) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { workflowId, actions: null };
    throw error;
  }
}
