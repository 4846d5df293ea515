/** Sessions as a client is told of them. */
import type { SessionResult } from '../domain/session.ts';
import type { SessionState } from '../domain/session-state.ts';

/** A session in the list. Times are RFC 3339, UTC. */
export interface SessionListing {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: string;
  /** `running`, `waiting` or how it ended, where the namespace knows our search attributes; visibility lags a moment. */
  readonly state: string | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
}

/** An activity that is under way or will be tried again. */
export interface PendingWork {
  readonly activity: string;
  readonly attempt: number;
  readonly lastFailure: string;
  /** Null while an attempt is under way, and before the first. */
  readonly nextTryAt: string | null;
}

/** How a closed session ended, from its history. */
export interface SessionEnding {
  readonly end: string;
  readonly why: string;
  readonly result: SessionResult | null;
}

/** What a session is doing, or how it ended. */
export interface SessionView {
  readonly workflowId: string;
  /** In Temporal’s words, lower case: `running`, `completed`, `failed`, `terminated`, … */
  readonly status: string;
  /** The queue that it was started on: whose workers it needs. */
  readonly taskQueue: string;
  readonly pending: readonly PendingWork[];
  /** Null where no worker answered. */
  readonly state: SessionState | null;
  /** Null while it runs. */
  readonly ending: SessionEnding | null;
}
