/**
 * The messages of sessions, kept so that each turn asks only for what is new.
 *
 * 1. A run’s messages are append-only, so what was seen stays true; a run that was reset has another id.
 * 2. What is missing is asked of the session; a page that does not fit exactly is refused, never patched.
 * 3. Bounded in runs and characters, the least recently used goes first. Losing all of it costs time, nothing else.
 */
import { ApplicationFailure } from '@temporalio/activity';
import type { Message, ModelSetup, TranscriptPage } from '../domain/transcript.ts';
import type { FetchTranscript } from './fetch-transcript.ts';

/** All messages before `upto`, and what goes with every call. */
export type TranscriptSource = (
  upto: number,
) => Promise<{ readonly setup: ModelSetup; readonly messages: readonly Message[] }>;

export interface CacheBounds {
  readonly maxRuns: number;
  /** Of all runs together, as JSON. */
  readonly maxCharacters: number;
}

interface Kept {
  readonly setup: ModelSetup;
  readonly messages: readonly Message[];
  readonly characters: number;
}

const BOUNDS: CacheBounds = { maxRuns: 50, maxCharacters: 32_000_000 };

export function createTranscriptCache(
  fetch: FetchTranscript,
  runId: () => string,
  bounds: CacheBounds = BOUNDS,
): TranscriptSource {
  const runs = new Map<string, Kept>();
  return async (upto) => {
    const run = runId();
    const kept = await complete(fetch, runs.get(run), upto);
    const newest = longer(runs.get(run), kept);
    runs.delete(run);
    runs.set(run, newest);
    evict(runs, bounds);
    return { setup: kept.setup, messages: kept.messages.slice(0, upto) };
  };
}

async function complete(fetch: FetchTranscript, known: Kept | undefined, upto: number): Promise<Kept> {
  let kept = known;
  while (kept === undefined || kept.messages.length < upto) {
    const from: number = kept?.messages.length ?? 0;
    const { messages, next, setup }: TranscriptPage = await fetch(from, upto);
    const itsSetup: ModelSetup | undefined = kept?.setup ?? setup;
    if (itsSetup === undefined || messages.length === 0 || next !== from + messages.length || next > upto)
      throw misfit();
    kept = {
      setup: itsSetup,
      messages: [...(kept?.messages ?? []), ...messages],
      characters: (kept?.characters ?? 0) + JSON.stringify(messages).length,
    };
  }
  return kept;
}

/** Of two attempts at once the one that knows more wins. */
function longer(present: Kept | undefined, fetched: Kept): Kept {
  return present !== undefined && present.messages.length > fetched.messages.length ? present : fetched;
}

function evict(runs: Map<string, Kept>, { maxRuns, maxCharacters }: CacheBounds): void {
  let characters = 0;
  for (const kept of runs.values()) characters += kept.characters;
  for (const [run, kept] of runs) {
    if (runs.size <= maxRuns && characters <= maxCharacters) return;
    runs.delete(run);
    characters -= kept.characters;
  }
}

function misfit(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'The session gave other messages than it was asked for; it is asked again.',
    type: 'TranscriptUnavailable',
    nonRetryable: false,
    category: 'BENIGN',
  });
}
