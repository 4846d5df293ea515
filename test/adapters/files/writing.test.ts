import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createWorkspaceChanges } from '../../../src/adapters/files/workspace-changes.ts';
import type { Change } from '../../../src/tools/ports/workspace-changes.ts';
import type { Stage } from './stage.ts';
import { createStage, inspected, makeFifo, openDescriptors, sha256, snapshot } from './stage.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

const PLAN = { sha256: sha256('# Plan\n'), size: 7 };

function write(path: string, before: { sha256: string; size: number } | null, content: string): Promise<Change> {
  return stage.changes.write({ path, before, after: stage.changes.contentOf(Buffer.from(content)) });
}

describe('writing', () => {
  test('a new file is made with the folders it needs; nothing but it is left there', async () => {
    expect(await write('a/b/new.md', null, 'text')).toEqual({ kind: 'done' });
    expect(stage.text('a/b/new.md')).toBe('text');
    expect(readdirSync(stage.at('a/b'))).toEqual(['new.md']);
    expect(statSync(stage.at('a/b/new.md')).nlink).toBe(1);
    expect(statSync(stage.at('a/b/new.md')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('the prepared file is replaced as a whole; permission bits stay, set-id bits do not', async () => {
    chmodSync(stage.at('notes/plan.md'), 0o6754);
    const before = statSync(stage.at('notes/plan.md')).ino;
    expect(await write('notes/plan.md', PLAN, 'new')).toEqual({ kind: 'done' });
    expect(stage.text('notes/plan.md')).toBe('new');
    expect(statSync(stage.at('notes/plan.md')).mode & 0o7777).toBe(0o754);
    expect(statSync(stage.at('notes/plan.md')).ino).not.toBe(before);
    expect(readdirSync(stage.at('notes'))).toEqual(['plan.md']);
  });

  test('who has the old file open keeps reading the old one: no existing file is opened for writing', async () => {
    const old = openSync(stage.at('notes/plan.md'), 'r');
    await write('notes/plan.md', PLAN, 'new');
    expect(readFileSync(old, 'utf8')).toBe('# Plan\n');
    closeSync(old);
  });

  test.each<[string, string, () => void]>([
    ['was rewritten', 'changed', () => stage.put('notes/plan.md', '# Nalp\n')],
    ['has grown', 'unfit', () => appendFileSync(stage.at('notes/plan.md'), 'more and more')],
    ['is gone', 'missing', () => rmSync(stage.at('notes/plan.md'))],
    ['got a second name', 'refused', () => linkSync(stage.at('notes/plan.md'), join(stage.outside, 'second'))],
    ['was replaced by a folder', 'unfit', () => swap(() => mkdirSync(stage.at('notes/plan.md')))],
    ['was replaced by a FIFO', 'refused', () => swap(() => makeFifo(stage.at('notes/plan.md')))],
    [
      'was replaced by a link',
      'refused',
      () => swap(() => symlinkSync(join(stage.outside, 'secret.txt'), stage.at('notes/plan.md'))),
    ],
  ])('S4: a file that %s since it was looked at is not replaced', async (_what, kind, change) => {
    change();
    const before = [snapshot(stage.root), snapshot(stage.outside)];
    expect((await write('notes/plan.md', PLAN, 'new')).kind).toBe(kind);
    expect([snapshot(stage.root), snapshot(stage.outside)]).toEqual(before);
  });

  function swap(make: () => void): void {
    rmSync(stage.at('notes/plan.md'));
    make();
  }

  test.each<[string, () => void]>([
    ['a file', () => stage.put('new.md', 'theirs')],
    ['a dangling link to the outside', () => symlinkSync(join(stage.outside, 'made.txt'), stage.at('new.md'))],
    ['a FIFO', () => makeFifo(stage.at('new.md'))],
    ['a folder', () => mkdirSync(stage.at('new.md'))],
  ])('a new file never overwrites what has come into being there: %s', async (_what, make) => {
    make();
    const before = [snapshot(stage.root), snapshot(stage.outside)];
    expect((await write('new.md', null, 'ours')).kind).toBe('changed');
    expect([snapshot(stage.root), snapshot(stage.outside)]).toEqual(before);
  });

  test('the naive write (realpath of the folder, then writeFile) makes a file outside through a dangling link', () => {
    symlinkSync(join(stage.outside, 'made.txt'), stage.at('new.md'));
    writeFileSync(stage.at('new.md'), 'ours');
    expect(existsSync(join(stage.outside, 'made.txt'))).toBe(true);
  });

  test('two writes of one file at the same time: one wins, the other is told', async () => {
    const ends = await Promise.all([write('notes/plan.md', PLAN, 'one'), write('notes/plan.md', PLAN, 'two!')]);
    expect(ends.map(({ kind }) => kind)).toEqual(['done', 'changed']);
    expect(stage.text('notes/plan.md')).toBe('one');
    const made = await Promise.all([write('n', null, 'one'), write('n', null, 'two')]);
    expect(made.map(({ kind }) => kind)).toEqual(['done', 'changed']);
  });

  test('folders are made at most 32 deep, and no descriptor stays open', async () => {
    await write('warm/up', null, 'x');
    const before = openDescriptors();
    expect((await write(`${'d/'.repeat(32)}f`, null, 'x')).kind).toBe('done');
    expect((await write(`${'e/'.repeat(33)}f`, null, 'x')).kind).toBe('missing');
    await write('notes/plan.md', { sha256: 'x', size: 7 }, 'new');
    expect(openDescriptors()).toBe(before);
  });

  test('a folder that was swapped for a link leads to no write elsewhere', async () => {
    renameSync(stage.at('notes'), stage.at('moved'));
    symlinkSync(stage.outside, stage.at('notes'));
    writeFileSync(join(stage.outside, 'plan.md'), '# Plan\n');
    const before = snapshot(stage.outside);
    expect((await write('notes/plan.md', PLAN, 'new')).kind).toBe('refused');
    expect((await write('notes/new.md', null, 'new')).kind).toBe('refused');
    expect(snapshot(stage.outside)).toBe(before);
  });

  test('a disk that is full (a file system that takes no write) fails, and nothing is left', async () => {
    const kernel = createWorkspaceChanges({ root: '/proc/self', trashDays: 30, now: () => new Date() });
    const after = kernel.contentOf(Buffer.from('x'));
    expect(await kernel.write({ path: 'new', before: null, after })).toMatchObject({
      kind: expect.stringMatching(/unfit|missing/),
    });
  });
});

describe('moving', () => {
  test('a file gets its new name, with the folders it needs, and only that', async () => {
    const ino = statSync(stage.at('notes/plan.md')).ino;
    const file = await inspected(stage.changes, 'notes/plan.md');
    expect(await stage.changes.move({ ...file, to: 'a/b/plan.md' })).toEqual({ kind: 'done' });
    expect(statSync(stage.at('a/b/plan.md'))).toMatchObject({ ino, nlink: 1 });
    expect(readdirSync(stage.at('notes'))).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['a file', () => stage.put('to', 'theirs')],
    ['an empty folder', () => mkdirSync(stage.at('to'))],
    ['a dangling link', () => symlinkSync(join(stage.outside, 'made'), stage.at('to'))],
    ['a FIFO', () => makeFifo(stage.at('to'))],
  ])('never overwrites: %s', async (_what, make) => {
    const file = await inspected(stage.changes, 'notes/plan.md');
    make();
    const before = [snapshot(stage.root), snapshot(stage.outside)];
    expect((await stage.changes.move({ ...file, to: 'to' })).kind).toBe('unfit');
    expect([snapshot(stage.root), snapshot(stage.outside)]).toEqual(before);
  });

  test('S4: a file that has changed since it was looked at is not moved', async () => {
    const file = await inspected(stage.changes, 'notes/plan.md');
    stage.put('notes/plan.md', '# Nalp\n');
    expect((await stage.changes.move({ ...file, to: 'to' })).kind).toBe('changed');
    expect(existsSync(stage.at('to'))).toBe(false);
  });

  test('what would have to be made is told before; what is there is told, too', async () => {
    expect(await stage.changes.vacant('a/b/c')).toEqual({ kind: 'ok', newFolders: ['a', 'a/b'] });
    expect(await stage.changes.vacant('notes/new')).toEqual({ kind: 'ok', newFolders: [] });
    expect((await stage.changes.vacant('notes/plan.md')).kind).toBe('unfit');
    expect((await stage.changes.vacant('notes/plan.md/x')).kind).toBe('refused');
    expect((await stage.changes.vacant('.')).kind).toBe('unfit');
  });
});
