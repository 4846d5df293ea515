/**
 * Gives up a call on which no byte has come for a while. The SDK’s own timeout ends at the response’s headers, and its
 * events do not show pings: only the raw bytes tell a slow model from a dead line (facts, fact 4).
 */
import { ModelFailure } from '../../domain/model-failure.ts';

export interface WatchedFetch {
  readonly fetch: typeof fetch;
  /** Aborts on a stall and on the caller’s signal. */
  readonly signal: AbortSignal;
  stalled(): boolean;
  stall(): ModelFailure;
  stop(): void;
}

export function watchedFetch(idleMs: number, outer: AbortSignal): WatchedFetch {
  const controller = new AbortController();
  let isStalled = false;
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isStalled = true;
      controller.abort();
    }, idleMs);
  };
  return {
    fetch: async (input, init) => {
      alive();
      const response = await fetch(input, init);
      alive();
      if (response.body === null) return response;
      const counted = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform: (chunk, out) => {
            alive();
            out.enqueue(chunk);
          },
        }),
      );
      return new Response(counted, {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
    },
    signal: AbortSignal.any([outer, controller.signal]),
    stalled: () => isStalled,
    stall: () =>
      new ModelFailure(
        'retry',
        'ModelStalled',
        `Claude sent nothing for ${Math.round(idleMs / 1000)} s; it is tried again.`,
      ),
    stop: () => clearTimeout(timer),
  };
}
