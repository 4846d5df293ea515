/**
 * The messages of a session, asked of the session itself by its `transcript` query (measured: 6 to 11 ms a turn).
 * Failures carry words of ours: what a query says when it fails may quote the conversation (S10).
 */
import { ApplicationFailure, activityInfo, getClient } from '@temporalio/activity';
import { QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { TranscriptPageShape } from '../contract/transcript-page.ts';
import { own } from '../domain/json.ts';
import type { TranscriptPage } from '../domain/transcript.ts';

/** Messages `from` to at most `upto - 1` of the calling activity’s own run. */
export type FetchTranscript = (from: number, upto: number) => Promise<TranscriptPage>;

/** A query without any worker to answer it ends by itself after 29 s (measured). */
const DEADLINE_MS = 40_000;

export const fetchTranscript: FetchTranscript = async (from, upto) => {
  const { workflowId, runId } = ownRun();
  const client = getClient();
  let answer: unknown;
  try {
    answer = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId, runId).query('transcript', from, upto),
    );
  } catch (error) {
    throw classifyQueryFailure(error);
  }
  const page = TranscriptPageShape.safeParse(answer);
  if (!page.success) throw unavailable('its answer could not be read: are workers of two versions running?');
  return page.data;
};

/** The run of the calling activity. Throws where there is none. */
export function ownRunId(): string {
  return ownRun().runId;
}

function ownRun(): { readonly workflowId: string; readonly runId: string } {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) {
    throw ApplicationFailure.nonRetryable('think runs only in a session.', 'NotASession');
  }
  return workflowExecution;
}

/** gRPC codes (grpc.io, status codes). */
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const UNAVAILABLE = 14;

/** Everything but a session that is gone may pass: a worker restarts, a server is busy, a task is stuck. Pure. */
export function classifyQueryFailure(error: unknown): ApplicationFailure {
  if (error instanceof WorkflowNotFoundError) {
    return ApplicationFailure.nonRetryable('The session no longer exists.', 'NotASession');
  }
  if (error instanceof QueryNotRegisteredError) {
    return unavailable(
      error.message.includes('exceeds limit')
        ? 'one of its messages is larger than a query can carry (2 MB).'
        : 'it knows no query "transcript": are workers of two versions running?',
    );
  }
  const code = error instanceof ServiceError ? own(error.cause, 'code') : undefined;
  switch (code) {
    case FAILED_PRECONDITION:
      return unavailable('no worker of role "workflow" answers, or the session’s last workflow task failed.');
    case RESOURCE_EXHAUSTED:
      return unavailable('the Temporal server is busy.');
    case UNAVAILABLE:
    case DEADLINE_EXCEEDED:
      return unavailable('the Temporal server did not answer.');
    default:
      return unavailable('the query failed.');
  }
}

function unavailable(why: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `The session could not be asked for its messages: ${why} It is tried again.`,
    type: 'TranscriptUnavailable',
    nonRetryable: false,
    category: 'BENIGN',
  });
}
