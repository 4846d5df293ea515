/**
 * think: Claude’s next answer. It fetches the messages it lacks by querying its own session (S8: its input is one
 * number), and keeps the rest in a bounded cache. Retried at least once, which costs money and nothing else.
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

export interface ThinkPorts {
  readonly model: ModelPort;
  readonly transcript: TranscriptSource;
}

/** Attempts of a failure that may be a hiccup and may be a wrong server. */
const FEW_ATTEMPTS = 5;

export function createThink({ model, transcript }: ThinkPorts): (raw: unknown) => Promise<Thought> {
  return async (raw) => {
    const input = ThinkInput.safeParse(raw);
    if (!input.success) throw ApplicationFailure.nonRetryable('think cannot read its input.', 'InvalidInput');
    const { cancellationSignal: signal } = Context.current();
    const stopBeating = keepBeating();
    try {
      const { setup, messages } = await transcript(input.data.upto);
      return await model({ setup, messages, signal });
    } catch (error) {
      throw error instanceof ModelFailure ? asActivityFailure(error, Context.current().info.attempt) : error;
    } finally {
      stopBeating();
    }
  };
}

/** Retried for ever, a few times, or not at all; the words say what happened and what to do. */
export function asActivityFailure(failure: ModelFailure, attempt: number): ApplicationFailure {
  const { kind, type, message, retryAfterMs } = failure;
  const nonRetryable = kind === 'give up' || (kind === 'retryFew' && attempt >= FEW_ATTEMPTS);
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable,
    ...(nonRetryable || retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    ...(nonRetryable ? {} : { category: 'BENIGN' as const }),
  });
}
