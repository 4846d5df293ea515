/** History must be append-only, byte for byte, with frozen system and tools (facts, fact 1). Remembers hashes only. */
import { createHash } from 'node:crypto';
import { own, ownList } from '../../domain/json.ts';

/** Answers the problem of a request body in view of the earlier ones, or undefined. */
export type PrefixCheck = (body: unknown) => string | undefined;

/** A conversation is known by its first message; a check that was restarted begins anew and is no stricter. */
export function createPrefixCheck(maxConversations = 500): PrefixCheck {
  const seen = new Map<string, { readonly setup: string; readonly answers: Map<string, string> }>();
  return (body) => {
    const messages = ownList(body, 'messages');
    const setup = hash([own(body, 'system'), own(body, 'tools')]);
    const key = hash([messages[0], setup]);
    const known = seen.get(key);
    if (known === undefined) {
      if (seen.size >= maxConversations) seen.clear();
      seen.set(key, { setup, answers: answersOf(messages) });
      return undefined;
    }
    for (const [id, answer] of answersOf(messages)) {
      const earlier = known.answers.get(id);
      if (earlier !== undefined && earlier !== answer) return 'messages: block is bound to a different conversation';
      known.answers.set(id, answer);
    }
    return undefined;
  };
}

/** Every block that has an id of its own, by that id: a later request must repeat it unchanged. */
function answersOf(messages: readonly unknown[]): Map<string, string> {
  const answers = new Map<string, string>();
  for (const message of messages) {
    for (const block of ownList(message, 'content')) {
      const id = own(block, 'id') ?? own(block, 'tool_use_id');
      if (typeof id === 'string') answers.set(`${String(own(block, 'type'))} ${id}`, hash([block]));
    }
  }
  return answers;
}

function hash(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
