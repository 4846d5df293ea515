import type { LLMock } from '@copilotkit/aimock';
import type { Reply } from './scenario.ts';

/** The model name that everything it says carries. */
export const STAND_IN_MODEL = 'scripted-stand-in';

/** What aimock turns into a message or a stream of the Messages API. */
export type Answer = Awaited<ReturnType<Extract<Parameters<LLMock['on']>[1], (...args: never[]) => unknown>>>;

/** An answer of nothing at all would be none that the API could be sent back. */
const SILENCE = '…';

export function stopReasonOf({ calls = [], stopReason }: Reply): string {
  return stopReason ?? (calls.length === 0 ? 'end_turn' : 'tool_use');
}

/** The content blocks of a reply as they will come out, but for the ids of its calls. */
export function blocksOf({ text, calls = [] }: Reply): readonly unknown[] {
  const words = text ?? (calls.length === 0 ? SILENCE : '');
  return [
    ...(words === '' ? [] : [{ type: 'text', text: words }]),
    ...calls.map(({ name, input }) => ({
      type: 'tool_use',
      name,
      input: JSON.parse(JSON.stringify(input)) as unknown,
    })),
  ];
}

/**
 * Tokens are counted roughly, four characters each, and never 0: of `newCharacters` and of the answer. What came before
 * is not counted again, though the real API would: a play’s token limit is met by what was said in it.
 */
export function answerOf(reply: Reply, idOf: (call: number) => string, newCharacters: number): Answer {
  const { text, calls = [] } = reply;
  const words = text ?? (calls.length === 0 ? SILENCE : '');
  const toolCalls = calls.map(({ name, input, id }, call) => ({
    name,
    arguments: JSON.stringify(input),
    id: id ?? idOf(call),
  }));
  const usage = {
    input_tokens: tokensOf(newCharacters),
    output_tokens: tokensOf(words.length + JSON.stringify(toolCalls).length),
  };
  const envelope = { model: STAND_IN_MODEL, usage, finishReason: stopReasonOf(reply) };
  if (toolCalls.length === 0) return { content: words, ...envelope };
  return words === '' ? { toolCalls, ...envelope } : { content: words, toolCalls, ...envelope };
}

function tokensOf(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4));
}
