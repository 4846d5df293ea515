/** Is this an answer of the Messages API? A 200 with anything else must not enter the history (facts, fact 6). */
import type { JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownCount, ownString } from '../../domain/json.ts';
import { ModelFailure } from '../../domain/model-failure.ts';
import type { Thought, Usage } from '../../domain/session.ts';

/** Content verbatim. Throws a `ModelFailure` that is tried a few times. */
export function readResponse(message: unknown, requestId: string): Thought {
  const content = own(message, 'content');
  const stopReason = ownString(message, 'stop_reason');
  const model = ownString(message, 'model');
  if (!Array.isArray(content) || !content.every(isBlock) || stopReason === undefined || model === undefined) {
    throw new ModelFailure(
      'retryFew',
      'ModelAnswerBroken',
      'What answered is not the Messages API: check ANTHROPIC_BASE_URL.',
    );
  }
  const refusal = ownString(own(message, 'stop_details'), 'category');
  return {
    content: content as readonly JsonObject[],
    stopReason,
    usage: readUsage(own(message, 'usage')),
    model,
    requestId,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** Calls that code elsewhere made (`caller` not direct) are none that a person could be asked about in time. */
function isBlock(block: unknown): boolean {
  if (!isRecord(block) || ownString(block, 'type') === undefined) return false;
  if (own(block, 'type') !== 'tool_use') return true;
  const caller = ownString(own(block, 'caller'), 'type');
  const direct = caller === undefined || caller === 'direct';
  return (
    direct &&
    ownString(block, 'id') !== undefined &&
    ownString(block, 'name') !== undefined &&
    isRecord(own(block, 'input'))
  );
}

function readUsage(usage: unknown): Usage {
  const count = (key: string): number => ownCount(usage, key) ?? 0;
  const cacheReadTokens = count('cache_read_input_tokens');
  const cacheWriteTokens = count('cache_creation_input_tokens');
  return {
    inputTokens: count('input_tokens') + cacheReadTokens + cacheWriteTokens,
    outputTokens: count('output_tokens'),
    cacheReadTokens,
    cacheWriteTokens,
  };
}
