import type { JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownList, ownString } from '../../domain/json.ts';
import type { AnsweredCall, Conversation } from './scenario.ts';

/** The conversation in the body of a request that has been found valid. Total. */
export function readConversation(body: unknown): Conversation {
  const messages = ownList(body, 'messages');
  const blocks = messages.flatMap((message) => ownList(message, 'content'));
  const answers = new Map(
    blocks
      .filter((block) => own(block, 'type') === 'tool_result')
      .map((block) => [ownString(block, 'tool_use_id') ?? '', block] as const),
  );
  const calls: readonly AnsweredCall[] = blocks
    .filter((block) => own(block, 'type') === 'tool_use')
    .map((block) => {
      const answer = answers.get(ownString(block, 'id') ?? '');
      const input = own(block, 'input');
      return {
        name: ownString(block, 'name') ?? '',
        input: isRecord(input) ? (input as JsonObject) : {},
        result: textOf(own(answer, 'content')),
        isError: own(answer, 'is_error') === true,
      };
    });
  return {
    goal: textOf(own(messages[0], 'content')),
    calls,
    results: calls.map(({ result }) => result),
    turn: messages.filter((message) => own(message, 'role') === 'assistant').length,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((block: unknown) => ownString(block, 'text') ?? '').join('') : '';
}
