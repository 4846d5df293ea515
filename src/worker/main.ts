/** The worker process: configuration, one Temporal worker a role, and an orderly end. */
import type { ServerAddress } from '../client/connect.ts';
import type { Role } from '../domain/role.ts';
import type { Tool } from '../tools/define-tool.ts';
import { readConfig } from './config.ts';
import { startRoles } from './start-roles.ts';

export interface RunWorkerOptions {
  readonly roles: readonly Role[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly server: ServerAddress;
  /** Every tool of the deployment, the same in each of its workers. */
  readonly tools: readonly Tool[];
  /** Called once every worker polls, with what keeps policy or approvers from being read. */
  readonly onReady: (problems: readonly string[]) => void;
}

/** Runs until SIGTERM or SIGINT; a second signal, or 10 s, ends it hard. Throws what a person must mend. */
export async function runWorker({ roles, env, server, tools, onReady }: RunWorkerOptions): Promise<void> {
  const { problems, done, stop } = await startRoles({ config: readConfig(roles, env), server, tools });
  endOnSignal(stop);
  onReady(problems);
  await done;
}

function endOnSignal(stop: () => Promise<void>): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(1);
    asked = true;
    // Whoever waits for the end hears how it came.
    stop().catch(() => undefined);
    setTimeout(() => process.exit(1), 10_000).unref();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
