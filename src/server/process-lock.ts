import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSameProcess, startOf } from './process-start.ts';

/** Runs `work` while no other process does; a lock of a process that is gone is taken over. */
export async function withLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 0) onWait();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  try {
    writeFileSync(file, mine, { flag: 'wx' });
    return true;
  } catch {
    if (isHeld(file)) return false;
    rmSync(file, { force: true });
    return false;
  }
}

function isHeld(file: string): boolean {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string };
    return isSameProcess(pid, start);
  } catch {
    return false;
  }
}
