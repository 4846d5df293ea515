/** A signal that aborts with another one or after a time. Web standard parts only; no I/O. */
export interface LimitedSignal {
  readonly signal: AbortSignal;
  /** To be called when the work has ended. */
  readonly clear: () => void;
}

/**
 * Aborts when `outer` does, or after `ms` milliseconds. Not `AbortSignal.any` with `AbortSignal.timeout`: in Node 20 a
 * garbage collection silences the pair (measured).
 */
export function limitedSignal(outer: AbortSignal | undefined, ms: number): LimitedSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(new Error('the time was over')), Math.max(0, ms));
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted === true) abort();
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
