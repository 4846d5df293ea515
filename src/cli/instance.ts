/**
 * The embedded instance: server, mail catcher, demo shop for the example's tools, stand-in where asked, and one worker
 * with every role.
 * 1. One instance a state directory: claimed before anything is started.
 * 2. Every child is detached, and recorded the moment it exists; a start sweeps what a crash left behind.
 * 3. However a start or a run ends short of SIGKILL, its children end: workers first, the server last.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientError } from '../client/client-error.ts';
import { connect } from '../client/connect.ts';
import { prepareNamespace } from '../client/namespace.ts';
import type { Role } from '../domain/role.ts';
import { isAlive, killAll, killProcess, startChild, stopAll } from '../server/children.ts';
import { interruptible } from '../server/interruptible.ts';
import { obtainServer } from '../server/obtain-server.ts';
import type { OwnProcess, RunFile } from '../server/run-file.ts';
import { removeRunFile, writeRunFile } from '../server/run-file.ts';
import { startServer } from '../server/start-server.ts';
import { claimState } from './claim-state.ts';
import type { InstanceFiles } from './instance-files.ts';
import { layOutFiles } from './instance-files.ts';
import type { Environment, Household } from './instance-parts.ts';
import { baseEnv, saidSince, sizeOf, startMail, startModel } from './instance-parts.ts';
import type { ShopAccess } from './instance-shop.ts';
import { startShop } from './instance-shop.ts';
import { ensureOwner } from './owner-key.ts';
import { line } from './terminal.ts';

export interface InstanceOptions {
  /** `.countersign`: run.json, database, logs. */
  readonly state: string;
  readonly demo: boolean;
  readonly scripted: boolean;
  readonly report: (line: string) => void;
  /** File of declared tools, in place of the one that the environment names. */
  readonly tools?: string;
}

export interface Instance extends RunFile {
  readonly workspace: string;
  readonly policyFile: string;
  /** Undefined: none was started. */
  readonly shop: ShopAccess | undefined;
  readonly toolsFile: string | undefined;
  /** What SIGKILL does: no goodbye. */
  killWorker(): void;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** Histories are the audit trail: kept for ten years on the embedded server. */
const RETENTION_DAYS = 3650;
const SERVER_PORT = 7233;
const UI_PORT = 8233;
const WORKER_LIMIT_MS = 60_000;

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { state, demo, report, tools } = options;
  const claimed = await claimState(state, report);
  const processes: OwnProcess[] = [];
  const onExit = (): void => {
    killAll(processes);
    removeRunFile(state);
  };
  process.once('exit', onExit);
  const forget = (): void => {
    process.removeListener('exit', onExit);
    removeRunFile(state);
  };
  return interruptible(async (signal) => {
    try {
      const binary = await obtainServer({ report, env: process.env }).catch((error: unknown) => {
        throw new ClientError('unreachable', error instanceof Error ? error.message : String(error));
      });
      const named = tools === undefined ? {} : { COUNTERSIGN_TOOLS: tools };
      const home = demo ? join(state, 'demo') : state;
      const files = { ...ensureOwner(home, demo), ...layOutFiles(home, demo, { ...process.env, ...named }) };
      const instance = await startParts(options, { binary, home, files, claimed, processes, signal, forget });
      signal.throwIfAborted();
      return instance;
    } catch (error) {
      await stopAll(processes);
      forget();
      throw error;
    }
  });
}

interface Start {
  readonly binary: string;
  /** Where the files of this kind of instance are. */
  readonly home: string;
  readonly files: InstanceFiles & { readonly keyFile: string; readonly approversFile: string };
  readonly claimed: RunFile;
  readonly processes: OwnProcess[];
  readonly signal: AbortSignal;
  /** Called when every process has ended. */
  readonly forget: () => void;
}

