/**
 * Watches the raw bytes of one call; ends it when they stop or do not end. The SDK’s own timeout ends at the
 * response’s headers, and its events do not show pings: only the bytes tell a slow model from a dead line (facts, 4).
 */
import { ModelFailure } from '../../domain/model-failure.ts';

export interface LineWatch {
  readonly fetch: typeof fetch;
  /** Aborts when the watch gives up and when the caller’s signal does. */
  readonly signal: AbortSignal;
  /** Why the watch gave up, or undefined if it did not. */
  failure(): ModelFailure | undefined;
  /** To be called when the call has ended. */
  stop(): void;
}

export interface LineWatchOptions {
  /** Without a byte for this long the call is given up, in ms. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
}

/** An answer of 128,000 tokens, one event each, is about a third of it. */
const MOST_BYTES = 64 * 1024 * 1024;

export function watchLine({ idleMs, signal, fetch: send = fetch }: LineWatchOptions): LineWatch {
  const controller = new AbortController();
  let failure: ModelFailure | undefined;
  let timer: NodeJS.Timeout | undefined;
  let bytes = 0;
  let ended = false;
  const giveUp = (why: ModelFailure): void => {
    failure ??= why;
    controller.abort();
  };
  const heard = (count: number): void => {
    bytes += count;
    clearTimeout(timer);
    if (ended) return;
    if (bytes > MOST_BYTES) return giveUp(flood());
    timer = setTimeout(() => giveUp(stall(idleMs)), idleMs);
  };
  return {
    fetch: async (input, init) => {
      heard(0);
      // A redirect would take the conversation and the key’s holder to another address.
      const response = await send(input, { ...init, redirect: 'manual' });
      heard(0);
      if (response.body === null) return response;
      const broke = (): void => {
        failure ??= brokenLine();
      };
      return new Response(ReadableStream.from(watched(response.body, { heard, broke })), response);
    },
    signal: AbortSignal.any([signal, controller.signal]),
    failure: () => failure,
    stop: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/** The same bytes. A line that breaks is seen here alone: the SDK makes of it an error like that of a bad answer. */
async function* watched(
  body: ReadableStream<Uint8Array>,
  { heard, broke }: { readonly heard: (count: number) => void; readonly broke: () => void },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      heard(chunk.byteLength);
      yield chunk;
    }
  } catch (error) {
    broke();
    throw error;
  }
}

function stall(idleMs: number): ModelFailure {
  const words = `Claude sent nothing for ${Math.ceil(idleMs / 1000)} s; it is tried again.`;
  return new ModelFailure('retry', 'ModelStalled', words);
}

function flood(): ModelFailure {
  return new ModelFailure(
    'retryFew',
    'ModelAnswerBroken',
    'What answered sends without end: check ANTHROPIC_BASE_URL.',
  );
}

function brokenLine(): ModelFailure {
  return new ModelFailure('retry', 'ModelUnreachable', 'The line to Claude broke; it is tried again.');
}
