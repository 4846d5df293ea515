/** The parts beside server and worker (mail catcher, scripted stand-in; `instance-shop.ts`), each a process that must hold its own ports. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientError } from '../client/client-error.ts';
import type { Role } from '../domain/role.ts';
import { ROLES } from '../domain/role.ts';
import { startChild, stopProcess } from '../server/children.ts';
import { freePort } from '../server/free-port.ts';
import type { OwnProcess } from '../server/run-file.ts';
import { untilListening } from '../server/until-listening.ts';
import { line } from './terminal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a starting instance gives its parts. */
export interface Household {
  readonly state: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Told of each process as soon as it exists: what is not recorded cannot be swept. */
  readonly record: (ours: OwnProcess) => void;
  /** Tells of a port that was taken. */
  readonly tellPort: (what: string, wanted: number, got: number) => void;
}

/** The operator’s mail server where one is named, else the catcher. */
export async function startMail(household: Household): Promise<{ readonly url: string; readonly env: Environment }> {
  const named = Object.fromEntries(
    Object.entries(household.env).filter(([name]) => /^COUNTERSIGN_(SMTP_|MAIL_)/.test(name)),
  );
  const knownAs = (file: string): Environment => ({ COUNTERSIGN_MAIL_KNOWN: join(household.state, file), ...named });
  if (named['COUNTERSIGN_SMTP_HOST'] !== undefined) return { url: '', env: knownAs('known-recipients') };
  const ports = await startPart(household, {
    name: 'mail-catcher',
    wanted: [1025, 8025],
    args: (chosen) => [join(household.state, 'mail'), ...chosen],
  });
  const [smtpPort = 0, pagePort = 0] = ports;
  household.tellPort('the mail catcher', 1025, smtpPort);
  household.tellPort('the mail page', 8025, pagePort);
  return {
    url: `http://127.0.0.1:${pagePort}/`,
    env: {
      // Apart from the other record: whom only the catcher got mail for was never written to.
      ...knownAs('known-recipients-caught'),
      COUNTERSIGN_SMTP_HOST: '127.0.0.1',
      COUNTERSIGN_SMTP_PORT: String(smtpPort),
      COUNTERSIGN_MAIL_FROM: 'assistant@countersign.example',
    },
  };
}

/** Claude with a key; the stand-in only on request; else no model, and thinking waits for one. */
export async function startModel(
  household: Household,
  scripted: boolean,
): Promise<{ readonly name: string; readonly env: Environment; readonly roles: readonly Role[] }> {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, COUNTERSIGN_MODEL } = household.env;
  if (!scripted) {
    const key = (ANTHROPIC_API_KEY ?? '') === '' ? undefined : ANTHROPIC_API_KEY;
    // Without a key there is no model worker: it would send the conversation out all the same.
    if (key === undefined)
      return { name: 'none', env: { COUNTERSIGN_MODEL }, roles: ROLES.filter((role) => role !== 'model') };
    return { name: 'claude', env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL, COUNTERSIGN_MODEL }, roles: ROLES };
  }
  const [port = 0] = await startPart(household, { name: 'stand-in', wanted: [0], args: (chosen) => chosen });
  const env = {
    ANTHROPIC_API_KEY: 'the-stand-in-needs-none',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_MODEL: 'scripted-stand-in',
  };
  return { name: 'scripted', env, roles: ROLES };
}

/** A child gets no more of the environment than it needs (S10). */
export function baseEnv({ PATH, HOME, TMPDIR, LANG }: Environment): Environment {
  return { PATH, HOME, TMPDIR, LANG };
}

interface Part {
  readonly name: string;
  readonly wanted: readonly number[];
  readonly args: (ports: readonly string[]) => readonly string[];
}

const TRIES = 3;

/** Its ports, once its own process listens on them; another that took one of them first costs a try. */
export async function startPart(household: Household, { name, wanted, args }: Part): Promise<readonly number[]> {
  const logFile = join(household.state, 'logs', `${name}.log`);
  const entry = fileURLToPath(new URL(`../worker/${name}-main.js`, import.meta.url));
  for (let tries = 1; ; tries += 1) {
    const ports: number[] = [];
    for (const port of wanted) ports.push(await freePort(port, ports));
    household.signal.throwIfAborted();
    const from = sizeOf(logFile);
    const started = startChild({
      name,
      command: process.execPath,
      args: [entry, ...args(ports.map(String))],
      env: baseEnv(household.env),
      logFile,
    });
    const ours = { name, pid: started.pid, start: started.start };
    household.record(ours);
    const { kind } = await untilListening(ours, ports, 30_000, household.signal);
    if (kind === 'listening') return ports;
    await stopProcess(ours, 1000);
    household.signal.throwIfAborted();
    const said = saidSince(logFile, from);
    if (tries === TRIES || !said.includes('EADDRINUSE')) {
      const end = said.trim().split('\n').slice(-5).join('\n');
      throw new ClientError('unreachable', `The ${name} did not start; its log ${line(logFile)} ends:\n${end}`);
    }
  }
}

/** Bytes in a log; 0 where there is none yet. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

export function saidSince(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8');
}
