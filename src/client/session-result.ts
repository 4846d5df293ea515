import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import type { SessionResult } from '../domain/session.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { ClientError } from './client-error.ts';

/** Waits for the end of the whole chain of runs. Throws `refused` for an end that leaves no result. */
export async function sessionResult(client: Client, { workflowId }: WorkflowHandle): Promise<SessionResult> {
  try {
    return (await client.workflow.getHandle(workflowId).result()) as SessionResult;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const why = visibleLine(error.cause?.message ?? 'no reason was given');
    throw new ClientError('refused', `The session ${visibleLine(workflowId)} ended without a result: ${why}`);
  }
}
