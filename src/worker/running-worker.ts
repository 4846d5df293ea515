import type { Role } from '../domain/role.ts';

/** Workers that poll. */
export interface RunningWorker {
  readonly roles: readonly Role[];
  /**
   * What kept policy and approvers from being read when it started, in sentences; empty where they were. It polls all the
   * same, and denies everything until they are mended: both are read anew for every decision.
   */
  readonly problems: readonly string[];
  /**
   * Ends when all workers have stopped; rejects if one of them failed, after the others were stopped. Await it: a failure
   * that nobody looks at ends the process.
   */
  readonly done: Promise<void>;
  /** Takes nothing new, lets running actions end (5 s, then they are cancelled; 10 s at most), and ends with `done`. */
  readonly stop: () => Promise<void>;
}
