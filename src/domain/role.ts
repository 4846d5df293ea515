/** What a worker process may do; each role polls a queue of its own and holds only its own credentials (S10). */
export const ROLES = ['workflow', 'model', 'files', 'mail', 'web'] as const;

/**
 * The part of a deployment that a worker is; see `StartWorkerOptions.roles`. Tools run in `files`, `mail` or `web`.
 */
export type Role = (typeof ROLES)[number];

/** The task queue that sessions are started on, unless a deployment names another. */
export const DEFAULT_TASK_QUEUE = 'countersign';

/** The queue of `role` in a deployment whose sessions start on `taskQueue`. */
export function queueOf(taskQueue: string, role: Role): string {
  return role === 'workflow' ? taskQueue : `${taskQueue}-${role}`;
}
