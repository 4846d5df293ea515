import type { Role } from '../domain/role.ts';

/** Workers that poll. */
export interface RunningWorker {
  readonly roles: readonly Role[];
  /**
   * Ends when all workers have stopped; rejects if one of them failed, after the others were stopped. Await it: a failure
   * that nobody looks at ends the process.
   */
  readonly done: Promise<void>;
  /** Takes nothing new, lets running actions end (5 s, then they are cancelled; 10 s at most), and ends with `done`. */
  readonly stop: () => Promise<void>;
}
