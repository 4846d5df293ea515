/** Waiting requests and verdicts: find, recompute the digest of what is shown, sign, send. */
import type { KeyObject } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, isGrpcServiceError } from '@temporalio/client';
import type { ApprovalRequest } from '../domain/request.ts';
import type { VerdictReceipt } from '../domain/session-state.ts';
import type { Verdict } from '../domain/verdict.ts';
import { requestDigest } from '../proof/digest.ts';
import { signVerdict } from '../proof/verdict-signature.ts';
import { decideApprovalSignal, decideApprovalUpdate } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import { listSessions, stateOf } from './sessions.ts';

/** All waiting requests of running sessions, those that expire first on top. */
export async function waitingRequests(client: Client): Promise<readonly ApprovalRequest[]> {
  const sessions = await listSessions(client, 200, true);
  const states = await Promise.all(
    sessions.map(({ workflowId }) => stateOf(client, client.workflow.getHandle(workflowId)).catch(() => null)),
  );
  return states.flatMap((state) => state?.waiting ?? []).toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
}

/** The waiting request with this id, or the only one that is meant by a part of it or of its session’s id. */
export async function findRequest(client: Client, words: string): Promise<ApprovalRequest> {
  const waiting = await waitingRequests(client);
  const exact = waiting.find(({ id }) => id === words);
  const near = waiting.filter(
    ({ id, workflowId, callId }) => id.includes(words) || `${workflowId}/${callId}`.includes(words),
  );
  const found = exact ?? (near.length === 1 ? near[0] : undefined);
  if (found !== undefined) return found;
  const hint = near.length === 0 ? 'No such request waits' : `"${words}" fits ${near.length} requests`;
  throw new ClientError('notFound', `${hint}; see "countersign approvals".`);
}

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

export type Delivery =
  | { readonly kind: 'counted'; readonly receipt: VerdictReceipt }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'signalled' };

const TRIES = 5;

/**
 * Sends a verdict as an update, never pinned to a run; tried again while a worker restarts, and sent as a signal where
 * too many updates are in flight: then it stands in the history, and `show` tells what became of it.
 */
export async function sendVerdict(client: Client, workflowId: string, verdict: Verdict): Promise<Delivery> {
  const handle = client.workflow.getHandle(workflowId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { kind: 'counted', receipt: await handle.executeUpdate(decideApprovalUpdate, { args: [verdict] }) };
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError)
        return { kind: 'refused', why: error.cause?.message ?? 'no reason was given' };
      if (error instanceof WorkflowNotFoundError)
        return { kind: 'refused', why: 'The session has ended; nothing waits there any more.' };
      if (isExhausted(error)) {
        await handle.signal(decideApprovalSignal, verdict);
        return { kind: 'signalled' };
      }
      if (attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300 * attempt));
    }
  }
}

const RESOURCE_EXHAUSTED = '8';

/** By its gRPC status code. */
function isExhausted(error: unknown): boolean {
  return isGrpcServiceError(error) && RESOURCE_EXHAUSTED === `${error.code}`;
}
