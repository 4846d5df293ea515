import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, realpath, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createWorkspaceFiles } from '../../../src/adapters/files/workspace-files.ts';

const SWAPS = 2000;

/** Swaps a folder and a link of one name, again and again, in a thread of its own. */
const SWAPPER = `
  const { renameSync } = require('node:fs');
  const { parentPort, workerData: { live, folder, link } } = require('node:worker_threads');
  let swaps = 0;
  const burst = () => {
    for (let n = 0; n < 50; n += 1, swaps += 2) {
      renameSync(live, folder); renameSync(link, live);
      renameSync(live, link); renameSync(folder, live);
    }
    parentPort.postMessage(swaps);
    setImmediate(burst);
  };
  burst();
`;

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

interface Stage {
  readonly root: string;
  readonly outside: string;
  readonly swaps: () => number;
}

/** `root/live` is a folder with note.txt, or for a moment a link to `outside`, which has a note.txt of its own. */
function startSwapping(): Stage {
  const base = mkdtempSync(join(tmpdir(), 'countersign-race-'));
  const [root, outside] = [join(base, 'workspace'), join(base, 'outside')];
  for (const folder of [root, outside, join(root, 'live')]) mkdirSync(folder);
  writeFileSync(join(root, 'live', 'note.txt'), 'mine');
  writeFileSync(join(outside, 'note.txt'), 'LEAKED');
  symlinkSync(outside, join(root, 'link'));
  let swaps = 0;
  const workerData = { live: join(root, 'live'), folder: join(root, 'folder'), link: join(root, 'link') };
  const worker = new Worker(SWAPPER, { eval: true, workerData });
  worker.on('message', (count: number) => (swaps = count));
  stop = async () => {
    await worker.terminate();
    rmSync(base, { recursive: true });
  };
  return { root, outside, swaps: () => swaps };
}

/** realpath, compare, read: what most do. */
async function naiveRead(root: string, path: string): Promise<string> {
  const real = await realpath(join(root, path));
  if (!real.startsWith(`${root}/`)) throw new Error('outside');
  return readFile(join(root, path), 'utf8');
}

describe('S12: folders swapped for links under the reader', () => {
  test(`in ${SWAPS} swaps and more the walk leaks nothing, while the naive guard leaks in the same run`, async () => {
    const stage = startSwapping();
    const files = createWorkspaceFiles(stage.root);
    const seen = { mine: 0, refused: 0, leaks: 0, naiveLeaks: 0 };
    const isUnproven = (): boolean => seen.naiveLeaks === 0 || seen.mine === 0 || seen.refused === 0;
    for (const end = Date.now() + 30_000; Date.now() < end && (stage.swaps() < SWAPS || isUnproven());) {
      const [read, listed, naive] = await Promise.all([
        files.read('live/note.txt', 100),
        files.list('live'),
        naiveRead(stage.root, 'live/note.txt').catch(() => 'refused'),
      ]);
      const text = read.kind === 'ok' ? Buffer.from(read.file.bytes).toString() : 'refused';
      if (text === 'mine') seen.mine += 1;
      else if (text === 'refused') seen.refused += 1;
      else seen.leaks += 1;
      expect(listed.kind === 'ok' ? listed.entries : []).not.toContainEqual({
        name: 'note.txt',
        kind: 'file',
        size: 6,
      });
      if (naive === 'LEAKED') seen.naiveLeaks += 1;
    }
    expect(seen.leaks).toBe(0);
    expect(isUnproven()).toBe(false);
  });

  test(`in ${SWAPS} swaps and more no deletion goes through the link, while the naive one does`, async () => {
    const { root, outside, swaps } = startSwapping();
    const files = createWorkspaceFiles(root);
    const seen = { deleted: 0, outside: 0, naiveOutside: 0 };
    const ours = (): boolean => !existsSync(join(outside, 'ours.txt'));
    const naives = (): boolean => !existsSync(join(outside, 'naive.txt'));
    for (const end = Date.now() + 30_000; Date.now() < end && (swaps() < SWAPS || isUndecided(seen));) {
      // The same content on both sides: only the walk, and no hash, can tell them apart.
      for (const folder of [outside, join(root, 'live'), join(root, 'folder')]) {
        for (const name of ['ours.txt', 'naive.txt']) putFile(join(folder, name));
      }
      const inspected = await files.inspect('live/ours.txt');
      const [removed] = await Promise.all([
        inspected.kind === 'ok' ? files.remove(inspected.doomed) : inspected,
        naiveRemove(root, 'live/naive.txt').catch(() => undefined),
      ]);
      if (removed.kind === 'deleted') seen.deleted += 1;
      if (ours()) seen.outside += 1;
      if (naives()) seen.naiveOutside += 1;
    }
    expect(seen.outside).toBe(0);
    expect(isUndecided(seen)).toBe(false);
  });
});

function isUndecided(seen: { readonly deleted: number; readonly naiveOutside: number }): boolean {
  return seen.deleted === 0 || seen.naiveOutside === 0;
}

/** realpath, compare, unlink. */
async function naiveRemove(root: string, path: string): Promise<void> {
  const real = await realpath(join(root, path));
  if (!real.startsWith(`${root}/`)) throw new Error('outside');
  await unlink(join(root, path));
}

/** Where the folder is just then, or nowhere. */
function putFile(path: string): void {
  try {
    writeFileSync(path, 'same');
  } catch {
    // The folder is swapped away at this moment.
  }
}
