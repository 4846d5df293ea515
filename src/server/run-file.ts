/**
 * `.countersign/run.json`: where the embedded instance listens and which processes are ours. It is written before the
 * first process is started and after each one, still without an address until the instance is up.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { own, ownCount, ownList, ownString } from '../domain/json.ts';

export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  /** See `startOf`: with the pid it names the process for good. */
  readonly start: string;
}

export interface RunFile {
  /** host:port of the Temporal server. */
  readonly address: string;
  readonly uiUrl: string;
  readonly mailUrl: string;
  /** Who thinks: `claude`, `scripted`, or `none` without a key. */
  readonly model: string;
  /** With which the person at this machine signs. */
  readonly keyFile: string;
  readonly approversFile: string;
  /** The process that started the instance and ends it. */
  readonly owner: OwnProcess;
  /** In the order in which they were started. */
  readonly processes: readonly OwnProcess[];
}

export function writeRunFile(directory: string, run: RunFile): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'run.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** What was recorded of an instance that is up, or undefined for a missing, foreign or damaged file. Never throws. */
export function readRunFile(directory: string): RunFile | undefined {
  const parsed = readJson(directory);
  const text = (key: string): string => ownString(parsed, key) ?? '';
  if (text('address') === '') return undefined;
  return {
    address: text('address'),
    uiUrl: text('uiUrl'),
    mailUrl: text('mailUrl'),
    model: text('model'),
    keyFile: text('keyFile'),
    approversFile: text('approversFile'),
    ...readLedger(directory),
  };
}

/** Which processes were started, whether or not the instance came up: what the next start must end. Never throws. */
export function readLedger(directory: string): Pick<RunFile, 'owner' | 'processes'> {
  const parsed = readJson(directory);
  return {
    owner: readProcess(own(parsed, 'owner')) ?? { name: 'unknown', pid: 0, start: '' },
    processes: ownList(parsed, 'processes').flatMap((entry) => readProcess(entry) ?? []),
  };
}

function readJson(directory: string): unknown {
  try {
    return JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function readProcess(entry: unknown): OwnProcess | undefined {
  const [name, pid, start] = [ownString(entry, 'name'), ownCount(entry, 'pid'), ownString(entry, 'start')];
  return name === undefined || pid === undefined || start === undefined ? undefined : { name, pid, start };
}

export function removeRunFile(directory: string): void {
  rmSync(join(directory, 'run.json'), { force: true });
}
