/**
 * think: Claude’s next answer.
 *
 * 1. Its input is one number (S8): it fetches the messages it lacks by querying its own session.
 * 2. It may run more than once, which costs money and nothing else: an answer counts when the history has it.
 * 3. No failure carries a payload, a prompt or a key (S10); what it does not know, it does not repeat.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ThinkInput } from '../contract/session-calls.ts';
import { ModelFailure } from '../domain/model-failure.ts';
import type { Thought } from '../domain/session.ts';
import type { Message, ModelSetup } from '../domain/transcript.ts';
import { keepBeating } from './effect-mark.ts';
import type { TranscriptSource } from './transcript-cache.ts';

export interface ModelCall {
  readonly setup: ModelSetup;
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
}

/** Calls the model. Throws `ModelFailure` and nothing else. */
export type ModelPort = (call: ModelCall) => Promise<Thought>;

/** What think needs of the activity it runs in. */
export interface ThinkActivity {
  readonly runId: string;
  /** Aborts when the activity is cancelled, paused or reset and when its worker stops; its reason says which. */
  readonly signal: AbortSignal;
  /** Beats on a timer until the returned function is called. */
  readonly keepBeating: () => () => void;
}

export interface ThinkPorts {
  readonly model: ModelPort;
  readonly transcript: TranscriptSource;
  /** The running activity unless a test says otherwise. */
  readonly activity?: () => ThinkActivity;
}

/** Failures of one turn that may be hiccups and may be a wrong server. */
const FEW = 5;
/** Turns whose failures are remembered. */
const MOST_TURNS = 1000;

export function createThink({ model, transcript, activity = running }: ThinkPorts): (raw: unknown) => Promise<Thought> {
  const hiccups = countHiccups();
  return async (raw) => {
    const input = ThinkInput.safeParse(raw);
    if (!input.success) throw ApplicationFailure.nonRetryable('think cannot read its input.', 'InvalidInput');
    const { runId, signal, keepBeating: beat } = activity();
    const turn = `${runId}/${input.data.upto}`;
    const stopBeating = beat();
    try {
      const { setup, messages } = await transcript(input.data.upto);
      const thought = await model({ setup, messages, signal });
      hiccups.forget(turn);
      return thought;
    } catch (error) {
      // The reason is Temporal’s own: it makes of it a cancel, a pause, a reset, or a retry on another worker.
      if (signal.aborted) throw signal.reason;
      if (error instanceof ApplicationFailure) throw error;
      const failure = known(error);
      throw asActivityFailure(failure, failure.kind === 'retryFew' && hiccups.count(turn) >= FEW);
    } finally {
      stopBeating();
    }
  };
}

function running(): ThinkActivity {
  const { info, cancellationSignal } = Context.current();
  return { runId: info.workflowExecution?.runId ?? '', signal: cancellationSignal, keepBeating };
}

/** An error that nobody classified is not repeated: its words may be anybody’s. */
function known(error: unknown): ModelFailure {
  return error instanceof ModelFailure
    ? error
    : new ModelFailure('retryFew', 'ModelFailed', 'think failed in a way this version does not know.');
}

/** Retried, at the time the server named if it named one, or not; the words say what happened and what to do. */
export function asActivityFailure(
  { kind, type, message, retryAfterMs }: ModelFailure,
  enough: boolean,
): ApplicationFailure {
  if (kind === 'give up' || enough) return ApplicationFailure.create({ message, type, nonRetryable: true });
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: false,
    category: 'BENIGN',
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
}

interface Hiccups {
  /** This one included. */
  count(turn: string): number;
  forget(turn: string): void;
}

/**
 * Counts hiccups alone: the number of the attempt counts hours of rate limits too, and after them the first hiccup
 * would end the session. Kept in the worker: a restart begins anew, and the session’s wall time ends it all the same.
 */
function countHiccups(): Hiccups {
  const counts = new Map<string, number>();
  return {
    count: (turn) => {
      const count = (counts.get(turn) ?? 0) + 1;
      counts.delete(turn);
      counts.set(turn, count);
      const oldest = counts.keys().next().value;
      if (counts.size > MOST_TURNS && oldest !== undefined) counts.delete(oldest);
      return count;
    },
    forget: (turn) => void counts.delete(turn),
  };
}
