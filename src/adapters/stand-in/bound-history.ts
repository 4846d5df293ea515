/**
 * History is append-only: each answer is bound to everything before it, as the real API binds its thinking blocks to
 * system, tools and messages (facts, fact 1).
 *
 * 1. The ids of an answer’s tool calls are made from all that came before it and from the answer itself. So a later
 *    change of either is seen from the request alone, by a stand-in that has been restarted too.
 * 2. Beside that it remembers, while it runs, what it answered to what: this covers answers without tool calls.
 */
import { createHash } from 'node:crypto';
import { own, ownList, ownString } from '../../domain/json.ts';

export interface BoundHistory {
  /** What is wrong with a request’s history, or undefined. Total. */
  problemOf(body: unknown): string | undefined;
  /** Binds an answer to the history it is given to; its tool calls get the ids that the returned function makes. */
  bind(body: unknown, blocks: readonly unknown[], stopReason: string): (call: number) => string;
}

const MARK = 'toolu_standin_';
const MOST_ANSWERS = 2000;
const CHANGED = 'block is bound to a different conversation: system, tools or earlier messages were changed';

export function createBoundHistory(): BoundHistory {
  /** By what came before: the stop reasons of the answers given to it, by the answer. */
  const given = new Map<string, Map<string, string>>();
  return {
    problemOf: (body) => {
      const messages = ownList(body, 'messages');
      const before = prefixesOf(body);
      for (const [index, message] of messages.entries()) {
        if (own(message, 'role') !== 'assistant') continue;
        const blocks = ownList(message, 'content');
        const answer = answerHash(before[index] ?? '', blocks);
        const known = given.get(before[index] ?? '');
        if (!idsFit(blocks, answer) || known?.has(answer) === false) return `messages.${index}: ${CHANGED}`;
        const goesOn = own(messages[index + 1], 'role') !== 'user';
        if (goesOn && (known?.get(answer) ?? 'pause_turn') !== 'pause_turn')
          return `messages.${index}: only an answer that paused (pause_turn) can be continued without a user message`;
      }
      return undefined;
    },
    bind: (body, blocks, stopReason) => {
      const before = prefixesOf(body).at(-1) ?? '';
      const answer = answerHash(before, blocks);
      given.set(before, (given.get(before) ?? new Map<string, string>()).set(answer, stopReason));
      const oldest = given.keys().next().value;
      if (given.size > MOST_ANSWERS && oldest !== undefined) given.delete(oldest);
      return (call) => idOf(answer, call);
    },
  };
}

/** For each message a hash of everything before it; the last one is of the whole conversation. */
function prefixesOf(body: unknown): readonly string[] {
  const prefixes = [hash([own(body, 'system') ?? null, own(body, 'tools') ?? null])];
  for (const message of ownList(body, 'messages')) prefixes.push(hash([prefixes.at(-1) ?? '', message]));
  return prefixes;
}

function answerHash(before: string, blocks: readonly unknown[]): string {
  return hash([before, ...blocks.map(withoutId)]).slice(0, 24);
}

function withoutId(block: unknown): unknown {
  switch (own(block, 'type')) {
    case 'text':
      return ['text', own(block, 'text')];
    case 'tool_use':
      return ['tool_use', own(block, 'name'), own(block, 'input')];
    default:
      return block;
  }
}

/** Ids that a test chose are bound to nothing. */
function idsFit(blocks: readonly unknown[], answer: string): boolean {
  return blocks
    .filter((block) => own(block, 'type') === 'tool_use')
    .map((block) => ownString(block, 'id') ?? '')
    .every((id, call) => !id.startsWith(MARK) || id === idOf(answer, call));
}

function idOf(answer: string, call: number): string {
  return `${MARK}${answer}_${call}`;
}

function hash(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
