/** Several workers that live and end as one: when any of them fails, the others are stopped. */

export interface StartableWorker {
  run(): Promise<void>;
  shutdown(): void;
  getState(): string;
}

/** Starts them; `afterwards` runs once all have ended. `stop` is `done` for whoever ends them: it may be called twice. */
export function runTogether(
  workers: readonly StartableWorker[],
  afterwards: () => Promise<void>,
): { readonly done: Promise<void>; readonly stop: () => Promise<void> } {
  const shutDown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = workers.map(async (worker) => {
    try {
      await worker.run();
    } finally {
      shutDown();
    }
  });
  const done = allEnded(running, afterwards);
  return {
    done,
    stop: () => {
      shutDown();
      return done;
    },
  };
}

/** Waits for each, and then throws what the first of them threw. */
async function allEnded(running: readonly Promise<void>[], afterwards: () => Promise<void>): Promise<void> {
  try {
    await Promise.allSettled(running);
    await Promise.all(running);
  } finally {
    await afterwards();
  }
}
