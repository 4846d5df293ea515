/**
 * Is this an answer of the Messages API? A 200 with anything else must not enter the history (facts, 6). Nor may one
 * whose tool calls were not read whole, nor one that does not say what it used: no token limit would ever be met.
 */
import type { JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownString } from '../../domain/json.ts';
import { ModelFailure } from '../../domain/model-failure.ts';
import type { Thought, Usage } from '../../domain/session.ts';
import type { ToolInputs } from './tool-inputs.ts';

/** Characters of content; a result over 2 MB would not fit into the history. */
const MOST_CONTENT = 1_000_000;

/** `message` is the decoded JSON of the whole answer. Content verbatim. Throws a `ModelFailure` of kind `retryFew`. */
export function readResponse(message: unknown, toolInputs: ToolInputs, requestId: string): Thought {
  const content = own(message, 'content');
  const stopReason = ownString(message, 'stop_reason');
  const model = ownString(message, 'model');
  if (!Array.isArray(content) || stopReason === undefined || model === undefined) throw notTheApi();
  // Tools run only on `tool_use`: an answer cut by its token limit may hold half an input.
  const blocks: readonly unknown[] = stopReason === 'tool_use' ? withInputs(content, toolInputs) : content;
  if (!areBlocks(blocks)) throw notTheApi();
  if (JSON.stringify(blocks).length > MOST_CONTENT) throw broken('Claude’s answer is too large to be kept.');
  const usage = readUsage(own(message, 'usage'));
  if (usage === undefined) throw broken('Claude’s answer does not say how many tokens it used.');
  const refusal = ownString(own(message, 'stop_details'), 'category');
  return { content: blocks, stopReason, usage, model, requestId, ...(refusal === undefined ? {} : { refusal }) };
}

function withInputs(content: readonly unknown[], toolInputs: ToolInputs): readonly unknown[] {
  if (toolInputs.kind === 'unreadable') throw broken('The input of one of Claude’s tool calls is not whole.');
  return content.map((block, index) => {
    const input = toolInputs.inputs.get(index);
    return input === undefined || !isRecord(block) ? block : { ...block, input };
  });
}

function areBlocks(blocks: readonly unknown[]): blocks is readonly JsonObject[] {
  return blocks.every(isBlock);
}

/** Calls that code elsewhere made (`caller` not direct) cannot wait for a person: their container expires (facts). */
function isBlock(block: unknown): boolean {
  if (ownString(block, 'type') === undefined) return false;
  if (own(block, 'type') !== 'tool_use') return true;
  const caller = own(block, 'caller') ?? { type: 'direct' };
  return (
    own(caller, 'type') === 'direct' &&
    (ownString(block, 'id') ?? '') !== '' &&
    (ownString(block, 'name') ?? '') !== '' &&
    isRecord(own(block, 'input'))
  );
}

function readUsage(usage: unknown): Usage | undefined {
  const [input, output] = [count(usage, 'input_tokens'), count(usage, 'output_tokens')];
  if (input === undefined || output === undefined) return undefined;
  const cacheReadTokens = count(usage, 'cache_read_input_tokens') ?? 0;
  const cacheWriteTokens = count(usage, 'cache_creation_input_tokens') ?? 0;
  return {
    inputTokens: input + cacheReadTokens + cacheWriteTokens,
    outputTokens: output,
    cacheReadTokens,
    cacheWriteTokens,
  };
}

function count(usage: unknown, key: string): number | undefined {
  const found = own(usage, key);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

function notTheApi(): ModelFailure {
  return broken('What answered is not the Messages API, or not in a way that can be kept: check ANTHROPIC_BASE_URL.');
}

function broken(words: string): ModelFailure {
  return new ModelFailure('retryFew', 'ModelAnswerBroken', words);
}
