/** Starts a session and follows it, or says its name and leaves it to itself. */
import type { Client } from '@temporalio/client';
import { startSession } from '../client/sessions.ts';
import type { StartInput } from '../domain/start-input.ts';
import { followSession } from './follow-session.ts';
import type { GlobalOptions, KeyOptions } from './surroundings.ts';
import { taskQueueOf } from './surroundings.ts';
import { line, print, printJsonLine } from './terminal.ts';

export interface SessionOptions extends GlobalOptions, KeyOptions {
  readonly profile?: string;
  readonly detach?: boolean;
}

/** Exit code: 0 if the session completed and every action was done (or was left to itself), 1 otherwise. */
export async function startAndFollow(client: Client, input: StartInput, options: SessionOptions): Promise<number> {
  const handle = await startSession(client, taskQueueOf(options), input);
  if (options.detach !== true) return followSession(client, handle.workflowId, options);
  if (options.json === true) printJsonLine({ session: handle.workflowId });
  else print(line(handle.workflowId));
  return 0;
}

export function profileOf({ profile }: SessionOptions): { readonly profile?: string } {
  return profile === undefined ? {} : { profile };
}
