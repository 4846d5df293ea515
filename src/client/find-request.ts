/**
 * Finding waiting requests (S6): whoever may start sessions can start thousands, and may not hide one by that.
 *
 * 1. An exact id (of a session, a call of it, or a request) asks that workflow itself; no list stands in between.
 * 2. A list names those first that say they wait, where the namespace knows the attribute. Anyone may claim it.
 * 3. What was not asked is said: silence of a worker and a list that is cut are not "nothing waits".
 */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { CALL_ID } from '../domain/call-id.ts';
import { SESSION_WORKFLOW } from '../domain/activity-name.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { WAITING_ATTRIBUTE } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import { hasSearchAttributes } from './namespace.ts';
import type { SessionListing } from './session-view.ts';
import { stateOf } from './sessions.ts';
import type { Waiting } from './waiting.ts';

type Named = Pick<SessionListing, 'workflowId' | 'runId'>;

/** Sessions that are asked for their state, and that are looked through by name. */
const MOST_ASKED = 500;
const MOST_LISTED = 10_000;

/** Only the sessions that `words` name, if they name any: one that does not answer must not hold up all the others. */
export function sessionsNamed<S extends Named>(sessions: readonly S[], words: string): readonly S[] {
  const head = words.split('/')[0] ?? '';
  if (head.length < MIN_PART || CALL_ID.test(head)) return sessions;
  const named = sessions.filter(({ workflowId, runId }) => runId === head || workflowId.includes(head));
  return named.length > 0 ? named : sessions;
}

/** What waits in the running sessions that `words` name, or in all. */
export async function waitingRequests(client: Client, words = '', mostAsked = MOST_ASKED): Promise<Waiting> {
  const listed = await runningSessions(client);
  const ids = new Set(sessionsNamed(listed, words).map(({ workflowId }) => workflowId));
  const asked = await askSessions(client, [...ids].slice(0, mostAsked));
  return { ...asked, isCut: listed.length >= MOST_LISTED || ids.size > mostAsked };
}

/** The waiting request that `words` name; see `matchRequest`. */
export async function findRequest(client: Client, words: string): Promise<ApprovalRequest> {
  const exact = await askSessions(client, await exactSessions(client, words));
  const foundThere = matchRequest(exact.requests, words);
  const { requests, silent, isCut } =
    foundThere.length > 0 ? { ...exact, isCut: false } : await waitingRequests(client, words);
  const found = foundThere.length > 0 ? foundThere : matchRequest(requests, words);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const hint = found.length === 0 ? 'No such request waits' : `"${visibleLine(words)}" fits ${found.length} requests`;
  const unheard = new Set([...exact.silent, ...silent]).size;
  const notes = [
    ...(unheard === 0 ? [] : [`${unheard} running sessions did not answer: is a worker up?`]),
    ...(isCut ? ['not every session was asked: give the whole id of the session or the request'] : []),
  ];
  const noted = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  throw new ClientError('notFound', `${hint}${noted}; see "countersign approvals".`);
}

/** The session in whose run the request with this id was asked; undefined if `words` are no request id. */
export async function sessionOfRequest(client: Client, words: string): Promise<string | undefined> {
  const runId = REQUEST_ID.exec(words)?.[1];
  if (runId === undefined) return undefined;
  const [found] = await listed(client, `RunId = '${runId}'`, 1);
  return found?.workflowId;
}

/**
 * The requests that `words` may mean; the first way that fits anything counts: the request’s id; session and call
 * (`session-…-x7k2/c3`); the call alone (`c3`); a session’s id; the end of either after a hyphen; a part of a
 * session’s id, with or without a call. Never a part of a run id: `c1` must not be found in its hex digits.
 */
export function matchRequest(requests: readonly ApprovalRequest[], words: string): readonly ApprovalRequest[] {
  const { part, call } = splitCall(words);
  const path = ({ workflowId, callId }: ApprovalRequest): string => `${workflowId}/${callId}`;
  const ways: readonly ((request: ApprovalRequest) => boolean)[] = [
    ({ id }) => id === words,
    (request) => path(request) === words,
    ({ callId }) => callId === words,
    ({ workflowId }) => workflowId === words,
    (request) => path(request).endsWith(`-${words}`) || request.workflowId.endsWith(`-${words}`),
    ({ workflowId, callId }) =>
      part.length >= MIN_PART && workflowId.includes(part) && (call === undefined || callId === call),
  ];
  for (const way of ways) {
    const found = requests.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

const MIN_PART = 3;
const REQUEST_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/c[0-9]+(?:-[0-9])?\/[0-9]+$/;

function splitCall(words: string): { readonly part: string; readonly call: string | undefined } {
  const cut = words.lastIndexOf('/');
  return cut === -1 ? { part: words, call: undefined } : { part: words.slice(0, cut), call: words.slice(cut + 1) };
}

/** Sessions whose id `words` are or begin with. The name of a call is looked for everywhere, whoever bears it as id. */
async function exactSessions(client: Client, words: string): Promise<readonly string[]> {
  if (words === '' || CALL_ID.test(words)) return [];
  const ids = [words, splitCall(words).part, (await sessionOfRequest(client, words)) ?? ''];
  const found = [...new Set(ids)]
    .filter((id) => id !== '')
    .map(async (id) => ((await isSession(client, id)) ? id : []));
  return (await Promise.all(found)).flat();
}

async function isSession(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { type, status } = await client.workflow.getHandle(workflowId).describe();
    return type === SESSION_WORKFLOW && status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function askSessions(client: Client, ids: readonly string[]): Promise<Omit<Waiting, 'isCut'>> {
  const states = await Promise.all(
    ids.map(async (workflowId) => {
      // A session that ended since it was listed has nothing that waits.
      const state = await stateOf(client, client.workflow.getHandle(workflowId)).catch(() => undefined);
      return { workflowId, state };
    }),
  );
  return {
    requests: states
      .flatMap(({ state }) => state?.waiting ?? [])
      .toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1)),
    silent: states.flatMap(({ workflowId, state }) => (state === null ? [workflowId] : [])),
  };
}

/** Newest first; those that say they wait before those that say nothing, and never those that say they do not. */
async function runningSessions(client: Client): Promise<readonly Named[]> {
  const isRunning = "ExecutionStatus = 'Running'";
  if (!(await hasSearchAttributes(client))) return listed(client, isRunning, MOST_LISTED);
  const waiting = await listed(client, `${isRunning} AND ${WAITING_ATTRIBUTE} > 0`, MOST_LISTED);
  // Not yet opened, or opened when the namespace did not know the attribute.
  const mute = `${isRunning} AND ${WAITING_ATTRIBUTE} IS NULL`;
  return [...waiting, ...(await listed(client, mute, MOST_LISTED - waiting.length))];
}

async function listed(client: Client, condition: string, limit: number): Promise<readonly Named[]> {
  const found: Named[] = [];
  if (limit <= 0) return found;
  const query = `WorkflowType = '${SESSION_WORKFLOW}' AND ${condition}`;
  for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    found.push({ workflowId, runId });
    if (found.length >= limit) break;
  }
  return found;
}
