/**
 * The inputs of tool calls, read strictly. While it streams, the SDK completes a JSON text that breaks off, and hands
 * over what it made of it: of ten recipients the first three. So the raw text is kept and parsed here once more.
 */
import type { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import type { Json } from '../../domain/json.ts';

/** The input of each block by its position; `unreadable` names the first that is no JSON. */
export type ToolInputs =
  { readonly kind: 'read'; readonly inputs: ReadonlyMap<number, Json> } | { readonly kind: 'unreadable' };

/** Listens from the start of `stream`; the answer counts once it has ended. */
export function collectToolInputs(stream: MessageStream): () => ToolInputs {
  const texts = new Map<number, string>();
  stream.on('streamEvent', (event) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return;
    texts.set(event.index, (texts.get(event.index) ?? '') + event.delta.partial_json);
  });
  return () => {
    const inputs = new Map<number, Json>();
    try {
      for (const [index, text] of texts) if (text !== '') inputs.set(index, JSON.parse(text) as Json);
    } catch {
      return { kind: 'unreadable' };
    }
    return { kind: 'read', inputs };
  };
}
