/** What a person’s Ctrl-C, an end of the terminal and `kill` send. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/**
 * Runs `work`. A signal meanwhile aborts the signal given to it; once `work` has settled, so that everything it started
 * is ended and cleared away, this process ends as a shell expects (128 + the number).
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let code: number | undefined;
  let settled = false;
  const end = (name: NodeJS.Signals): void => {
    const number = 128 + (NUMBERS[name as keyof typeof NUMBERS] ?? 2);
    if (!settled) {
      code ??= number;
      controller.abort(new Error('Interrupted.'));
    } else if (process.listenerCount(name) === 1) process.exit(number);
  };
  for (const name of ENDING_SIGNALS) process.on(name, end);
  try {
    return await work(controller.signal);
  } finally {
    settled = true;
    if (code !== undefined) process.exit(code);
    // Who comes next puts up handlers of its own in this very turn; no signal may fall in between.
    setImmediate(() => {
      for (const name of ENDING_SIGNALS) process.removeListener(name, end);
    });
  }
}