async function startParts({ state, demo, scripted, report }: InstanceOptions, start: Start): Promise<Instance> {
  const { binary, home, files, claimed, processes, signal, forget } = start;
  const tellPort = (what: string, wanted: number, got: number): void => {
    if (wanted !== got) report(`Port ${wanted} is taken: ${what} listens on ${got}.`);
  };
  const record = (ours: OwnProcess): void => {
    processes.push(ours);
    writeRunFile(state, { ...claimed, processes });
  };
  const household: Household = { state, env: process.env, signal, record, tellPort };
  const server = await startServer({
    binary,
    dbFile: join(state, 'temporal.db'),
    port: SERVER_PORT,
    uiPort: UI_PORT,
    logFile: join(state, 'logs', 'temporal.log'),
    onStart: record,
    signal,
  });
  tellPort('the Temporal server', SERVER_PORT, portOf(`http://${server.address}`));
  tellPort('the Temporal UI', UI_PORT, portOf(server.uiUrl));
  const client = await connect({ kind: 'embedded', address: server.address });
  try {
    await prepareNamespace(client, RETENTION_DAYS);
  } finally {
    await client.connection.close();
  }
  const mail = await startMail(household);
  const shop = await startShop(household, { toolsFile: files.toolsFile, home, demo, report });
  const model = await startModel(household, scripted);
  const { keyFile, approversFile } = files;
  const { owner } = claimed;
  const { address, uiUrl } = server;
  const run = { address, uiUrl, mailUrl: mail.url, model: model.name, keyFile, approversFile, owner };
  const env = { ...baseEnv(process.env), ...mail.env, ...model.env, ...lawEnv(files, demo), ...shop.env };
  const instance = controls(run, { state, env, roles: model.roles, processes, files, shop: shop.access, forget });
  signal.throwIfAborted();
  await untilWorking(instance.startWorker(), signal);
  return instance;
}

/** The worker’s start, or an interruption, whichever is first; whoever called then ends the worker. */
async function untilWorking(starting: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('Interrupted.'));
    signal.addEventListener('abort', stop);
  });
  starting.catch(() => undefined);
  await Promise.race([starting, interrupted]).finally(() => signal.removeEventListener('abort', stop));
}

interface Kept {
  readonly state: string;
  readonly env: Environment;
  readonly roles: readonly Role[];
  readonly processes: OwnProcess[];
  readonly files: InstanceFiles;
  readonly shop: ShopAccess | undefined;
  readonly forget: () => void;
}

function controls(
  run: Omit<RunFile, 'processes'>,
  { state, env, roles, processes, files, shop, forget }: Kept,
): Instance {
  return {
    ...run,
    processes,
    policyFile: files.policyFile,
    toolsFile: files.toolsFile,
    workspace: files.workspace,
    shop,
    killWorker: () => {
      const index = processes.findIndex(({ name }) => name === 'worker');
      for (const worker of index === -1 ? [] : processes.splice(index, 1)) killProcess(worker);
    },
    startWorker: async () => {
      const logFile = join(state, 'logs', 'worker.log');
      const from = sizeOf(logFile);
      const bin = fileURLToPath(new URL('../../bin/countersign.js', import.meta.url));
      const args = [bin, 'worker', '--embedded', run.address, '--roles', roles.join(',')];
      const { name, pid, start } = startChild({ name: 'worker', command: process.execPath, args, env, logFile });
      processes.push({ name, pid, start });
      writeRunFile(state, { ...run, processes });
      await untilReady({ name, pid, start }, logFile, from);
    },
    stop: async () => {
      await stopAll(processes);
      forget();
    },
  };
}

function lawEnv({ policyFile, approversFile, toolsFile, workspace }: Start['files'], demo: boolean): Environment {
  return {
    COUNTERSIGN_POLICY: policyFile,
    COUNTERSIGN_APPROVERS: approversFile,
    COUNTERSIGN_CANDIDATE_POLICY: demo ? '' : (process.env['COUNTERSIGN_CANDIDATE_POLICY'] ?? ''),
    COUNTERSIGN_TOOLS: toolsFile ?? '',
    COUNTERSIGN_WORKSPACE: workspace,
    COUNTERSIGN_TRASH_DAYS: process.env['COUNTERSIGN_TRASH_DAYS'],
    COUNTERSIGN_DEMO: demo ? '1' : '0',
    COUNTERSIGN_WEB_PROXY: process.env['COUNTERSIGN_WEB_PROXY'] ?? '',
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function untilReady(worker: OwnProcess, logFile: string, from: number): Promise<void> {
  for (const end = Date.now() + WORKER_LIMIT_MS; Date.now() < end && isAlive(worker);) {
    if (saidSince(logFile, from).includes('worker ready')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const said = saidSince(logFile, from).trim().split('\n').slice(-5).join('\n');
  throw new ClientError('unreachable', `The worker did not start; its log ${line(logFile)} ends:\n${said}`);
}
