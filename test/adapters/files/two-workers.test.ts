/**
 * S7 and S12 with two workers on one workspace, and with folders that resist: of two that move or delete one file at most
 * one says that it did, the file has one name at the end, and nothing that happened is called a refusal. The naive way
 * (link, then unlink where it is still there) says yes twice and leaves a file of two names in the same run.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { putBack } from '../../../src/adapters/files/hard-moves.ts';
import { Refusal } from '../../../src/adapters/files/refusal.ts';
import { createWorkspaceChanges } from '../../../src/adapters/files/workspace-changes.ts';
import type { WorkspaceChanges } from '../../../src/tools/ports/workspace-changes.ts';
import type { Stage } from './stage.ts';
import { createStage, inspected, sha256, snapshot } from './stage.ts';

const ROUNDS = 300;
const NOBODY = 65_534;
const SHOWN = { size: 5, sha256: sha256('shown') };

let stage: Stage;
let other: WorkspaceChanges;
beforeEach(() => {
  stage = createStage();
  other = createWorkspaceChanges({ root: stage.root, trashDays: 30, now: () => new Date() });
});
afterEach(() => stage.remove());

/** Every name of a file beneath the workspace, but for the manifests of the trash. */
function namesOfFiles(): readonly string[] {
  return readdirSync(stage.root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('manifest.json') && !name.startsWith('notes'))
    .filter((name) => statSync(stage.at(name)).isFile());
}

async function naiveMove(from: string, to: string): Promise<'done' | 'failed'> {
  try {
    await link(stage.at(from), stage.at(to));
  } catch {
    return 'failed';
  }
  await unlink(stage.at(from)).catch(() => undefined);
  return 'done';
}

describe('two workers, one file', () => {
  test('both move it: at most one says so, and it has one name', async () => {
    let [naiveBoth, met] = [0, 0];
    for (let n = 0; n < ROUNDS; n += 1) {
      stage.put('a', 'shown');
      const naive = await Promise.all([naiveMove('a', 'b'), naiveMove('a', 'c')]);
      if (naive.every((kind) => kind === 'done') && statSync(stage.at('b')).nlink === 2) naiveBoth += 1;
      for (const name of ['a', 'b', 'c']) rmSync(stage.at(name), { force: true });

      stage.put('a', 'shown');
      const ends = await Promise.all([
        stage.changes.move({ path: 'a', ...SHOWN, to: 'b' }),
        other.move({ path: 'a', ...SHOWN, to: 'c' }),
      ]);
      const names = namesOfFiles();
      expect(names).toHaveLength(1);
      expect(statSync(stage.at(names[0] ?? '')).nlink).toBe(1);
      expect(ends.filter(({ kind }) => kind === 'done')).toHaveLength(names[0] === 'a' ? 0 : 1);
      expect(ends.map(({ kind }) => kind)).not.toContain('unknown');
      if (ends.some(({ kind }) => kind === 'changed')) met += 1;
      rmSync(stage.at(names[0] ?? ''));
    }
    expect(naiveBoth).toBeGreaterThan(0);
    expect(met).toBeGreaterThan(0);
  });

  test('one moves it, one deletes it: at most one says so, and it has one name', async () => {
    for (let n = 0; n < ROUNDS; n += 1) {
      stage.put('a', 'shown');
      const id = n.toString(16).padStart(16, '0');
      await other.openDeletion(id, [{ path: 'a', ...SHOWN }]);
      const ends = await Promise.all([
        stage.changes.move({ path: 'a', ...SHOWN, to: 'b' }),
        other.trash(id, 0, { path: 'a', ...SHOWN }),
      ]);
      const names = namesOfFiles();
      expect(names).toHaveLength(1);
      expect(statSync(stage.at(names[0] ?? '')).nlink).toBe(1);
      expect(ends.map(({ kind }) => kind === 'done')).toEqual([names[0] === 'b', names[0]?.endsWith('/0') === true]);
      rmSync(stage.at(names[0] ?? ''));
      rmSync(stage.at(`.countersign-trash/${id}`), { recursive: true });
    }
  });
});

