/** One Temporal worker a role, in one process or in several; each registers only what its role may do (S1, S10). */
import { performance } from 'node:perf_hooks';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeConnection } from '@temporalio/worker';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { RegistryParts } from '../activities/registry.ts';
import { activitiesOf } from '../activities/registry.ts';
import { payloadConverterPath } from '../client/connect.ts';
import type { Role } from '../domain/role.ts';
import { queueOf } from '../domain/role.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly roles: readonly Role[];
  readonly parts: RegistryParts;
  /** A bundle made before by `bundleSession`; without it one is made now (about 2 s). */
  readonly bundle?: WorkflowBundle;
  readonly shutdownGraceMs?: number;
}

export interface WorkflowBundle {
  readonly code: string;
}

/** The workflow code as one script. Temporal’s bundler refuses Node built-ins in it. */
export async function bundleSession(): Promise<WorkflowBundle> {
  const here = fileURLToPath(import.meta.url);
  const workflowsPath = fileURLToPath(new URL(`../workflows/index${extname(here)}`, import.meta.url));
  const logger = new DefaultLogger('WARN');
  return bundleWorkflowCode({ workflowsPath, payloadConverterPath: payloadConverterPath(), logger });
}

export async function createWorkers(options: WorkersOptions): Promise<readonly Worker[]> {
  const bundle = options.bundle ?? (options.roles.includes('workflow') ? await bundleSession() : undefined);
  return Promise.all(
    options.roles.map((role) =>
      Worker.create({
        connection: options.connection,
        namespace: options.namespace,
        taskQueue: queueOf(options.taskQueue, role),
        activities: { ...activitiesOf(role, options.parts) },
        ...(role === 'workflow' && bundle !== undefined ? { workflowBundle: bundle } : {}),
        dataConverter: { payloadConverterPath: payloadConverterPath() },
        shutdownGraceTime: options.shutdownGraceMs ?? 5000,
        shutdownForceTime: (options.shutdownGraceMs ?? 5000) * 2,
      }),
    ),
  );
}

/** Milliseconds that no change of the wall clock moves. */
export function monotonicMs(): number {
  return performance.now();
}
