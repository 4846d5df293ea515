/**
 * The embedded instance: server, mail catcher, stand-in where asked, and one worker with every role. Children are
 * detached and recorded; workers stop first, the server last; a start sweeps what a crash left behind.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientError } from '../client/client-error.ts';
import { connect } from '../client/connect.ts';
import { prepareNamespace } from '../client/namespace.ts';
import { isAlive, killProcess, startChild, stopAll, stopProcess } from '../server/children.ts';
import { freePort } from '../server/free-port.ts';
import { obtainServer } from '../server/obtain-server.ts';
import { startOf } from '../server/process-start.ts';
import type { OwnProcess, RunFile } from '../server/run-file.ts';
import { readRunFile, removeRunFile, writeRunFile } from '../server/run-file.ts';
import { startServer } from '../server/start-server.ts';
import { ensureOwner } from './owner-key.ts';

export interface InstanceOptions {
  /** `.countersign`: run.json, database, logs. */
  readonly state: string;
  readonly demo: boolean;
  readonly scripted: boolean;
  readonly report: (line: string) => void;
}

export interface Instance extends RunFile {
  readonly workspace: string;
  readonly policyFile: string;
  /** What SIGKILL does: no goodbye. */
  killWorker(): void;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** Histories are the audit trail: kept for ten years on the embedded server. */
const RETENTION_DAYS = 3650;

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { state, demo, report } = options;
  await sweep(state, report);
  const binary = await obtainServer({ report, env: process.env });
  const home = demo ? join(state, 'demo') : state;
  const { keyFile, approversFile } = ensureOwner(home, demo);
  const { policyFile, workspace } = layOut(home, demo);
  const processes: OwnProcess[] = [];
  try {
    const server = await startServer({
      binary,
      dbFile: join(state, 'temporal.db'),
      port: 7233,
      uiPort: 8233,
      logFile: join(state, 'logs', 'temporal.log'),
    });
    processes.push(server.process);
    const client = await connect({ kind: 'embedded', address: server.address });
    await prepareNamespace(client, RETENTION_DAYS);
    await client.connection.close();
    const mail = await startMail(state, processes);
    const model = await startModel(options, processes);
    const run = {
      address: server.address,
      uiUrl: server.uiUrl,
      mailUrl: mail.url,
      model: model.name,
      keyFile,
      approversFile,
      owner: thisProcess(),
    };
    const env = { ...baseEnv(), ...mail.env, ...model.env, ...lawEnv({ policyFile, approversFile, workspace, demo }) };
    const instance = controls(run, { state, env, processes, workspace, policyFile });
    await instance.startWorker();
    return instance;
  } catch (error) {
    await stopAll(processes);
    throw error;
  }
}

interface Kept {
  readonly state: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly processes: OwnProcess[];
  readonly workspace: string;
  readonly policyFile: string;
}

function controls(run: Omit<RunFile, 'processes'>, { state, env, processes, workspace, policyFile }: Kept): Instance {
  const worker = (): OwnProcess | undefined => processes.find(({ name }) => name === 'worker');
  const forget = (): void => {
    const index = processes.findIndex(({ name }) => name === 'worker');
    if (index !== -1) processes.splice(index, 1);
  };
  return {
    ...run,
    processes,
    workspace,
    policyFile,
    killWorker: () => {
      const running = worker();
      if (running !== undefined) killProcess(running);
      forget();
    },
    startWorker: async () => {
      const logFile = join(state, 'logs', 'worker.log');
      const before = existsSync(logFile) ? statSync(logFile).size : 0;
      const bin = fileURLToPath(new URL('../../bin/countersign.js', import.meta.url));
      const started = startChild({
        name: 'worker',
        command: process.execPath,
        args: [bin, 'worker', '--embedded', run.address],
        env,
        logFile,
      });
      processes.push({ name: started.name, pid: started.pid, start: started.start });
      writeRunFile(state, { ...run, processes });
      await untilReady(started, logFile, before);
    },
    stop: async () => {
      const running = worker();
      if (running !== undefined) await stopProcess(running);
      await stopAll(processes);
      removeRunFile(state);
    },
  };
}

/** Refused while another start owns this folder; what a crashed one left is ended first. */
async function sweep(state: string, report: (line: string) => void): Promise<void> {
  const earlier = readRunFile(state);
  if (earlier === undefined) return;
  if (earlier.owner.pid !== process.pid && isAlive(earlier.owner)) {
    throw new ClientError(
      'refused',
      `An instance is already running here (process ${earlier.owner.pid}): end it with Ctrl-C there, or use it from here.`,
    );
  }
  const left = earlier.processes.filter(isAlive);
  if (left.length > 0) report(`Ending what an earlier start left behind: ${left.map(({ name }) => name).join(', ')}`);
  await stopAll(left);
  removeRunFile(state);
}

