import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { fetchTranscript, ownRunId } from '../../src/activities/fetch-transcript.ts';
import { createThink } from '../../src/activities/think.ts';
import { createTranscriptCache } from '../../src/activities/transcript-cache.ts';
import { createClaude } from '../../src/adapters/anthropic/claude.ts';
import { BELL_POLICY } from '../support/bell.ts';
import type { Session } from '../support/harness.ts';
import { startHarness, verdict } from '../support/harness.ts';
import type { ThinkingHarness } from '../support/thinking.ts';
import { PLANTED_KEY, startThinkingHarness } from '../support/thinking.ts';

let harness: ThinkingHarness;

beforeAll(async () => {
  harness = await startThinkingHarness();
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.bell.rung.length = 0;
  harness.bell.heard.length = 0;
});

const hear = (text: string): { name: string; input: Record<string, unknown> } => ({
  name: 'hear_bell',
  input: { text },
});
const run = (goal: string, more: Record<string, unknown> = {}): Promise<Session> => harness.start({ goal, ...more });

describe('a session that thinks', () => {
  test('a denial reaches Claude as an error result with its reason, and the reason of a person too', async () => {
    harness.play(({ results }) => {
      if (results.length === 0) return { calls: [{ name: 'ring_bell', input: { text: 'x' } }] };
      return { text: `I was told: ${results[0]}` };
    });
    const session = await run('ring');
    await session.update(verdict(await session.request(), 'deny', harness.alice, { reason: 'too loud' }));
    const { text, end } = await session.result();
    expect({ text, end }).toMatchObject({ end: 'completed', text: expect.stringContaining('too loud') });
  });

  test('parallel calls run side by side; all results go back in one message, in the order of the calls', async () => {
    harness.play(({ results }) =>
      results.length === 0
        ? { calls: [hear('a'), { name: 'no_such_tool', input: {} }, hear('b')] }
        : { text: results.join(' | ') },
    );
    const { text, actions } = await (await run('listen')).result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['done', 'denied', 'done']);
    expect(text.split(' | ').map((part) => part.slice(0, 8))).toEqual(['heard a', 'There is', 'heard b']);
  });

  test.each([
    ['refusal', 'refused'],
    ['max_tokens', 'truncated'],
    ['model_context_window_exceeded', 'context-exceeded'],
    ['something_new', 'unexpected-answer'],
  ])('stop_reason %s ends the session as %s and runs no tool', async (stopReason, end) => {
    harness.play(() => ({ calls: [hear('never')], stopReason }));
    expect(await (await run('stop')).result()).toMatchObject({ end, actions: [] });
    expect(harness.bell.heard).toEqual([]);
  });

  test('S13: results that no query could carry are replaced, and the session thinks on; state stays small', async () => {
    harness.bell.hear = (text) => text.padEnd(150_000, 'x');
    harness.play(({ results }) =>
      results.length === 0
        ? { calls: Array.from({ length: 16 }, (_, n) => hear(`${n}`)) }
        : { text: `${results.filter((one) => one.includes('too much for one turn')).length} left out` },
    );
    const session = await run('much');
    expect(await session.result()).toMatchObject({ end: 'completed', text: '9 left out' });
    expect(JSON.stringify(await session.state()).length).toBeLessThan(100_000);
    harness.bell.hear = undefined;
  });

  test('a turn that Claude paused goes on, and counts as a turn', async () => {
    harness.play(({ turn }) => (turn === 0 ? { text: 'One moment', stopReason: 'pause_turn' } : { text: 'Ready' }));
    expect(await (await run('wait')).result()).toMatchObject({ end: 'completed', text: 'Ready', turns: 2 });
  });

  test('S13: two tool calls with one id end the session with a defined failure, and run nothing', async () => {
    harness.play(() => ({
      calls: [
        { ...hear('a'), id: 'toolu_same' },
        { ...hear('b'), id: 'toolu_same' },
      ],
    }));
    expect(await (await run('twice')).result()).toMatchObject({ end: 'unexpected-answer', actions: [] });
  });

  test('more than sixteen calls of one answer: the rest get an error result', async () => {
    harness.play(({ results }) =>
      results.length === 0
        ? { calls: Array.from({ length: 18 }, (_, n) => hear(`${n}`)) }
        : { text: results.at(-1) ?? '' },
    );
    const { actions, text } = await (await run('many')).result();
    expect(actions).toHaveLength(16);
    expect(text).toContain('At most 16');
  });

  test.each([
    ['turns', { turns: 2 }, 2],
    ['tokens', { tokens: 1 }, 1],
  ])('the limit of %s ends the session with a clear result', async (_, limits, turns) => {
    harness.play(() => ({ calls: [hear('on and on')] }));
    expect(await (await run('for ever', { limits })).result()).toMatchObject({ end: 'limit', turns });
  });

  test('the stand-in, as strict as the real API, rejected none of our requests', () => {
    expect(harness.rejected).toEqual([]);
  });
});

describe('what stands in the history', () => {
  async function historyOf(
    turns: number,
  ): Promise<{ readonly json: string; readonly bytes: number; readonly thinkInputs: readonly number[] }> {
    harness.play(({ turn }) =>
      turn < turns - 1 ? { calls: [hear(`${turn} ${'x'.repeat(2000)}`)] } : { text: 'enough' },
    );
    const session = await run(`talk for ${turns} turns`, { limits: { turns: 100 } });
    await session.result();
    const history = await session.handle.fetchHistory();
    const thinks = (history.events ?? []).flatMap((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      return scheduled?.activityType?.name === 'think' ? [scheduled.input?.payloads?.[0]?.data?.length ?? 0] : [];
    });
    const json = historyToJSON(history);
    return { json, bytes: json.length, thinkInputs: thinks };
  }

  test('S8: bytes per turn stay constant from 10 to 60 turns, and no think input is over 1 KB', async () => {
    harness.writePolicy(
      BELL_POLICY.replace('approval: { by: [owner], expires: 1h }\ndefault', 'limits: { turns: 100 }\ndefault'),
    );
    const [ten, sixty] = [await historyOf(10), await historyOf(60)];
    harness.writePolicy(BELL_POLICY);
    expect([ten.thinkInputs.length, sixty.thinkInputs.length]).toEqual([10, 60]);
    expect(Math.max(...ten.thinkInputs, ...sixty.thinkInputs)).toBeLessThan(1024);
    const perTurn = (sixty.bytes - ten.bytes) / 50;
    expect(perTurn / (ten.bytes / 10)).toBeLessThan(1.15);
  });

  test('S10: the planted API key stands in no history, not even where the model failed', async () => {
    harness.play(() => ({ text: 'fine' }));
    const good = await run('say something');
    await good.result();
    const model = createClaude({ apiKey: PLANTED_KEY, baseURL: 'http://127.0.0.1:1', idleMs: 500 });
    const failing = await startHarness({
      policy: BELL_POLICY,
      tools: harness.bell.tools,
      think: createThink({ model, transcript: createTranscriptCache(fetchTranscript, ownRunId) }),
    });
    const lost = await failing.start({ goal: 'nobody answers', limits: { wallTimeMs: 2500 } });
    expect(await lost.result()).toMatchObject({ end: 'limit' });
    for (const session of [good, lost]) {
      const bytes = JSON.stringify(historyToJSON(await session.handle.fetchHistory()));
      const decoded = bytes.replaceAll(/[A-Za-z0-9+/=]{16,}/g, (text) =>
        Buffer.from(text, 'base64').toString('latin1'),
      );
      expect(bytes + decoded).not.toContain(PLANTED_KEY);
    }
    await failing.stop();
  });
});
