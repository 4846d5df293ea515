import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnavailable } from '../../../src/adapters/files/descriptor-walk.ts';
import { createWorkspaceFiles } from '../../../src/adapters/files/workspace-files.ts';
import type { Stage } from './stage.ts';
import { createStage, makeFifo, openDescriptors, sha256 } from './stage.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

describe('reading', () => {
  test('gives the bytes, their size and hash', async () => {
    expect(await stage.files.read('notes/plan.md', 1000)).toEqual({
      kind: 'ok',
      file: { bytes: Buffer.from('# Plan\n'), size: 7, sha256: sha256('# Plan\n'), executable: false },
    });
  });

  test('stops at the cap: at it, over it, sparse, and of a file that has no size', async () => {
    stage.put('at', 'x'.repeat(1000));
    stage.put('over', 'x'.repeat(1001));
    stage.put('sparse', '');
    truncateSync(stage.at('sparse'), 2 ** 40);
    expect((await stage.files.read('at', 1000)).kind).toBe('ok');
    expect((await stage.files.read('over', 1000)).kind).toBe('unfit');
    expect((await stage.files.read('sparse', 1000)).kind).toBe('unfit');
    expect((await stage.changes.inspect('sparse')).kind).toBe('unfit');
    // Files of /proc say that they have no bytes, and then have some.
    const endless = createWorkspaceFiles('/proc/self');
    expect(await endless.read('status', 10)).toMatchObject({ kind: 'unfit' });
    expect(await endless.read('status', 100_000)).toMatchObject({ kind: 'ok' });
  });

  test('missing files, folders and the workspace itself are told in words', async () => {
    expect(await stage.files.read('notes/none', 10)).toEqual({ kind: 'missing', why: 'there is no "none"' });
    expect(await stage.files.read('none/plan.md', 10)).toEqual({ kind: 'missing', why: 'there is no "none"' });
    expect(await stage.files.read('notes', 10)).toEqual({ kind: 'unfit', why: '"notes" is a folder' });
    expect(await stage.files.read('.', 10)).toEqual({ kind: 'unfit', why: 'it is a folder' });
    expect((await stage.changes.inspect('.')).kind).toBe('unfit');
    expect((await stage.files.read('notes/plan.md/x', 10)).kind).toBe('refused');
  });

  test('no descriptor stays open, whatever happened', async () => {
    symlinkSync(stage.outside, stage.at('link'));
    // Changes begin with a sweep: once one was answered, it is over.
    await stage.changes.dropDeletion('0123456789abcdef');
    const before = openDescriptors();
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([
        stage.files.read('notes/plan.md', 1000),
        stage.files.read('notes/plan.md', 1),
        stage.files.read('notes/none', 1000),
        stage.files.read('link/secret.txt', 1000),
        stage.files.read('notes', 1000),
        stage.files.list('notes'),
        stage.files.list('notes/plan.md'),
        stage.changes.inspect('notes/plan.md'),
        stage.changes.write({ path: 'link/x', before: null, after: stage.changes.contentOf(Buffer.from('x')) }),
        stage.files.search('.', { text: 'Plan', ignoreCase: false, mayRead: () => true }, new AbortController().signal),
      ]);
    }
    expect(openDescriptors()).toBe(before);
  });
});

describe('listing', () => {
  test('tells names, kinds and sizes of one folder, follows nothing and does not descend', async () => {
    symlinkSync(stage.outside, stage.at('link'));
    symlinkSync(join(stage.outside, 'secret.txt'), stage.at('file-link'));
    stage.put('a.txt', 'abc');
    makeFifo(stage.at('fifo'));
    expect(await stage.files.list('.')).toEqual({
      kind: 'ok',
      entries: [
        { name: 'a.txt', kind: 'file', size: 3 },
        { name: 'fifo', kind: 'other', size: 0 },
        { name: 'file-link', kind: 'other', size: 0 },
        { name: 'link', kind: 'other', size: 0 },
        { name: 'notes', kind: 'folder', size: 0 },
      ],
    });
    expect(await stage.files.list('notes')).toMatchObject({ entries: [{ name: 'plan.md' }] });
  });

  test('names that are no UTF-8 are listed, too', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${stage.root}/`), Buffer.from([0x61, 0xff, 0x62])]), 'x');
    expect(await stage.files.list('.')).toMatchObject({
      entries: [{ name: 'a\ufffdb', kind: 'file', size: 1 }, { name: 'notes' }],
    });
  });

  test('a folder of more than 1,000 entries is refused without being read whole, and nothing stays open', async () => {
    for (let n = 0; n < 1001; n += 1) stage.put(`notes/f${n}`, '');
    // Changes begin with a sweep: once one was answered, it is over.
    await stage.changes.dropDeletion('0123456789abcdef');
    const before = openDescriptors();
    expect(await stage.files.list('notes')).toMatchObject({ kind: 'unfit', why: expect.stringContaining('1000') });
    expect(openDescriptors()).toBe(before);
  });
});

describe('where it cannot work', () => {
  test('a missing workspace, or one that is no folder, is a reason given, and creation refuses', () => {
    writeFileSync(join(stage.base, 'file'), '');
    for (const wrong of [join(stage.base, 'none'), join(stage.base, 'file')]) {
      expect(filesUnavailable(wrong)).toContain(wrong);
      expect(() => createWorkspaceFiles(wrong)).toThrow('is not a folder');
    }
    expect(filesUnavailable(stage.root)).toBeNull();
    expect(filesUnavailable()).toBeNull();
  });

  test('another platform is a reason given', () => {
    const real = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      expect(filesUnavailable()).toContain('Linux');
      expect(() => createWorkspaceFiles(stage.root)).toThrow('Linux');
    } finally {
      if (real !== undefined) Object.defineProperty(process, 'platform', real);
    }
  });

  test('a workspace that vanished is a refusal of each operation, not a broken worker', async () => {
    rmSync(stage.root, { recursive: true });
    expect((await stage.files.read('notes/plan.md', 10)).kind).toBe('unfit');
    expect((await stage.files.list('.')).kind).toBe('unfit');
  });
});
