import { describe, expect, test } from '@jest/globals';
import { ModelFailure } from '../../../src/domain/model-failure.ts';
import type { Message } from '../../../src/domain/transcript.ts';
import { converse, think } from './conversation.ts';
import { play, read, replies, standIn, useStandIn } from './one-stand-in.ts';

useStandIn();

const GOAL: readonly Message[] = [{ role: 'user', content: 'go' }];

describe('free scripts, through the real SDK', () => {
  test('text, calls and parallel calls come out as the API says them', async () => {
    replies({ text: 'Looking.', calls: [read('a'), read('b')] }, ({ calls }) => ({
      text: calls.map(({ result, isError }) => `${result}/${isError}`).join(),
    }));
    const { text, thoughts, calls } = await converse(standIn, 'go', ({ input }) =>
      input['path'] === 'a' ? 'A' : '!B',
    );
    expect(thoughts.map(({ stopReason }) => stopReason)).toEqual(['tool_use', 'end_turn']);
    expect(thoughts[0]?.content).toMatchObject([
      { type: 'text', text: 'Looking.' },
      { type: 'tool_use', name: 'read_file', input: { path: 'a' } },
      { type: 'tool_use', name: 'read_file', input: { path: 'b' } },
    ]);
    expect(calls).toHaveLength(2);
    expect(text).toBe('A/false,B/true');
  });

  test.each(['refusal', 'max_tokens', 'model_context_window_exceeded', 'stop_sequence', 'something_new'])(
    'stop_reason %s, with a call in it or without',
    async (stopReason) => {
      replies({ text: 'Half', calls: [read('a')], stopReason });
      expect(await think(standIn, GOAL)).toMatchObject({
        stopReason,
        content: [{ type: 'text' }, { type: 'tool_use' }],
      });
      replies({ text: 'Half', stopReason });
      expect(await think(standIn, GOAL)).toMatchObject({ stopReason });
    },
  );

  test('an answer that paused is continued', async () => {
    replies({ text: 'One moment', stopReason: 'pause_turn' }, { calls: [read('a')] }, { text: 'Ready' });
    const { messages, text } = await converse(standIn, 'go', () => 'A');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant', 'user', 'assistant']);
    expect(text).toBe('Ready');
  });

  test('duplicate ids come through, for the session to end on', async () => {
    replies({ calls: [read('a', 'toolu_same'), read('b', 'toolu_same')] });
    expect((await think(standIn, GOAL)).content.map((block) => block['id'])).toEqual(['toolu_same', 'toolu_same']);
  });

  test.each([[['a']], ['text'], [7], [null]])(
    'an input that is no object (%j) is refused by our reader',
    async (input) => {
      replies({ calls: [{ name: 'read_file', input }] });
      const failure: unknown = await think(standIn, GOAL).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ModelFailure);
      expect(failure).toMatchObject({ kind: 'retryFew' });
    },
  );

  test('tokens are counted: never 0, and more where more was said', async () => {
    replies({ text: 'x'.repeat(4000) });
    const [long, short] = [
      await think(standIn, [{ role: 'user', content: 'y'.repeat(40_000) }]),
      (replies({ text: 'x' }), await think(standIn, GOAL)),
    ];
    expect(short.usage.inputTokens).toBeGreaterThan(0);
    expect(short.usage.outputTokens).toBeGreaterThan(0);
    expect(long.usage.inputTokens).toBeGreaterThan(short.usage.inputTokens + 9000);
    expect(long.usage.outputTokens).toBeGreaterThan(999);
  });

  test('a request that is retried gets the very answer again', async () => {
    replies({ text: 'a', calls: [read('a')] });
    const [first, again] = [await think(standIn, GOAL), await think(standIn, GOAL)];
    expect(again.content).toEqual(first.content);
    expect(again.requestId).not.toBe(first.requestId);
  });

  test('twenty conversations at once do not mix', async () => {
    play(({ goal, turn }) => (turn < 3 ? { calls: [read(`${goal}-${turn}`)] } : { text: goal }));
    const ended = await Promise.all(Array.from({ length: 20 }, (_, n) => converse(standIn, `goal-${n}`, () => 'ok')));
    expect(ended.map(({ text, calls }) => [text, calls.at(-1)?.input['path']])).toEqual(
      Array.from({ length: 20 }, (_, n) => [`goal-${n}`, `goal-${n}-2`]),
    );
  });

  test('a play that throws ends the session instead of being tried for ever', async () => {
    play(() => {
      throw new Error('broken play');
    });
    const failure: unknown = await think(standIn, GOAL).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'give up' });
  });
});
