/** Child processes of an embedded instance: detached, logged, and ended for certain, each with its process group. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
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
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env: { ...env } });
  closeSync(log);
  child.on('error', () => undefined);
  const pid = child.pid ?? 0;
  return { name, pid, start: startOf(pid) ?? '', child };
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
  if (!isAlive(ours)) return;
  signalGroup(ours, 'SIGKILL');
  const dead = Date.now() + 2000;
  while (isAlive(ours) && Date.now() < dead) await pause(20);
}

/** Ends at once, without a word: what a crash does. */
export function killProcess(ours: OwnProcess): void {
  if (isAlive(ours)) signalGroup(ours, 'SIGKILL');
}

/** The last started first: workers before the server. */
export async function stopAll(processes: readonly OwnProcess[]): Promise<void> {
  for (const ours of processes.toReversed()) await stopProcess(ours);
}

function signalGroup({ pid }: OwnProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Ended in this very moment.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