describe('what a worker writes is its own until it is done', () => {
  const OLD = Buffer.alloc(4 * 1024 * 1024, 'o');

  test('a worker that starts takes no temporary of another away, and the write is done', async () => {
    stage.put('file', OLD);
    const before = { size: OLD.length, sha256: sha256(OLD) };
    const after = stage.changes.contentOf(Buffer.alloc(4 * 1024 * 1024, 'n'));
    const written = stage.changes.write({ path: 'file', before, after });
    while (temporary() === undefined) await nextTurn();
    const starting = createWorkspaceChanges({ root: stage.root, trashDays: 30, now: () => new Date() });
    await starting.dropDeletion('0123456789abcdef');
    expect(await written).toEqual({ kind: 'done' });
  });

  test('what is younger than 15 minutes stays at a start, and what is held under two names, too', async () => {
    const names = ['tmp', 'held'].map((kind) => `.countersign-${kind}-${'0'.repeat(24)}`);
    for (const name of names) stage.put(name, 'x');
    linkSync(stage.at(names[1] ?? ''), stage.at('second'));
    for (const [leftOverMs, left] of [
      [undefined, names],
      [0, []],
    ] as const) {
      const options = { root: stage.root, trashDays: 30, now: () => new Date() };
      const next = createWorkspaceChanges(leftOverMs === undefined ? options : { ...options, leftOverMs });
      await next.dropDeletion('0123456789abcdef');
      expect(names.filter((name) => existsSync(stage.at(name)))).toEqual(left);
    }
  });

  test('the new content of a file that nobody else may read can at no moment be read by others', async () => {
    const modes = new Set<number>();
    stage.put('file', OLD);
    chmodSync(stage.at('file'), 0o600);
    const before = { size: OLD.length, sha256: sha256(OLD) };
    const state = { isOver: false };
    const after = stage.changes.contentOf(Buffer.alloc(32 * 1024 * 1024, 'n'));
    const written = stage.changes.write({ path: 'file', before, after }).finally(() => (state.isOver = true));
    while (!state.isOver) {
      const name = temporary();
      const stat = name === undefined ? undefined : statSync(stage.at(name), { throwIfNoEntry: false });
      if (stat !== undefined) modes.add(stat.mode & 0o777);
      await nextTurn();
    }
    expect(await written).toEqual({ kind: 'done' });
    expect([...modes]).toEqual([0o600]);
  });
});

function temporary(): string | undefined {
  return readdirSync(stage.root).find((name) => name.startsWith('.countersign-tmp-'));
}

describe('what happened is not called a refusal', () => {
  test('a file changed on its way into the trash, whose name is taken by then, stays there and is told', async () => {
    const content = Buffer.alloc(32 * 1024 * 1024, 'x');
    stage.put('live', content);
    const file = await inspected(stage.changes, 'live');
    const writer = openSync(stage.at('live'), 'r+');
    const id = '0123456789abcdef';
    await stage.changes.openDeletion(id, [file]);
    const trashed = stage.at(`.countersign-trash/${id}/0`);
    const ended = stage.changes.trash(id, 0, file);
    while (!existsSync(trashed)) await nextTurn();
    writeSync(writer, 'y', content.length);
    closeSync(writer);
    stage.put('live', 'theirs');
    expect(await ended).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('lies in the trash now as "0"'),
    });
    expect(existsSync(trashed)).toBe(true);
    expect(stage.text('live')).toBe('theirs');
  });

  test('giving a name back never throws a refusal', async () => {
    const folder = await open(stage.root);
    try {
      for (const held of ['notes', 'file']) {
        stage.put('file', 'x');
        stage.put('taken', 'x');
        const failed: unknown = await putBack({ folder, name: held }, { folder, name: 'taken' }).catch(
          (e: unknown) => e,
        );
        expect(failed).toMatchObject({ message: expect.stringMatching(/taken|EEXIST/) });
        expect(failed).not.toBeInstanceOf(Refusal);
      }
    } finally {
      await folder.close();
    }
  });

  test('out of a folder that may not be written nothing is moved, and the new name is gone again', async () => {
    stage.put('fixed/a', 'shown');
    stage.put('to/x', 'x');
    chmodSync(stage.base, 0o755);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) for (const path of ['fixed/a', 'to', 'to/x']) chownSync(stage.at(path), NOBODY, NOBODY);
    chmodSync(stage.at('fixed'), 0o555);
    await other.dropDeletion('0123456789abcdef');
    const before = snapshot(stage.root);
    try {
      if (isRoot) process.seteuid?.(NOBODY);
      const end = await other.move({ path: 'fixed/a', ...SHOWN, to: 'to/a' });
      expect(end).toEqual({ kind: 'unfit', why: '"a" could not be taken away (EACCES)' });
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(stage.at('fixed'), 0o555);
    }
    expect(snapshot(stage.root)).toBe(before);
    chmodSync(stage.at('fixed'), 0o755);
  });
});
