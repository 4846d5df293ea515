import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { withLock } from '../../src/server/process-lock.ts';
import { startOf } from '../../src/server/process-start.ts';
import type { Scene } from './scene.ts';
import { deadPid, ended, eventually, setScene } from './scene.ts';

let scene: Scene;
let lock: string;
beforeEach(() => {
  scene = setScene();
  lock = join(scene.folder, 'locks', 'it.lock');
  mkdirSync(join(scene.folder, 'locks'));
});
afterEach(() => scene.clear());

const HOLDER = `
import { appendFileSync } from 'node:fs';
import { withLock } from './dist/server/process-lock.js';
const [lock, journal, ms] = process.argv.slice(2);
await withLock(lock, () => undefined, async () => {
  appendFileSync(journal, 'in ' + process.pid + '\\n');
  await new Promise((resolve) => setTimeout(resolve, Number(ms)));
  appendFileSync(journal, 'out ' + process.pid + '\\n');
});
`;

const taken = (): Promise<string> =>
  withLock(
    lock,
    () => undefined,
    async () => 'mine',
  );

describe('a lock between processes', () => {
  test.each([['no lock'], ['the lock of a dead process'], ['an old half-written lock']])(
    'starts that race for it work one after the other, and %s is there first',
    async (first) => {
      const old = new Date(Date.now() - 60_000);
      if (first !== 'no lock') writeFileSync(lock, first.includes('dead') ? await held(await deadPid(), '1') : '{"pi');
      if (first !== 'no lock') utimesSync(lock, old, old);
      const journal = join(scene.folder, 'journal');
      const runs = Array.from({ length: 8 }, () => ended(scene.run(HOLDER, lock, journal, '30')));
      for (const { code, err } of await Promise.all(runs)) expect({ code, err }).toEqual({ code: 0, err: '' });
      const lines = scene.read('journal').trim().split('\n');
      expect(lines).toHaveLength(16);
      for (let at = 0; at < 16; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace('in', 'out'));
      expect(readdirSync(join(scene.folder, 'locks'))).toEqual([]);
    },
  );

  test('the number of its dead holder, used again by another process, does not hold it', async () => {
    writeFileSync(lock, await held(process.pid, 'another start'));
    expect(await taken()).toBe('mine');
  });

  test('the lock of a holder that was killed is taken over', async () => {
    const journal = join(scene.folder, 'journal');
    const holder = scene.run(HOLDER, lock, journal, '60000');
    await eventually(() => existsSync(journal));
    let waited = false;
    const waiting = withLock(
      lock,
      () => (waited = true),
      async () => 'mine',
    );
    await eventually(() => waited);
    holder.kill('SIGKILL');
    expect(await waiting).toBe('mine');
    expect(existsSync(lock)).toBe(false);
  });

  test('a living holder is waited for, and the wait can be interrupted', async () => {
    writeFileSync(lock, await held(process.ppid, startOf(process.ppid) ?? ''));
    const waiting = withLock(lock, () => undefined, taken, AbortSignal.timeout(300));
    await expect(waiting).rejects.toThrow('timeout');
    expect(existsSync(lock)).toBe(true);
  });

  test('a lock that was only just written half is not stolen from its writer', async () => {
    writeFileSync(lock, '');
    await expect(withLock(lock, () => undefined, taken, AbortSignal.timeout(500))).rejects.toThrow('timeout');
  });

  test('a right to clear left by a process that was killed in that moment blocks nobody', async () => {
    const dead = await held(await deadPid(), '1');
    writeFileSync(lock, dead);
    writeFileSync(`${lock}.clearing`, dead);
    expect(await taken()).toBe('mine');
  });

  test('a folder that cannot be written is an error, not a wait without end', async () => {
    writeFileSync(join(scene.folder, 'file'), '');
    lock = join(scene.folder, 'file', 'it.lock');
    await expect(taken()).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  test('it is free again after work that failed', async () => {
    const failing = withLock(
      lock,
      () => undefined,
      () => Promise.reject(new Error('no luck')),
    );
    await expect(failing).rejects.toThrow('no luck');
    expect(await taken()).toBe('mine');
  });
});

async function held(pid: number, start: string): Promise<string> {
  return JSON.stringify({ pid, start });
}
