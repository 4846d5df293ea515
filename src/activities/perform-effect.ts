/**
 * The last step of the guard: the mark, then the effect, in the same moment (S1, S7).
 *
 * 1. Without an answered mark no effect. 2. The effect starts within 2 s of sending the mark, by a clock that a frozen
 * process cannot fool, or not at all. 3. A throw after the mark means unknown. 4. A worker that stops lets the effect
 * finish; only a cancel, a lost attempt or the deadline aborts it.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { JsonObject } from '../domain/json.ts';
import type { LimitedSignal } from '../domain/limited-signal.ts';
import { limitedSignal } from '../domain/limited-signal.ts';
import type { Outcome } from '../domain/outcome.ts';
import { BEFORE_MARK, NOT_PERFORMED } from '../domain/outcome.ts';
import type { Performance, PreparedAction } from '../tools/define-tool.ts';
import type { EffectMark } from './effect-mark.ts';
import { keepBeatingMark } from './effect-mark.ts';
import type { Spoken } from './guard-case.ts';
import { denied, done, failed, unknown } from './guard-case.ts';

const START_WITHIN_MS = 2000;
/** How much earlier than start-to-close the effect is aborted, so that its outcome can still be recorded. */
const DEADLINE_MARGIN_MS = 2000;

export type ReadyAction = PreparedAction & { readonly kind: 'ready' };

export interface Performing {
  readonly ready: ReadyAction;
  readonly said: Spoken;
  readonly mark: EffectMark;
  /** Request digest, or null for an allowed action. */
  readonly digest: string | null;
  /** Monotonic, in ms. */
  readonly monotonic: () => number;
}

/** An effect that must not happen twice. */
export async function performOnce(performing: Performing): Promise<Outcome> {
  const { ready, said, mark, digest, monotonic } = performing;
  const details = { key: said.key, digest, decision: { ...said.decision } as unknown as JsonObject };
  const sentAt = monotonic();
  const answer = await mark.set(details);
  if (answer.kind === 'cancelled') {
    await mark.withdraw();
    return denied(said, 'The session was cancelled before this was performed; nothing was done.');
  }
  if (answer.kind !== 'set') {
    if (answer.kind === 'halted') await mark.withdraw();
    throw retryable(BEFORE_MARK, `the effect was not started: ${answer.why}`);
  }
  if (monotonic() - sentAt > START_WITHIN_MS) {
    await mark.withdraw();
    throw retryable(NOT_PERFORMED, 'the effect was not started: too much time had passed since the mark');
  }
  const beats = keepBeatingMark(details);
  const performance = await performOrUnknown(ready);
  if (performance.kind === 'notPerformed') {
    beats.stopWithdrawn();
    await mark.withdraw();
    throw retryable(NOT_PERFORMED, fitting(performance.why));
  }
  beats.stop();
  return outcomeOf(performance, said, ready);
}

async function performOrUnknown(ready: ReadyAction): Promise<Performance> {
  const limit = effectSignal();
  try {
    return await ready.perform(limit.signal);
  } catch {
    return { kind: 'unknown', why: 'the tool broke off while it was acting' };
  } finally {
    limit.clear();
  }
}

/** A read: a stale late repeat is harmless, so there is no mark and a failure is tried again. */
export async function performRead({ ready, said }: Pick<Performing, 'ready' | 'said'>): Promise<Outcome> {
  let performance: Performance;
  const limit = effectSignal();
  try {
    performance = await ready.perform(limit.signal);
  } catch {
    throw retryable(NOT_PERFORMED, 'the tool broke off while it was reading');
  } finally {
    limit.clear();
  }
  if (performance.kind === 'notPerformed') throw retryable(NOT_PERFORMED, fitting(performance.why));
  if (performance.kind === 'unknown') return failed(said, fitting(performance.why));
  return outcomeOf(performance, said, ready);
}

function outcomeOf(
  performance: Exclude<Performance, { kind: 'notPerformed' }>,
  said: Spoken,
  { facts }: ReadyAction,
): Outcome {
  switch (performance.kind) {
    case 'done':
      return done(said, fitting(performance.text), { ...performance.evidence, facts });
    case 'failed':
      return failed(said, fitting(performance.text));
    case 'unknown':
      return unknown(
        said,
        `Whether this happened is not known: ${fitting(performance.why)}. It is not tried again by itself.`,
      );
  }
}

/** In bytes of JSON: what is recorded must be well below what a server takes (2 MB), or it is lost and done again. */
const MAX_TEXT_BYTES = 900_000;
/** A character is at most six bytes of JSON. */
const MAX_CUT_LENGTH = MAX_TEXT_BYTES / 6;

/** No tool should say so much; whatever one says, its outcome is recorded. */
export function fitting(text: string): string {
  if (text.length <= MAX_CUT_LENGTH) return text;
  if (text.length <= MAX_TEXT_BYTES && Buffer.byteLength(JSON.stringify(text)) <= MAX_TEXT_BYTES) return text;
  const kept = text.slice(0, MAX_CUT_LENGTH).toWellFormed();
  return `${kept}\n(cut here: the result has ${text.length} characters, of which ${kept.length} are told)`;
}

export function retryable(type: typeof BEFORE_MARK | typeof NOT_PERFORMED, why: string): ApplicationFailure {
  return ApplicationFailure.create({ message: why, type, nonRetryable: false, category: 'BENIGN' });
}

/** Aborts on a cancel, on a lost attempt and at the deadline; not because the worker is shutting down. */
function effectSignal(): LimitedSignal {
  const context = Context.current();
  const { cancellationSignal } = context;
  const controller = new AbortController();
  const onCancel = (): void => {
    if (context.cancellationDetails?.workerShutdown !== true) controller.abort(new Error('cancelled'));
  };
  cancellationSignal.addEventListener('abort', onCancel, { once: true });
  if (cancellationSignal.aborted) onCancel();
  const { startToCloseTimeoutMs, currentAttemptScheduledTimestampMs } = context.info;
  const left = currentAttemptScheduledTimestampMs + startToCloseTimeoutMs - DEADLINE_MARGIN_MS - Date.now();
  const limit = limitedSignal(controller.signal, Math.min(left, startToCloseTimeoutMs));
  return {
    signal: limit.signal,
    clear: () => {
      limit.clear();
      cancellationSignal.removeEventListener('abort', onCancel);
    },
  };
}
