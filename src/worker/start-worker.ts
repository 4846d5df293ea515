/**
 * Workers in a process of one's own: what `countersign worker` runs, without its signal handlers, and with the tools of
 * a package that depends on this one.
 *
 * 1. Own tools stand beside the built-in ones, behind the same guard; none can take the name of another.
 * 2. What is read is what is given: no environment of the process but Temporal's own variables (which server).
 */
import type { Role } from '../domain/role.ts';
import { ROLES } from '../domain/role.ts';
import type { Tool } from '../tools/define-tool.ts';
import { readConfig } from './config.ts';
import { deploymentTools } from './deployment-tools.ts';
import type { RunningWorker } from './running-worker.ts';

/** What a worker is started with. */
export interface StartWorkerOptions {
  /**
   * Tools of your own, made with `defineTool`; the built-in ones are always there, and those that the file declares which
   * COUNTERSIGN_TOOLS of `settings` names. Every worker of a deployment gets the same, whatever its roles: the policy is
   * read against all of them.
   */
  readonly tools: readonly Tool[];
  /**
   * The policy file (YAML): read afresh for every decision, so a change counts at once. Broken or missing, it denies
   * everything, and does not keep the worker from starting: look at `problems` of the worker. `checkPolicy` says before,
   * in a test for instance, what is wrong with one.
   */
  readonly policy: string;
  /** The approver directory (`approvers.yaml`): read afresh, and denying where it is broken or missing, like the policy. */
  readonly approvers: string;
  /**
   * What this process does; a tool runs in the worker of its `role`. Without it: every role that `settings` are enough
   * for, which are `workflow` and `web` always, `model` with ANTHROPIC_API_KEY, `files` with COUNTERSIGN_WORKSPACE, `mail`
   * with COUNTERSIGN_SMTP_HOST.
   */
  readonly roles?: readonly Role[];
  /**
   * The settings of `docs/settings.md` by their names, all as text. Nothing else is read: give `process.env` to take
   * them from there. `policy`, `approvers` and `taskQueue` go before COUNTERSIGN_POLICY, COUNTERSIGN_APPROVERS and
   * COUNTERSIGN_TASK_QUEUE.
   */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** The Temporal server as `host:port`. Without it: Temporal's own variables and profile file, then localhost:7233. */
  readonly server?: string;
  /** The Temporal namespace. Without it: Temporal's own variables and profile file, then `default`. */
  readonly namespace?: string;
  /** The queue that sessions are started on; `countersign` without it. The queues of the other roles follow from it. */
  readonly taskQueue?: string;
}

/**
 * Starts the workers of a deployment in this process and returns once they poll. It installs no signal handlers: call
 * `stop` in yours, await `done`, and tell somebody of `problems`: a policy that is missing or broken is no reason to throw.
 *
 * Throws an Error in words, before anything polls: a setting that is missing or wrong (by name, never its value), two
 * tools of one name, an own tool whose role this process cannot have, a file of declared tools that is broken, a policy that
 * the agent could reach, a server that does not answer.
 */
export function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  return startWorkerWithin(options);
}

/** As `startWorker`; the server is given up after `connectWithinMs` (10 s without it). */
export async function startWorkerWithin(options: StartWorkerOptions, connectWithinMs?: number): Promise<RunningWorker> {
  const { settings = {}, taskQueue, server: address, namespace } = options;
  const env = {
    ...settings,
    COUNTERSIGN_POLICY: options.policy,
    COUNTERSIGN_APPROVERS: options.approvers,
    ...(taskQueue === undefined ? {} : { COUNTERSIGN_TASK_QUEUE: taskQueue }),
  };
  const tools = deploymentTools(settings['COUNTERSIGN_TOOLS'], options.tools);
  const roles = options.roles ?? rolesOf(settings, options.tools);
  const config = readConfig(roles, env);
  // Temporal’s native core is loaded where workers run, not where a tool is written or a verdict is signed.
  const { startRoles } = await import('./start-roles.ts');
  return startRoles({ config, tools, server: { kind: 'environment', address, namespace }, connectWithinMs });
}

/** Which setting a role cannot do without. */
const NEEDED: Readonly<Record<Role, string | null>> = {
  workflow: null,
  model: 'ANTHROPIC_API_KEY',
  files: 'COUNTERSIGN_WORKSPACE',
  mail: 'COUNTERSIGN_SMTP_HOST',
  web: null,
};

function rolesOf(settings: Readonly<Record<string, string | undefined>>, own: readonly Tool[]): readonly Role[] {
  const isGiven = (name: string | null): boolean => name === null || (settings[name] ?? '') !== '';
  const idle = own.find(({ role }) => !isGiven(NEEDED[role]));
  if (idle !== undefined) {
    throw new Error(
      `The tool "${idle.name}" runs in the role ${idle.role}, which needs ${String(NEEDED[idle.role])}: ` +
        'give it in "settings", or say with "roles" that another process runs it.',
    );
  }
  return ROLES.filter((role) => isGiven(NEEDED[role]));
}
