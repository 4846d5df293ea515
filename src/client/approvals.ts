/** Answering a request: recompute the digest of what is shown, sign, send. */
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
import type { Saying, Verdict } from '../domain/verdict.ts';
import { requestDigest } from '../proof/digest.ts';
import { signVerdict } from '../proof/verdict-signature.ts';
import { CROWDED_OUT, decideApprovalSignal, decideApprovalUpdate } from '../workflows/messages.ts';
import { ClientError } from './client-error.ts';
import type { Delivery } from './delivery.ts';

export interface SigningKey {
  readonly approver: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Signs an answer to exactly what `request` shows: its digest is recomputed and must be the one it claims (S4). */
export function answerTo(request: ApprovalRequest, saying: Saying, key: SigningKey, reason?: string): Verdict {
  const { digest, ...fields } = request;
  if (requestDigest(fields) !== digest) {
    throw new ClientError(
      'refused',
      'What this request shows is not what its digest covers: do not sign it, and look at the session’s history.',
    );
  }
  const happened = saying === 'happened';
  if (happened && request.question?.kind !== 'unknown') {
    throw new ClientError('usage', 'This request asks whether something may be done: approve or deny it.');
  }
  const decision = happened ? 'deny' : saying;
  const answered = happened ? ({ answer: 'happened' } as const) : {};
  const { approver, keyId, privateKey } = key;
  const said = reason === undefined || reason === '' ? {} : { reason };
  return signVerdict(
    { requestId: request.id, digest, decision, approver, keyId, ...said, ...answered, at: new Date().toISOString() },
    privateKey,
  );
}

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
