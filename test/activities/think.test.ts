import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { ModelPort, ThinkActivity } from '../../src/activities/think.ts';
import { createThink } from '../../src/activities/think.ts';
import type { TranscriptSource } from '../../src/activities/transcript-cache.ts';
import type { ModelFailureKind } from '../../src/domain/model-failure.ts';
import { ModelFailure } from '../../src/domain/model-failure.ts';
import type { Thought } from '../../src/domain/session.ts';

const SETUP = { model: 'm', system: 's', tools: [] };
const THOUGHT: Thought = {
  content: [{ type: 'text', text: 'hi' }],
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
  model: 'm',
  requestId: 'r',
};
const SECRET = 'planted-prompt-4711';

const transcript: TranscriptSource = (upto) =>
  Promise.resolve({
    setup: SETUP,
    messages: Array.from({ length: upto }, (_, n) => ({ role: 'user' as const, content: `${n}` })),
  });

interface Watch {
  beating: number;
}

function thinkWith(
  model: ModelPort,
  more: Partial<ThinkActivity & { transcript: TranscriptSource; watch: Watch }> = {},
) {
  const {
    watch = { beating: 0 },
    transcript: source = transcript,
    runId = 'run',
    signal = new AbortController().signal,
  } = more;
  const keepBeating = (): (() => void) => {
    watch.beating += 1;
    return () => {
      watch.beating -= 1;
    };
  };
  return createThink({ model, transcript: source, activity: () => ({ runId, signal, keepBeating }) });
}

async function failureOf(answer: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error(`no ApplicationFailure: ${String(error)}`);
}

function failing(kind: ModelFailureKind, retryAfterMs?: number): ModelPort {
  return () => Promise.reject(new ModelFailure(kind, 'ModelRateLimited', 'Words of ours.', retryAfterMs));
}

describe('think', () => {
  test('S8: one number is all it is told; the model gets exactly the messages before it', async () => {
    const seen: unknown[] = [];
    const think = thinkWith((call) => {
      seen.push(
        call.setup,
        call.messages.map(({ content }) => content),
      );
      return Promise.resolve(THOUGHT);
    });
    expect(await think({ upto: 3 })).toEqual(THOUGHT);
    expect(seen).toEqual([SETUP, ['0', '1', '2']]);
  });

  test.each([undefined, null, 7, {}, { upto: 0 }, { upto: 1.5 }, { upto: '1' }, { upto: 1, messages: ['forged'] }])(
    'S13: the input %j is refused for good, before anything is asked',
    async (input) => {
      const failure = await failureOf(thinkWith(() => Promise.reject(new Error('asked')))(input));
      expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    },
  );

  test('it beats while it works and stops however it ends', async () => {
    const watch = { beating: 0 };
    const during: number[] = [];
    const model: ModelPort = () => {
      during.push(watch.beating);
      return Promise.resolve(THOUGHT);
    };
    await thinkWith(model, { watch })({ upto: 1 });
    await failureOf(thinkWith(failing('give up'), { watch })({ upto: 1 }));
    await failureOf(thinkWith(model, { watch, transcript: () => Promise.reject(new Error('x')) })({ upto: 1 }));
    expect({ during, after: watch.beating }).toEqual({ during: [1], after: 0 });
  });
});

describe('what a failed model call does to the session', () => {
  test('a limit is ridden out at the time the server named, and does not count as a fault of ours', async () => {
    const failure = await failureOf(thinkWith(failing('retry', 7000))({ upto: 1 }));
    expect(failure).toMatchObject({
      nonRetryable: false,
      nextRetryDelay: 7000,
      category: 'BENIGN',
      type: 'ModelRateLimited',
      message: 'Words of ours.',
    });
  });

  test('without a time the retry policy decides', async () => {
    const failure = await failureOf(thinkWith(failing('retry'))({ upto: 1 }));
    expect({ nonRetryable: failure.nonRetryable, delay: failure.nextRetryDelay }).toEqual({
      nonRetryable: false,
      delay: undefined,
    });
  });

  test('what no attempt can change ends at once, and loudly', async () => {
    const failure = await failureOf(thinkWith(failing('give up', 7000))({ upto: 1 }));
    expect(failure).toMatchObject({ nonRetryable: true });
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(failure.category).not.toBe('BENIGN');
  });

  test('a hiccup is tried five times, then it is a wrong server', async () => {
    const think = thinkWith(failing('retryFew'));
    const ends: boolean[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1)
      ends.push((await failureOf(think({ upto: 1 }))).nonRetryable === true);
    expect(ends).toEqual([false, false, false, false, true]);
  });

  test('a night of rate limits does not use up the attempts of a hiccup, nor do other turns and sessions', async () => {
    let next: ModelFailureKind = 'retry';
    let runId = 'one';
    const keepBeating = (): (() => void) => () => undefined;
    const think = createThink({
      model: (call) => failing(next)(call),
      transcript,
      activity: () => ({ runId, signal: new AbortController().signal, keepBeating }),
    });
    for (let attempt = 0; attempt < 500; attempt += 1) await failureOf(think({ upto: 1 }));
    next = 'retryFew';
    for (let attempt = 0; attempt < 4; attempt += 1) await failureOf(think({ upto: 1 }));
    expect(await failureOf(think({ upto: 3 }))).toMatchObject({ nonRetryable: false });
    runId = 'two';
    expect(await failureOf(think({ upto: 1 }))).toMatchObject({ nonRetryable: false });
    runId = 'one';
    expect(await failureOf(think({ upto: 1 }))).toMatchObject({ nonRetryable: true });
  });

  test('S10: an error that nobody classified is not repeated in the history', async () => {
    const leak = Object.assign(new Error(`body: ${SECRET}`), { request: SECRET, cause: new Error(SECRET) });
    for (const model of [() => Promise.reject(leak), () => Promise.reject(new TypeError(SECRET))]) {
      const failure = await failureOf(thinkWith(model)({ upto: 1 }));
      expect(failure).toMatchObject({ type: 'ModelFailed', nonRetryable: false });
      expect(`${String(failure.stack)}${String(failure.cause)}${JSON.stringify(failure)}`).not.toContain(SECRET);
    }
  });

  test('a transcript that cannot be had is passed on as it is', async () => {
    const lost = ApplicationFailure.retryable('busy', 'TranscriptUnavailable');
    const model: ModelPort = () => Promise.resolve(THOUGHT);
    expect(await failureOf(thinkWith(model, { transcript: () => Promise.reject(lost) })({ upto: 1 }))).toBe(lost);
  });

  test('a cancel ends as the cancel that it is, however the model call put it', async () => {
    const controller = new AbortController();
    const reason = new CancelledFailure('CANCELLED');
    const model: ModelPort = ({ signal }) => {
      controller.abort(reason);
      return Promise.reject(
        signal.aborted ? new ModelFailure('cancelled', 'ModelCancelled', 'x') : new Error('signal was not passed on'),
      );
    };
    await expect(thinkWith(model, { signal: controller.signal })({ upto: 1 })).rejects.toBe(reason);
    const late = thinkWith(failing('give up'), { signal: AbortSignal.abort(reason) });
    await expect(late({ upto: 1 })).rejects.toBe(reason);
  });
});
