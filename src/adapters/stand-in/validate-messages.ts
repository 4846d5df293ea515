/** What is wrong with the messages of a request: roles, blocks, and a result for every tool call in the next message. */
import { isRecord, own, ownString } from '../../domain/json.ts';
import { firstOf } from './problem.ts';

export function problemOfMessages(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  const ids = new Set<string>();
  let open: readonly string[] = [];
  for (const [index, message] of (messages as readonly unknown[]).entries()) {
    const role = own(message, 'role');
    const blocks = blocksOf(message);
    const problem = firstOf(
      () => problemOfRole(messages, index, open),
      () => problemOfContent(role, blocks),
      () => (role === 'user' ? problemOfResults(blocks ?? [], open) : problemOfIds(blocks ?? [], ids)),
    );
    if (problem !== undefined) return `messages.${index}: ${problem}`;
    open = role === 'assistant' ? idsOf(blocks ?? [], 'tool_use', 'id') : [];
  }
  return open.length === 0
    ? undefined
    : `messages: \`tool_use\` without a \`tool_result\` after it: ${open.join(', ')}`;
}

function blocksOf(message: unknown): readonly unknown[] | undefined {
  const content = own(message, 'content');
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : undefined;
}

/** Roles alternate, beginning with user; an answer that paused is continued by the next answer. */
function problemOfRole(messages: readonly unknown[], index: number, open: readonly string[]): string | undefined {
  const message = messages[index];
  const role = own(message, 'role');
  if (!isRecord(message) || (role !== 'user' && role !== 'assistant')) return 'role: must be user or assistant';
  if (Object.keys(message).some((key) => key !== 'role' && key !== 'content')) return 'extra inputs are not permitted';
  const before = index === 0 ? 'assistant' : own(messages[index - 1], 'role');
  if (role !== before) return undefined;
  if (index === 0) return 'the first message must be of the user';
  return role === 'assistant' && open.length === 0 ? undefined : 'roles must alternate';
}

function problemOfContent(role: unknown, blocks: readonly unknown[] | undefined): string | undefined {
  if (blocks === undefined || blocks.length === 0) return 'content must not be empty';
  for (const [index, block] of blocks.entries()) {
    const problem = role === 'user' ? problemOfUserBlock(block) : problemOfAssistantBlock(block);
    if (problem !== undefined) return `content.${index}: ${problem}`;
  }
  return undefined;
}

function problemOfUserBlock(block: unknown): string | undefined {
  switch (own(block, 'type')) {
    case 'text':
      return problemOfText(block);
    case 'image':
    case 'document':
      return isRecord(own(block, 'source')) ? undefined : 'source: is required';
    case 'tool_result':
      return problemOfResult(block);
    default:
      return 'type: is not known in a user message';
  }
}

function problemOfAssistantBlock(block: unknown): string | undefined {
  switch (own(block, 'type')) {
    case 'text':
      return problemOfText(block);
    case 'thinking':
      return (ownString(block, 'signature') ?? '') === '' ? 'thinking: signature is required' : undefined;
    case 'redacted_thinking':
      return ownString(block, 'data') === undefined ? 'redacted_thinking: data is required' : undefined;
    case 'tool_use':
      return problemOfCall(block);
    default:
      return 'type: is not known in an assistant message';
  }
}

function problemOfText(block: unknown): string | undefined {
  const text = ownString(block, 'text');
  return text === undefined || text.trim() === '' ? 'text content blocks must contain non-whitespace text' : undefined;
}

function problemOfCall(block: unknown): string | undefined {
  if (!/^[a-zA-Z0-9_-]+$/.test(ownString(block, 'id') ?? '')) return 'tool_use.id: must match ^[a-zA-Z0-9_-]+$';
  if (!/^[a-zA-Z0-9_-]{1,200}$/.test(ownString(block, 'name') ?? '')) return 'tool_use.name: is malformed';
  return isRecord(own(block, 'input')) ? undefined : 'tool_use.input: must be an object';
}

function problemOfResult(block: unknown): string | undefined {
  const [content, isError] = [own(block, 'content'), own(block, 'is_error')];
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  if (isError !== undefined && typeof isError !== 'boolean') return 'tool_result.is_error: must be true or false';
  if (content !== undefined && typeof content !== 'string' && !Array.isArray(content))
    return 'tool_result.content: must be a text or a list of blocks';
  if (parts.some((part) => own(part, 'type') === 'text' && problemOfText(part) !== undefined))
    return 'tool_result.content: text must not be empty';
  const empty = content === undefined || content === '' || (Array.isArray(content) && content.length === 0);
  return isError === true && empty ? 'tool_result: content cannot be empty if `is_error` is true' : undefined;
}

function problemOfIds(blocks: readonly unknown[], seen: Set<string>): string | undefined {
  for (const id of idsOf(blocks, 'tool_use', 'id')) {
    if (seen.has(id)) return '`tool_use` ids must be unique';
    seen.add(id);
  }
  return undefined;
}

function problemOfResults(blocks: readonly unknown[], open: readonly string[]): string | undefined {
  const answered = idsOf(blocks, 'tool_result', 'tool_use_id');
  const missing = open.filter((id) => !answered.includes(id));
  if (missing.length > 0)
    return `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}`;
  const extra = answered.find((id) => !open.includes(id));
  if (extra !== undefined) return `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${extra}`;
  if (new Set(answered).size !== answered.length) return 'each tool_use must have a single result';
  const first = blocks.slice(0, answered.length).every((block) => own(block, 'type') === 'tool_result');
  return first ? undefined : '`tool_result` blocks must come first';
}

function idsOf(blocks: readonly unknown[], type: string, key: string): readonly string[] {
  return blocks.filter((block) => own(block, 'type') === type).map((block) => ownString(block, key) ?? '');
}
