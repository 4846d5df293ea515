/** The embedded Temporal server: `temporal server start-dev` on loopback, file-backed (design.md section 8). */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { ChildOptions } from './children.ts';
import { isAlive, startChild, stopProcess } from './children.ts';
import { freePort } from './free-port.ts';
import type { OwnProcess } from './run-file.ts';

export interface ServerOptions {
  readonly binary: string;
  /** Absent: in memory, for tests. */
  readonly dbFile?: string;
  readonly port?: number;
  readonly uiPort?: number;
  readonly logFile: string;
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

/** Starts the server and waits until it serves. Throws, with the log named, if it does not within 30 s. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { binary, dbFile, logFile } = options;
  if (dbFile !== undefined) mkdirSync(dirname(dbFile), { recursive: true, mode: 0o700 });
  const port = await freePort(options.port ?? 0);
  const uiPort = await freePort(options.uiPort ?? 0);
  const child: ChildOptions = {
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
    env: serverEnv(),
    logFile,
  };
  const started = startChild(child);
  const { name, pid, start } = started;
  const running: RunningServer = {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    process: { name, pid, start },
  };
  await untilServing(running, binary, logFile);
  return running;
}

/** The server gets no keys and no settings of a Temporal client (S10). */
function serverEnv(): Readonly<Record<string, string | undefined>> {
  const { PATH, HOME = tmpdir(), TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

async function untilServing({ address, process: ours }: RunningServer, binary: string, logFile: string): Promise<void> {
  const run = promisify(execFile);
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    if (!isAlive(ours)) break;
    const healthy = await run(binary, ['operator', 'cluster', 'health', '--address', address], {
      timeout: 5000,
      env: { ...serverEnv() },
    })
      .then(({ stdout }) => stdout.includes('SERVING'))
      .catch(() => false);
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stopProcess(ours, 1000);
  throw new Error(`The Temporal server did not start. What it said stands in ${logFile}.`);
}
