/** Child processes of an embedded instance: detached, logged, and ended for certain, each with its process group. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { ENDING_SIGNALS } from './interruptible.ts';
import { isSameProcess, startOf } from './process-start.ts';
import type { OwnProcess } from './run-file.ts';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
}

/** Starts a process in a group of its own, so that Ctrl-C of the terminal does not reach it. */
export function startChild({
  name,
  command,
  args,
  env,
  logFile,
}: ChildOptions): OwnProcess & { readonly child: ChildProcess } {
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env: { ...env } });
    child.on('error', () => undefined);
    const pid = child.pid ?? 0;
    return { name, pid, start: startOf(pid) ?? '', child };
  } finally {
    closeSync(log);
  }
}

export function isAlive({ pid, start }: OwnProcess): boolean {
  return isSameProcess(pid, start);
}

/** SIGTERM to the group, `graceMs` to end, then SIGKILL. A process that is not provably ours is left alone. */
export async function stopProcess(ours: OwnProcess, graceMs = 10_000): Promise<void> {
  if (!isAlive(ours)) return;
  signalGroup(ours, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (isAlive(ours) && Date.now() < end) await pause(50);
  // Also when it ended: what it started in its group may have stayed. A group that is left keeps its number reserved.
  signalGroup(ours, 'SIGKILL');
  const dead = Date.now() + 2000;
  while (isAlive(ours) && Date.now() < dead) await pause(20);
}

/** Ends at once, without a word: what a crash does. */
export function killProcess(ours: OwnProcess): void {
  if (isAlive(ours)) signalGroup(ours, 'SIGKILL');
}

/** The last started first: workers before the server. */
export function killAll(processes: readonly OwnProcess[]): void {
  for (const ours of processes.toReversed()) killProcess(ours);
}

/** The last started first: workers before the server. A signal meanwhile (an impatient Ctrl-C) ends all at once. */
export async function stopAll(processes: readonly OwnProcess[], graceMs = 10_000): Promise<void> {
  const hurry = (): void => killAll(processes);
  for (const name of ENDING_SIGNALS) process.on(name, hurry);
  try {
    for (const ours of processes.toReversed()) await stopProcess(ours, graceMs);
  } finally {
    for (const name of ENDING_SIGNALS) process.removeListener(name, hurry);
  }
}

function signalGroup({ pid }: OwnProcess, signal: NodeJS.Signals): void {
  // To -1 would mean every process there is.
  if (pid <= 1 || pid === process.pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Ended in this very moment.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