/** The example’s policy and workspace on first use; the demo’s workspace is laid out anew each time. */
function layOut(home: string, demo: boolean): { readonly policyFile: string; readonly workspace: string } {
  const example = fileURLToPath(new URL('../../examples/personal-assistant', import.meta.url));
  const policyFile = process.env['COUNTERSIGN_POLICY'] ?? join(home, 'policy.yaml');
  const workspace = process.env['COUNTERSIGN_WORKSPACE'] ?? join(home, 'workspace');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (demo) {
    const own = { policyFile: join(home, 'policy.yaml'), workspace: join(home, 'workspace') };
    cpSync(join(example, 'policy.yaml'), own.policyFile);
    cpSync(join(example, 'workspace'), own.workspace, { recursive: true });
    return own;
  }
  if (!existsSync(policyFile)) cpSync(join(example, 'policy.yaml'), policyFile);
  if (!existsSync(workspace)) cpSync(join(example, 'workspace'), workspace, { recursive: true });
  return { policyFile, workspace };
}

function thisProcess(): OwnProcess {
  return { name: 'countersign', pid: process.pid, start: startOf(process.pid) ?? '' };
}

/** A child gets no more of the environment than it needs (S10). */
function baseEnv(): Readonly<Record<string, string | undefined>> {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG };
}

interface LawPlaces {
  readonly policyFile: string;
  readonly approversFile: string;
  readonly workspace: string;
  readonly demo: boolean;
}

function lawEnv({ policyFile, approversFile, workspace, demo }: LawPlaces): Readonly<Record<string, string>> {
  return {
    COUNTERSIGN_POLICY: policyFile,
    COUNTERSIGN_APPROVERS: approversFile,
    COUNTERSIGN_WORKSPACE: workspace,
    COUNTERSIGN_DEMO: demo ? '1' : '0',
    COUNTERSIGN_PRIVATE_ORIGINS: process.env['COUNTERSIGN_PRIVATE_ORIGINS'] ?? '',
  };
}

/** The operator’s mail server where one is named, else the catcher. */
async function startMail(
  state: string,
  processes: OwnProcess[],
): Promise<{ readonly url: string; readonly env: Readonly<Record<string, string | undefined>> }> {
  const named = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^COUNTERSIGN_(SMTP_|MAIL_)/.test(name)),
  );
  if (named['COUNTERSIGN_SMTP_HOST'] !== undefined) return { url: '', env: named };
  const smtpPort = await freePort(1025);
  const pagePort = await freePort(8025);
  startEntry(
    'mail-catcher',
    'mail-catcher-main.js',
    [join(state, 'mail'), String(smtpPort), String(pagePort)],
    state,
    processes,
  );
  await untilListening(pagePort);
  await untilListening(smtpPort);
  return {
    url: `http://127.0.0.1:${pagePort}/`,
    env: {
      COUNTERSIGN_SMTP_HOST: '127.0.0.1',
      COUNTERSIGN_SMTP_PORT: String(smtpPort),
      COUNTERSIGN_MAIL_FROM: 'assistant@countersign.example',
    },
  };
}

/** Claude with a key; the stand-in only on request; else no model, and thinking waits for one. */
async function startModel(
  { scripted, state }: InstanceOptions,
  processes: OwnProcess[],
): Promise<{ readonly name: string; readonly env: Readonly<Record<string, string | undefined>> }> {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, COUNTERSIGN_MODEL } = process.env;
  if (!scripted) {
    const key = (ANTHROPIC_API_KEY ?? '') === '' ? undefined : ANTHROPIC_API_KEY;
    const env = { ANTHROPIC_API_KEY: key ?? 'none', ANTHROPIC_BASE_URL, COUNTERSIGN_MODEL };
    return { name: key === undefined ? 'none' : 'claude', env };
  }
  const port = await freePort(0);
  startEntry('stand-in', 'stand-in-main.js', [String(port)], state, processes);
  await untilListening(port);
  const env = {
    ANTHROPIC_API_KEY: 'the-stand-in-needs-none',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_MODEL: 'scripted-stand-in',
  };
  return { name: 'scripted', env };
}

function startEntry(name: string, file: string, args: readonly string[], state: string, processes: OwnProcess[]): void {
  const entry = fileURLToPath(new URL(`../worker/${file}`, import.meta.url));
  const started = startChild({
    name,
    command: process.execPath,
    args: [entry, ...args],
    env: baseEnv(),
    logFile: join(state, 'logs', `${name}.log`),
  });
  processes.push({ name, pid: started.pid, start: started.start });
}

async function untilListening(port: number): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ClientError(
    'unreachable',
    'A part of the instance did not start; what it said stands in the logs folder of the state directory.',
  );
}

async function untilReady(worker: OwnProcess, logFile: string, from: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end && isAlive(worker);) {
    if (readFileSync(logFile, 'utf8').slice(from).includes('worker ready')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const said = readFileSync(logFile, 'utf8').slice(from).trim().split('\n').slice(-5).join('\n');
  throw new ClientError('unreachable', `The worker did not start:\n${said}`);
}
