/**
 * Everything a worker can register (S1). Besides openSession, think, notify and the denying default there is no way to
 * register an activity but as a tool behind the guard.
 */
import { DENYING_DEFAULT, OPEN_SESSION, THINK, isToolName } from '../domain/activity-name.ts';
import type { GuardResult } from '../domain/outcome.ts';
import type { Role } from '../domain/role.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { GuardPorts } from './guard-pass.ts';
import { createGuard } from './guard.ts';
import type { OpenSession } from './open-session.ts';

type Activity = (raw: unknown) => Promise<unknown>;
export type Activities = Readonly<Record<string, Activity>>;

export interface RegistryParts {
  readonly openSession?: OpenSession;
  readonly think?: (raw: unknown) => Promise<unknown>;
  readonly guard?: GuardPorts;
  readonly tools?: readonly Tool[];
}

/** The activities of one role. Throws on two tools of one name or a name that no tool may have. */
export function activitiesOf(role: Role, parts: RegistryParts): Activities {
  const registered = new Map<string, Activity>([[DENYING_DEFAULT, denyUnknown]]);
  if (role === 'workflow' && parts.openSession !== undefined) registered.set(OPEN_SESSION, parts.openSession);
  if (role === 'model' && parts.think !== undefined) registered.set(THINK, parts.think);
  if (parts.guard !== undefined) {
    const guard = createGuard(parts.guard);
    for (const tool of (parts.tools ?? []).filter((candidate) => candidate.role === role)) {
      if (!isToolName(tool.name) || registered.has(tool.name))
        throw new Error(`Two tools are named "${tool.name}", or no tool may be.`);
      registered.set(tool.name, guard(tool));
    }
  }
  return Object.fromEntries(registered);
}

/** Answers for every activity name that this worker does not know: a missing tool is a denial, not an endless retry. */
function denyUnknown(): Promise<GuardResult> {
  const why = 'No worker on this queue has such a tool.';
  const decision = { kind: 'deny' as const, rule: null, why, policySha: null };
  return Promise.resolve({ kind: 'denied', text: why, actionKey: null, decision });
}
