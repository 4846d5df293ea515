import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isAlive, killProcess, startChild, stopAll, stopProcess } from '../../src/server/children.ts';
import { startOf } from '../../src/server/process-start.ts';
import type { OwnProcess } from '../../src/server/run-file.ts';
import { readLedger, readRunFile, removeRunFile, writeRunFile } from '../../src/server/run-file.ts';
import type { Scene } from './scene.ts';
import { deadPid, ended, eventually, lives, setScene } from './scene.ts';

let scene: Scene;
const innocents: ChildProcess[] = [];
beforeEach(() => {
  scene = setScene();
});
afterEach(() => {
  for (const child of innocents.splice(0)) child.kill('SIGKILL');
  scene.clear();
});

/** Writes the file `ready` when it runs, with the pid of a child if it has one. */
const STUBBORN = `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync(process.argv[1], 'x'); setInterval(() => {}, 1e6);`;
const PARENT = `
const child = require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)"], { stdio: 'ignore' });
require('node:fs').writeFileSync(process.argv[1], String(child.pid)); setInterval(() => {}, 1e6);`;

async function child(script: string, name = 'child'): Promise<OwnProcess> {
  const ready = join(scene.folder, `${name}.ready`);
  const { pid, start } = startChild({
    name,
    command: process.execPath,
    args: ['-e', script, ready],
    env: scene.env,
    logFile: join(scene.folder, 'logs', 'child.log'),
  });
  await eventually(() => existsSync(ready) && scene.read(`${name}.ready`) !== '');
  return { name, pid, start };
}

function innocent(): { readonly pid: number; readonly start: string } {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' });
  innocents.push(bystander);
  const pid = bystander.pid ?? 0;
  return { pid, start: startOf(pid) ?? '' };
}

describe('ending what is ours', () => {
  test('a child that ignores SIGTERM is killed after its grace', async () => {
    const ours = await child(STUBBORN);
    await stopProcess(ours, 200);
    expect(isAlive(ours)).toBe(false);
  });

  test('what a child started in its group ends with it, even if it ignores SIGTERM', async () => {
    const ours = await child(PARENT);
    const grandchild = Number(scene.read('child.ready'));
    expect(lives(grandchild)).toBe(true);
    await stopProcess(ours, 5000);
    await eventually(() => !lives(grandchild));
  });

  test('a signal while the children are being stopped (a second Ctrl-C) ends all of them at once', async () => {
    const stopping = scene.run(
      `
      import { startChild, stopAll } from './dist/server/children.js';
      const start = (name) => startChild({ name, command: process.execPath, args: ['-e', ${JSON.stringify(STUBBORN)}, name + '.ready'], env: {}, logFile: 'log' });
      process.chdir(process.argv[2]);
      const all = [start('first'), start('second')].map(({ name, pid, start }) => ({ name, pid, start }));
      console.log(JSON.stringify(all));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      console.log('stopping');
      await stopAll(all);
      console.log('stopped');`,
      scene.folder,
    );
    let said = '';
    stopping.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const end = ended(stopping);
    await eventually(() => said.includes('stopping'));
    const began = Date.now();
    stopping.kill('SIGINT');
    expect(await end).toMatchObject({ code: 0, out: expect.stringContaining('stopped') });
    expect(Date.now() - began).toBeLessThan(5000);
    for (const { pid } of JSON.parse(said.split('\n')[0] ?? '[]') as OwnProcess[]) expect(lives(pid)).toBe(false);
  });

  test('the last started ends first: workers before the server', async () => {
    const order = join(scene.folder, 'order');
    const note = (name: string): string =>
      `process.on('SIGTERM', () => { require('node:fs').appendFileSync(${JSON.stringify(order)}, '${name} '); process.exit(0); }); require('node:fs').writeFileSync(process.argv[1], 'x'); setInterval(() => {}, 1e6);`;
    const server = await child(note('server'), 'server');
    const worker = await child(note('worker'), 'worker');
    await stopAll([server, worker]);
    expect(scene.read('order')).toBe('worker server ');
  });

  test('a program that is not there is no process, and ending it ends nothing', async () => {
    const { pid, start } = startChild({
      name: 'none',
      command: join(scene.folder, 'none'),
      args: [],
      env: {},
      logFile: join(scene.folder, 'log'),
    });
    expect(isAlive({ name: 'none', pid, start })).toBe(false);
    await stopProcess({ name: 'none', pid, start });
  });
});

describe('what is not provably ours is never ended', () => {
  test('a number that another process uses now', async () => {
    const { pid, start } = innocent();
    for (const claim of ['', '0', `${start}0`, 'undefined']) {
      killProcess({ name: 'server', pid, start: claim });
      await stopProcess({ name: 'server', pid, start: claim }, 10);
    }
    await stopAll([{ name: 'server', pid, start: 'earlier' }], 10);
    expect(lives(pid)).toBe(true);
  });

  test('numbers that would mean every process, our own group, or nobody', async () => {
    for (const pid of [1, 0, -1, process.pid, 1.5, 2 ** 31, Number.NaN]) {
      killProcess({ name: 'x', pid, start: startOf(pid) ?? '' });
      await stopProcess({ name: 'x', pid, start: startOf(pid) ?? '' }, 1).catch(() => undefined);
    }
    expect(lives(process.pid)).toBe(true);
  }, 20_000);
});

describe('the run file', () => {
  const text = (content: string): void => {
    mkdirSync(scene.folder, { recursive: true });
    writeFileSync(join(scene.folder, 'run.json'), content);
  };

  test.each(['', '{', 'null', '7', '[]', '{"address":7}', '{"processes":{}}', '\u0000\u0001', '{"owner":[]}'])(
    'garbage is no instance and names no process: %j',
    (content) => {
      text(content);
      expect(readRunFile(scene.folder)).toBeUndefined();
      expect(readLedger(scene.folder)).toEqual({ owner: { name: 'unknown', pid: 0, start: '' }, processes: [] });
    },
  );

  test('entries that are damaged are left out; those that are whole stay known', () => {
    const whole = { name: 'worker', pid: 4711, start: 'then' };
    text(JSON.stringify({ processes: [null, 7, { pid: '1' }, { name: 'x', pid: -1, start: 'y' }, whole] }));
    expect(readLedger(scene.folder).processes).toEqual([whole]);
  });

  test('processes are on record before there is an address, and nobody connects to an instance that is not up', async () => {
    const owner = { name: 'countersign', pid: await deadPid(), start: '1' };
    const places = { address: '', uiUrl: '', mailUrl: '', model: '', keyFile: '', approversFile: '' };
    writeRunFile(scene.folder, { ...places, owner, processes: [{ name: 'temporal-server', pid: 5, start: '5' }] });
    expect(readRunFile(scene.folder)).toBeUndefined();
    expect(readLedger(scene.folder).processes).toHaveLength(1);
    removeRunFile(scene.folder);
    expect(existsSync(join(scene.folder, 'run.json'))).toBe(false);
  });
});
