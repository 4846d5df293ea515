/** The messages of a session, fetched by querying the session itself; a bounded cache keeps what was seen. */
import { ApplicationFailure, activityInfo, getClient } from '@temporalio/activity';
import { isRecord, own, ownCount, ownString } from '../domain/json.ts';
import type { Message, ModelSetup, TranscriptPage } from '../domain/transcript.ts';

/** Messages `from` to at most `upto - 1` of the calling activity’s own run. */
export type FetchTranscript = (from: number, upto: number) => Promise<TranscriptPage>;

/** All messages before `upto`, and what goes with every call. */
export type TranscriptSource = (
  upto: number,
) => Promise<{ readonly setup: ModelSetup; readonly messages: readonly Message[] }>;

interface Kept {
  readonly setup: ModelSetup;
  readonly messages: readonly Message[];
}

/** Keyed by run id; the least recently used of `maxRuns` goes. What it misses, the session is asked for again. */
export function createTranscriptCache(fetch: FetchTranscript, runId: () => string, maxRuns = 50): TranscriptSource {
  const runs = new Map<string, Kept>();
  return async (upto) => {
    const run = runId();
    let kept = runs.get(run);
    while (kept === undefined || kept.messages.length < upto) {
      const from: number = kept?.messages.length ?? 0;
      const page = await fetch(from, upto);
      const setup: ModelSetup | undefined = kept?.setup ?? page.setup;
      if (setup === undefined || page.messages.length === 0 || page.next !== from + page.messages.length)
        throw incomplete();
      kept = { setup, messages: [...(kept?.messages ?? []), ...page.messages] };
    }
    runs.delete(run);
    runs.set(run, kept);
    const oldest = runs.keys().next().value;
    if (runs.size > maxRuns && oldest !== undefined) runs.delete(oldest);
    return { setup: kept.setup, messages: kept.messages.slice(0, upto) };
  };
}

/** The run of the calling activity. */
export function ownRunId(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}

/** By the session’s `transcript` query. Every failure is worth another try: a worker may be restarting. */
export const fetchTranscript: FetchTranscript = async (from, upto) => {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined)
    throw ApplicationFailure.nonRetryable('think runs only in a session.', 'NotASession');
  const { workflowId, runId } = workflowExecution;
  let page: unknown;
  try {
    page = await getClient().workflow.getHandle(workflowId, runId).query('transcript', from, upto);
  } catch {
    throw retry('The session could not be asked for its messages: is a worker of role "workflow" running?');
  }
  const read = readPage(page);
  if (read === undefined) throw retry('The session’s messages could not be read.');
  return read;
};

function readPage(page: unknown): TranscriptPage | undefined {
  const messages = own(page, 'messages');
  const setup = own(page, 'setup');
  const good =
    Array.isArray(messages) &&
    messages.every((message) => isRecord(message) && ownString(message, 'role') !== undefined) &&
    ownCount(page, 'next') !== undefined &&
    (setup === undefined || (ownString(setup, 'model') !== undefined && ownString(setup, 'system') !== undefined));
  // Decoded JSON of our own workflow, looked at above.
  return good ? (page as unknown as TranscriptPage) : undefined;
}

function retry(message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type: 'TranscriptUnavailable', nonRetryable: false, category: 'BENIGN' });
}

function incomplete(): ApplicationFailure {
  return retry('The session has fewer messages than it said.');
}
