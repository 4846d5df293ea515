/** The worker process: configuration, connection, one Temporal worker a role, and an orderly end. */
import type { Worker } from '@temporalio/worker';
import { NativeConnection } from '@temporalio/worker';
import type { ServerAddress } from '../client/connect.ts';
import { connect, connectionOptions } from '../client/connect.ts';
import { hasSearchAttributes } from '../client/namespace.ts';
import type { Role } from '../domain/role.ts';
import type { Tool } from '../tools/define-tool.ts';
import { readConfig } from './config.ts';
import { buildParts } from './wiring.ts';
import { createWorkers } from './workers.ts';

export interface RunWorkerOptions {
  readonly roles: readonly Role[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly server: ServerAddress;
  /** Every tool of the deployment, the same in each of its workers. */
  readonly tools: readonly Tool[];
  /** Called once every worker polls. */
  readonly onReady: () => void;
}

/** Runs until SIGTERM or SIGINT; a second signal, or 10 s, ends it hard. Throws what a person must mend. */
export async function runWorker({ roles, env, server, tools, onReady }: RunWorkerOptions): Promise<void> {
  const config = readConfig(roles, env);
  const { connection: options, namespace } = connectionOptions(server);
  const client = await connect(server);
  const searchAttributes = await hasSearchAttributes(client);
  await client.connection.close();
  const connection = await NativeConnection.connect({ ...options });
  const parts = buildParts(config, { namespace, searchAttributes, tools });
  const workers = await createWorkers({
    connection,
    namespace,
    taskQueue: config.shared.COUNTERSIGN_TASK_QUEUE,
    roles,
    parts,
  });
  endOnSignal(workers);
  const running = workers.map((worker) => worker.run());
  onReady();
  await Promise.all(running);
  await connection.close();
}

function endOnSignal(workers: readonly Worker[]): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(1);
    asked = true;
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    setTimeout(() => process.exit(1), 10_000).unref();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
