/**
 * A lock file between processes of one machine.
 * 1. It appears whole or not at all: written aside, then linked to its name, which fails if the name is taken.
 * 2. It is held as long as the very process lives that wrote it (pid and start time); else it is stale.
 * 3. Only who holds the right to clear removes a stale lock, after another look; so nobody removes a fresh one.
 * A lock saves work and keeps order; what it guards must be put in place atomically all the same.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownCount, ownString } from '../domain/json.ts';
import { codeOf } from './error-words.ts';
import { isSameProcess, startOf } from './process-start.ts';

/** Where there are no hard links a lock may be seen half-written for a moment. */
const HALF_WRITTEN_MS = 3000;
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Runs `work` while no other process does. Throws when the folder cannot be written, or `signal` ends the wait. */
export async function withLock<T>(
  file: string,
  onWait: () => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 1) onWait();
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  if (place(file)) return true;
  if (!isStale(file)) return false;
  const right = `${file}.clearing`;
  if (!place(right)) {
    if (isStale(right)) rmSync(right, { force: true });
    return false;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(right, { force: true });
  }
  return place(file);
}

function place(file: string): boolean {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) ?? '' });
  const aside = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(aside, mine, { flag: 'wx' });
    return isNew(() => linkSync(aside, file));
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    return isNew(() => writeFileSync(file, mine, { flag: 'wx' }));
  } finally {
    rmSync(aside, { force: true });
  }
}

function isNew(create: () => void): boolean {
  try {
    create();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    const holder = parse(text);
    return holder === undefined ? Math.abs(Date.now() - statSync(file).mtimeMs) > HALF_WRITTEN_MS : !isHeldBy(holder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false; // Gone meanwhile: the next try will tell.
    throw error;
  }
}

function parse(text: string): { readonly pid: number; readonly start: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const [pid, start] = [ownCount(value, 'pid'), ownString(value, 'start')];
    return pid === undefined || start === undefined ? undefined : { pid, start };
  } catch {
    return undefined;
  }
}

function isHeldBy({ pid, start }: { readonly pid: number; readonly start: string }): boolean {
  return start === '' ? startOf(pid) !== undefined : isSameProcess(pid, start);
}
