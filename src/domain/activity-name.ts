/** Activities that are not tools; no tool may take one of these names (S1). */
export const OPEN_SESSION = 'openSession';
export const THINK = 'think';
export const NOTIFY = 'notify';
export const DENYING_DEFAULT = 'default';

/** The workflow type of a session: the guard serves no other. */
export const SESSION_WORKFLOW = 'agentSession';

const RESERVED: ReadonlySet<string> = new Set([OPEN_SESSION, THINK, NOTIFY, DENYING_DEFAULT]);

/** True if `name` can be the name of a tool: snake_case, at most 64 characters, not reserved. */
export function isToolName(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,63}$/.test(name) && !RESERVED.has(name) && !name.startsWith('__temporal');
}
