import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ModelPort } from '../../src/activities/think.ts';
import { createThink } from '../../src/activities/think.ts';
import { fetchTranscript, ownRunId } from '../../src/activities/fetch-transcript.ts';
import { createTranscriptCache } from '../../src/activities/transcript-cache.ts';
import { ModelFailure } from '../../src/domain/model-failure.ts';
import type { Thought } from '../../src/domain/session.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import type { Harness } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';

let harness: Harness;
let model: ModelPort;
beforeAll(async () => {
  // A cache that holds nothing: each turn asks the session for everything, as after a restart.
  const transcript = createTranscriptCache(fetchTranscript, ownRunId, { maxRuns: 0, maxCharacters: 0 });
  const think = createThink({ model: (call) => model(call), transcript });
  harness = await startHarness({ policy: BELL_POLICY, tools: createBell().tools, think });
});
afterAll(() => harness.stop());

const SECRET = 'planted-prompt-4711';
let calls: { readonly messages: number; readonly signal: AbortSignal }[] = [];
beforeEach(() => {
  calls = [];
});

function answering(...answers: readonly (Partial<Thought> | ModelFailure | Error | 'silence')[]): ModelPort {
  return ({ messages, signal }) => {
    calls.push({ messages: messages.length, signal });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer === 'silence') {
      return new Promise((_, reject) => {
        const cancelled = (): void => reject(new ModelFailure('cancelled', 'ModelCancelled', 'x'));
        if (signal.aborted) cancelled();
        else signal.addEventListener('abort', cancelled);
      });
    }
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    return Promise.resolve({
      content: [{ type: 'text', text: 'Ready' }],
      stopReason: 'end_turn',
      usage,
      model: 'm',
      requestId: 'r',
      ...answer,
    });
  };
}

const HEAR: Partial<Thought> = {
  content: [{ type: 'tool_use', id: 'toolu_1', name: 'hear_bell', input: { text: 'x' } }],
  stopReason: 'tool_use',
};

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(condition()).toBe(true);
}

describe('think in a session, on a real server', () => {
  test('S8: it asks its own session for the messages; without any cache the turns are the same', async () => {
    model = answering(HEAR, {});
    const session = await harness.start({ goal: 'listen' });
    expect(await session.result()).toMatchObject({ end: 'completed', text: 'Ready' });
    expect(calls.map(({ messages }) => messages)).toEqual([1, 3]);
  });

  test('a worker that stops in the middle of an answer ends nothing: the next one asks again', async () => {
    model = answering('silence', {});
    const session = await harness.start({ goal: 'wait' });
    await until(() => calls.length === 1);
    await harness.stopWorkers();
    expect(calls[0]?.signal.aborted).toBe(true);
    await harness.startWorkers();
    expect(await session.result()).toMatchObject({ end: 'completed', text: 'Ready' });
    expect(calls).toHaveLength(2);
  });

  test('a cancelled session stops the call to the model and ends as cancelled', async () => {
    model = answering('silence');
    const session = await harness.start({ goal: 'wait' });
    await until(() => calls.length === 1);
    await session.handle.cancel();
    expect(await session.result()).toMatchObject({ end: 'cancelled' });
    await until(() => calls[0]?.signal.aborted === true);
    expect(calls).toHaveLength(1);
  });

  test('a limit is ridden out at the time that the server named', async () => {
    model = answering(new ModelFailure('retry', 'ModelRateLimited', 'Claude is rate-limited.', 1500), {});
    const began = Date.now();
    const session = await harness.start({ goal: 'patience' });
    expect(await session.result()).toMatchObject({ end: 'completed' });
    expect(Date.now() - began).toBeGreaterThan(1400);
  });

  test('what no attempt can change ends the session at once, with words of ours', async () => {
    model = answering(new ModelFailure('give up', 'ModelKeyRefused', 'The key is not accepted.'));
    const session = await harness.start({ goal: 'x' });
    expect(await session.result()).toMatchObject({ end: 'model-failed', why: 'The key is not accepted.' });
    expect(calls).toHaveLength(1);
  });

  test('S10: what nobody classified does not stand in the history', async () => {
    model = answering(new Error(SECRET), {});
    const session = await harness.start({ goal: 'x' });
    expect(await session.result()).toMatchObject({ end: 'completed' });
    model = answering(Object.assign(new Error(SECRET), { nonRetryable: true, type: SECRET }));
    const other = await harness.start({ goal: 'x', limits: { wallTimeMs: 1500 } });
    await other.result();
    for (const { handle } of [session, other]) {
      const bytes = JSON.stringify(await handle.fetchHistory(), (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
      expect(bytes).not.toContain(SECRET);
    }
  });
});
