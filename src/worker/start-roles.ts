/** From a configuration to workers that poll: what every way to start workers comes to. */
import { NativeConnection } from '@temporalio/worker';
import type { RegistryParts } from '../activities/registry.ts';
import type { ServerAddress } from '../client/connect.ts';
import { connectionOptions, reach } from '../client/connect.ts';
import { hasSearchAttributes } from '../client/namespace.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { WorkerConfig } from './config.ts';
import type { StartableWorker } from './run-together.ts';
import { runTogether } from './run-together.ts';
import type { RunningWorker } from './running-worker.ts';
import { buildParts } from './wiring.ts';
import { createWorkers } from './workers.ts';

export interface RolesOptions {
  readonly config: WorkerConfig;
  readonly server: ServerAddress;
  /** Every tool of the deployment, the same in each of its workers. */
  readonly tools: readonly Tool[];
  /** How long the server is tried at the start, in ms; 10 s without it. */
  readonly connectWithinMs?: number | undefined;
}

/** Throws what a person must mend, before anything polls. */
export async function startRoles({ config, server, tools, connectWithinMs }: RolesOptions): Promise<RunningWorker> {
  const { connection: options, namespace } = connectionOptions(server);
  const client = await reach(server, connectWithinMs);
  const searchAttributes = await hasSearchAttributes(client);
  await client.connection.close();
  const connection = await NativeConnection.connect({ ...options });
  const { roles, shared } = config;
  let workers: readonly StartableWorker[];
  let problems: readonly string[];
  try {
    const parts = buildParts(config, { namespace, searchAttributes, tools });
    problems = await problemsOf(parts);
    workers = await createWorkers({ connection, namespace, taskQueue: shared.COUNTERSIGN_TASK_QUEUE, roles, parts });
  } catch (error) {
    await connection.close();
    throw error;
  }
  const { done, stop } = runTogether(workers, () => connection.close());
  return { roles, problems, done, stop };
}

/** Of the law at this moment; a worker that only thinks reads none. */
async function problemsOf({ guard }: RegistryParts): Promise<readonly string[]> {
  const reading = await guard?.readLaw();
  return reading?.kind === 'broken' ? reading.problems : [];
}
