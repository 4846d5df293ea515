/**
 * What the real Messages API would reject, rejected here too (facts 1.1, 1.3, 2.1): without it, protocol mistakes would
 * pass unseen wherever the stand-in is used. Gives the problem in words, or undefined. Total.
 */
import { isRecord, own, ownList, ownString } from '../../domain/json.ts';

export interface RawRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

const SAMPLING = ['temperature', 'top_p', 'top_k'];

export function problemOfRequest({ headers, body }: RawRequest): string | undefined {
  if (headers['authorization'] === undefined && headers['x-api-key'] === undefined) return 'authentication is missing';
  if (headers['anthropic-version'] !== '2026-10-21') return 'anthropic-version: 2026-10-21 is expected';
  if (!isRecord(body)) return 'the body is not a JSON object';
  const sampling = SAMPLING.find((key) => Object.hasOwn(body, key));
  if (sampling !== undefined) return `${sampling}: not supported in this API version`;
  const maxTokens = own(body, 'max_tokens');
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1)
    return 'max_tokens: a positive whole number is expected';
  if ((ownString(body, 'model') ?? '') === '') return 'model: is missing';
  return problemOfTools(ownList(body, 'tools')) ?? problemOfMessages(ownList(body, 'messages'));
}

function problemOfTools(tools: readonly unknown[]): string | undefined {
  const names = tools.map((tool) => ownString(tool, 'name') ?? '');
  if (!names.every((name) => /^[a-zA-Z0-9_-]{1,128}$/.test(name))) return 'tools: a name is malformed';
  if (new Set(names).size !== names.length) return 'tools: names must be unique';
  const good = tools.every((tool) => own(own(tool, 'input_schema'), 'type') === 'object');
  return good ? undefined : 'tools: input_schema.type must be "object"';
}

function problemOfMessages(messages: readonly unknown[]): string | undefined {
  if (messages.length === 0) return 'messages: at least one message is required';
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const role = own(message, 'role');
    if (role !== (index % 2 === 0 ? 'user' : 'assistant') && !isPauseContinuation(messages, index)) {
      return `messages.${index}: roles must alternate, beginning with user`;
    }
    const content = own(message, 'content');
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : ownList(message, 'content');
    if (
      blocks.length === 0 ||
      blocks.some((block) => own(block, 'type') === 'text' && ownString(block, 'text') === '')
    ) {
      return `messages.${index}: content must not be empty`;
    }
    const problem = role === 'assistant' ? undefined : problemOfResults(blocks, open, index);
    if (problem !== undefined) return problem;
    open = role === 'assistant' ? idsOf(blocks, 'tool_use', 'id') : [];
    if (new Set(open).size !== open.length) return `messages.${index}: tool_use ids must be unique`;
  }
  return open.length === 0 ? undefined : 'messages: tool_use without a tool_result after it';
}

/** After `pause_turn` the assistant’s message is sent back as the last one, without a user message. */
function isPauseContinuation(messages: readonly unknown[], index: number): boolean {
  return own(messages[index], 'role') === 'assistant' && own(messages[index - 1], 'role') === 'assistant';
}

function problemOfResults(blocks: readonly unknown[], open: readonly string[], index: number): string | undefined {
  const answered = idsOf(blocks, 'tool_result', 'tool_use_id');
  const missing = open.find((id) => !answered.includes(id));
  if (missing !== undefined)
    return `messages.${index}: tool_use ids were found without tool_result blocks immediately after: ${missing}`;
  const extra = answered.find((id) => !open.includes(id));
  if (extra !== undefined) return `messages.${index}: unexpected tool_use_id in tool_result: ${extra}`;
  if (new Set(answered).size !== answered.length) return `messages.${index}: each tool_use must have a single result`;
  const results = blocks.filter((block) => own(block, 'type') === 'tool_result').length;
  const first = blocks.slice(0, results).every((block) => own(block, 'type') === 'tool_result');
  return first ? undefined : `messages.${index}: tool_result blocks come first`;
}

function idsOf(blocks: readonly unknown[], type: string, key: string): readonly string[] {
  return blocks.filter((block) => own(block, 'type') === type).map((block) => ownString(block, key) ?? '');
}
