/**
 * A deployment as an operator has it: worker processes of the compiled product, one a set of roles, each with its own
 * environment and nothing else. Planted secrets stand where real ones would.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateKeyPem } from '../../src/proof/key.ts';
import type { Signer } from './harness.ts';
import { approversYaml, newSigner, testAddress, until } from './harness.ts';

const ROOT = join(__dirname, '..', '..');
export const BIN = join(ROOT, 'bin', 'countersign.js');
export const EXAMPLE = join(ROOT, 'examples', 'personal-assistant');

export interface Deployment {
  readonly taskQueue: string;
  /** Temporary; holds policy.yaml, approvers.yaml, alice.pem and workspace/. */
  readonly directory: string;
  readonly alice: Signer;
  readonly keyFile: string;
  /** Each worker process’s environment, by its roles. */
  readonly environments: ReadonlyMap<string, Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** `roles`: by their list (`files,mail`), what that process gets besides policy and directory. */
export async function startDeployment(
  policy: string,
  roles: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<Deployment> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-deployment-'));
  const taskQueue = `deployment-${randomBytes(6).toString('hex')}`;
  const alice = newSigner('alice');
  const keyFile = join(directory, 'alice.pem');
  writeFileSync(keyFile, privateKeyPem(alice.privateKey), { mode: 0o600 });
  writeFileSync(join(directory, 'policy.yaml'), policy);
  writeFileSync(join(directory, 'approvers.yaml'), approversYaml([alice]));
  mkdirSync(join(directory, 'workspace'));
  cpSync(join(EXAMPLE, 'workspace'), join(directory, 'workspace'), { recursive: true });
  const shared = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    COUNTERSIGN_TASK_QUEUE: taskQueue,
    COUNTERSIGN_POLICY: join(directory, 'policy.yaml'),
    COUNTERSIGN_APPROVERS: join(directory, 'approvers.yaml'),
    COUNTERSIGN_HEARTBEAT_MS: '2000',
  };
  const environments = new Map(
    Object.entries(roles).map(([list, own]) => [list, { ...shared, ...own, ...workspaceOf(list, directory) }]),
  );
  const workers = [...environments].map(([list, env]) => startWorker(list, env));
  const stop = async (): Promise<void> => {
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    for (const worker of workers) await until(() => ready(worker), 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { taskQueue, directory, alice, keyFile, environments, stop };
}

function workspaceOf(roles: string, directory: string): Readonly<Record<string, string>> {
  return roles.includes('files') ? { COUNTERSIGN_WORKSPACE: join(directory, 'workspace') } : {};
}

interface WorkerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  said: string;
}

function startWorker(roles: string, env: Readonly<Record<string, string>>): WorkerProcess {
  const child = spawn(process.execPath, [BIN, 'worker', '--roles', roles, '--embedded', testAddress()], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const worker: WorkerProcess = {
    child,
    ended: new Promise((resolve) => child.once('exit', () => resolve())),
    said: '',
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    worker.said += chunk.toString('utf8');
  });
  return worker;
}

async function ready({ child, said }: WorkerProcess): Promise<true | undefined> {
  if (child.exitCode !== null) throw new Error(`a worker ended: ${said}`);
  return said.includes('worker ready') ? true : undefined;
}
