/** Waiting requests and verdicts: find, recompute the digest of what is shown, sign, send. */
import type { KeyObject } from 'node:crypto';
import { randomInt, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ApprovalRequest } from '../domain/request.ts';
import type { VerdictReceipt } from '../domain/session-state.ts';
import type { Verdict } from '../domain/verdict.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { requestDigest } from '../proof/digest.ts';
import { signVerdict } from '../proof/verdict-signature.ts';
import { CROWDED_OUT, decideApprovalSignal, decideApprovalUpdate } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import type { SessionListing } from './sessions.ts';
import { listSessions, stateOf } from './sessions.ts';

/** What waits, and which running sessions could not be asked: silence of a worker is not "nothing waits". */
export interface Waiting {
  /** Those that expire first on top. */
  readonly requests: readonly ApprovalRequest[];
  /** Ids of running sessions for which no worker answered. */
  readonly silent: readonly string[];
}

const MAX_SESSIONS = 500;

/** Only the sessions that `words` name, if they name any: one that does not answer must not hold up all the others. */
export function sessionsNamed<S extends Pick<SessionListing, 'workflowId' | 'runId'>>(
  sessions: readonly S[],
  words: string,
): readonly S[] {
  const head = words.split('/')[0] ?? '';
  if (head.length < MIN_PART || /^c[0-9]+$/.test(head)) return sessions;
  const named = sessions.filter(({ workflowId, runId }) => runId === head || workflowId.includes(head));
  return named.length > 0 ? named : sessions;
}

export async function waitingRequests(client: Client, words = ''): Promise<Waiting> {
  const sessions = sessionsNamed(await listSessions(client, MAX_SESSIONS, true), words);
  const states = await Promise.all(
    sessions.map(async ({ workflowId }) => {
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

/** The waiting request that `words` names; see `matchRequest`. */
export async function findRequest(client: Client, words: string): Promise<ApprovalRequest> {
  const { requests, silent } = await waitingRequests(client, words);
  const found = matchRequest(requests, words);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const hint = found.length === 0 ? 'No such request waits' : `"${visibleLine(words)}" fits ${found.length} requests`;
  const unheard = silent.length === 0 ? '' : ` (${silent.length} running sessions did not answer: is a worker up?)`;
  throw new ClientError('notFound', `${hint}${unheard}; see "countersign approvals".`);
}

/**
 * The requests that `words` may mean; the first way that fits anything counts: the request’s id; session and call
 * (`session-…-x7k2/c3`); the call alone (`c3`); a session’s id; the end of either after a hyphen; a part of a
 * session’s id, with or without a call. Never a part of a run id: `c1` must not be found in its hex digits.
 */
export function matchRequest(requests: readonly ApprovalRequest[], words: string): readonly ApprovalRequest[] {
  const cut = words.lastIndexOf('/');
  const [part, call] = cut === -1 ? [words, undefined] : [words.slice(0, cut), words.slice(cut + 1)];
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

export interface SigningKey {
  readonly approver: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Signs an answer to exactly what `request` shows: its digest is recomputed and must be the one it claims (S4). */
export function answerTo(
  request: ApprovalRequest,
  decision: 'approve' | 'deny',
  key: SigningKey,
  reason?: string,
): Verdict {
  const { digest, ...fields } = request;
  if (requestDigest(fields) !== digest) {
    throw new ClientError(
      'refused',
      'What this request shows is not what its digest covers: do not sign it, and look at the session’s history.',
    );
  }
  const { approver, keyId, privateKey } = key;
  const said = reason === undefined || reason === '' ? {} : { reason };
  return signVerdict(
    { requestId: request.id, digest, decision, approver, keyId, ...said, at: new Date().toISOString() },
    privateKey,
  );
}

/** What became of a verdict that was sent. */
export type Delivery =
  | { readonly kind: 'counted'; readonly receipt: VerdictReceipt }
  | { readonly kind: 'refused'; readonly why: string }
  /** The session is over, or there is none: nothing can be decided any more. */
  | { readonly kind: 'gone'; readonly why: string }
  /** Left as a signal: it stands in the history, its answer is not known here. */
  | { readonly kind: 'signalled' }
  /** Sent, and not answered in time: it may still count. */
  | { readonly kind: 'unanswered' };

const TRIES = 6;
const ANSWER_WITHIN_MS = 60_000;

/**
 * Sends a verdict as an update, never pinned to a run; tried again while a worker restarts, always under one update
 * id, so that a repetition after a lost answer gets the answer of the first. Where too many updates are in flight it
 * is sent as a signal.
 */
export async function sendVerdict(
  client: Client,
  workflowId: string,
  verdict: Verdict,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Delivery> {
  const handle = client.workflow.getHandle(workflowId);
  const end = Date.now() + withinMs;
  let options = { args: [verdict] as [Verdict], updateId: randomUUID() };
  for (let attempt = 1; ;) {
    try {
      const receipt = await client.withDeadline(end, () => handle.executeUpdate(decideApprovalUpdate, options));
      return { kind: 'counted', receipt };
    } catch (error) {
      const meant = whatNext(error);
      if (isCrowdedOut(error) && Date.now() + 1000 < end) {
        // Its id has an answer now; under another it takes its chance again.
        options = { ...options, updateId: randomUUID() };
        await new Promise((resolve) => setTimeout(resolve, 200 + randomInt(600)));
        continue;
      }
      if (meant === 'signal') {
        await handle.signal(decideApprovalSignal, verdict);
        return { kind: 'signalled' };
      }
      if (meant !== 'again') return meant;
      if (attempt >= TRIES || Date.now() >= end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300 * attempt));
      attempt += 1;
    }
  }
}

/** Too many came in this approver’s name, and nobody has looked at this verdict. */
function isCrowdedOut(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  const { cause } = error;
  return cause instanceof ApplicationFailure && cause.type === CROWDED_OUT;
}

/** What a failed update means for the verdict. */
export function whatNext(error: unknown): Delivery | 'signal' | 'again' {
  if (error instanceof WorkflowUpdateFailedError)
    return { kind: 'refused', why: error.cause?.message ?? 'no reason was given' };
  if (error instanceof WorkflowNotFoundError)
    return { kind: 'gone', why: 'The session has ended; nothing waits there any more.' };
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { kind: 'unanswered' };
  const code = grpcCode(error);
  if (code === GRPC.resourceExhausted) return 'signal';
  if (code === GRPC.deadlineExceeded || code === GRPC.cancelled) return { kind: 'unanswered' };
  if (code === GRPC.permissionDenied || code === GRPC.unauthenticated)
    return { kind: 'refused', why: 'The server does not let this client send updates.' };
  return 'again';
}

/** Status codes of gRPC, as numbers: the library’s enum is not ours to import. */
const GRPC = { cancelled: 1, deadlineExceeded: 4, permissionDenied: 7, resourceExhausted: 8, unauthenticated: 16 };

/** The client wraps the call’s error in one of its own; the status may stand in its cause. */
function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcCode(error.cause) : undefined;
}
