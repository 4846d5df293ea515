/** The embedded Temporal server: `temporal server start-dev` on loopback, file-backed. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { askCommand } from './ask-command.ts';
import { isAlive, startChild, stopProcess } from './children.ts';
import { freePort } from './free-port.ts';
import type { OwnProcess } from './run-file.ts';
import { serverEnv } from './temporal-binary.ts';
import { untilListening } from './until-listening.ts';

export interface ServerOptions {
  readonly binary: string;
  /** Absent: in memory, for tests. */
  readonly dbFile?: string;
  readonly port?: number;
  readonly uiPort?: number;
  readonly logFile: string;
  /** Told of the process as soon as it exists, before it serves. */
  readonly onStart?: (ours: OwnProcess) => void;
  readonly signal?: AbortSignal;
  /** Until it serves, ms. */
  readonly limitMs?: number;
}

export interface RunningServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly process: OwnProcess;
}

/** Without the first value the development server is throttled to about 100 ms an activity (facts: measured). */
const DYNAMIC = [
  'history.transferProcessorMaxPollRPS=100000',
  'system.enableActivityEagerExecution=true',
  'frontend.WorkflowPauseEnabled=true',
];

const START_LIMIT_MS = 60_000;
const TRIES = 3;

/** Starts the server and waits until it serves. Throws, with its last words, if it does not within a minute. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { dbFile, logFile, limitMs = START_LIMIT_MS } = options;
  if (dbFile !== undefined) mkdirSync(dirname(dbFile), { recursive: true, mode: 0o700 });
  const end = Date.now() + limitMs;
  for (let tries = 1; ; tries += 1) {
    const port = await freePort(options.port ?? 0);
    const uiPort = await freePort(options.uiPort ?? 0, [port]);
    options.signal?.throwIfAborted();
    const from = sizeOf(logFile);
    const { name, pid, start, child } = launch(options, port, uiPort);
    const server = {
      address: `127.0.0.1:${port}`,
      uiUrl: `http://127.0.0.1:${uiPort}`,
      process: { name, pid, start },
    };
    options.onStart?.(server.process);
    let failure = '';
    child.once('error', ({ message }) => (failure = message));
    if (await isServing(server, [port, uiPort], options, end)) return server;
    const ended = !isAlive(server.process);
    await stopProcess(server.process, 1000);
    await new Promise((resolve) => setImmediate(resolve)); // An error of starting is told only now.
    const said = `${failure}\n${lastLines(logFile, from)}`.trim();
    const lostPort = ended && /address already in use/i.test(said);
    if (!lostPort || tries === TRIES) throw new Error(didNotStart(ended, said, logFile));
  }
}

function launch(
  { binary, dbFile, logFile }: ServerOptions,
  port: number,
  uiPort: number,
): ReturnType<typeof startChild> {
  return startChild({
    name: 'temporal-server',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
      ...['--ui-disable-news-fetch', '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2'],
      ...DYNAMIC.flatMap((value) => ['--dynamic-config-value', value]),
      ...['--search-attribute', 'CountersignState=Keyword', '--search-attribute', 'CountersignWaiting=Int'],
      ...['--log-level', 'warn'],
    ],
    env: serverEnv(process.env),
    logFile,
  });
}

/** Its own process listens on both ports, and what answers there is healthy. */
async function isServing(
  { address, process: ours }: RunningServer,
  ports: readonly number[],
  { binary, signal }: ServerOptions,
  end: number,
): Promise<boolean> {
  const { kind } = await untilListening(ours, ports, end - Date.now(), signal);
  if (kind !== 'listening') return false;
  // Settings and profiles of a Temporal client (TLS, an API key) are meant for another server than this one.
  const args = ['operator', 'cluster', 'health', '--address', address, '--disable-config-file', '--disable-config-env'];
  while (Date.now() < end && isAlive(ours)) {
    if (signal?.aborted === true) return false;
    const said = await askCommand(binary, args, { limitMs: 5000, env: serverEnv(process.env), signal }).catch(() => '');
    if (said.includes('SERVING') && isAlive(ours)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function didNotStart(ended: boolean, said: string, logFile: string): string {
  const what = ended ? 'ended at once' : 'did not become healthy in time and was ended';
  return `The Temporal server ${what}${said === '' ? '.' : `; it said:\n${said}`}\nAll of it stands in ${logFile}.`;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function lastLines(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8').trim().split('\n').slice(-5).join('\n');
}
