import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { readAnswer } from '../../src/domain/model-answer.ts';
import type { Thought } from '../../src/domain/session.ts';

const call = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'read_file', input: { path: 'a' } });
const text: JsonObject = { type: 'text', text: 'hello' };

function thought(stopReason: string, content: readonly JsonObject[], refusal?: string): Thought {
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { content, stopReason, usage, model: 'm', requestId: 'r', ...(refusal === undefined ? {} : { refusal }) };
}

describe('every stop_reason has a defined end', () => {
  test('tools run on tool_use, in the order of the calls', () => {
    const next = readAnswer(thought('tool_use', [text, call('a'), call('b')]));
    expect(next.kind === 'act' && next.calls.map(({ toolUseId }) => toolUseId)).toEqual(['a', 'b']);
  });

  test.each([
    ['end_turn', [text], 'completed'],
    ['stop_sequence', [text], 'completed'],
    ['end_turn', [text, call('a')], 'unexpected-answer'],
    ['max_tokens', [call('a')], 'truncated'],
    ['model_context_window_exceeded', [text], 'context-exceeded'],
    ['refusal', [call('a')], 'refused'],
    ['pause_turn', [call('a')], 'unexpected-answer'],
    ['tool_use', [text], 'unexpected-answer'],
    ['tool_use', [call('a'), call('a')], 'unexpected-answer'],
    ['compaction', [call('a')], 'unexpected-answer'],
    ['', [], 'unexpected-answer'],
  ])('%s with %j runs no tool and ends as %s', (stopReason, content, end) => {
    expect(readAnswer(thought(stopReason, content))).toMatchObject({ kind: 'end', end });
  });

  test('a pause is thought on, and a refusal names its category', () => {
    expect(readAnswer(thought('pause_turn', [text]))).toEqual({ kind: 'thinkOn' });
    expect(readAnswer(thought('refusal', [], 'cyber'))).toMatchObject({ why: 'Claude refused (cyber).' });
  });
});
