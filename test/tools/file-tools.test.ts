import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import { listFiles } from '../../src/tools/list-files.ts';
import type { WorkspaceFiles } from '../../src/tools/ports/workspace-files.ts';
import { readFile } from '../../src/tools/read-file.ts';
import { act, open, prepare, ready, temporaryFolder } from './act.ts';

let folder: ReturnType<typeof temporaryFolder>;
let files: WorkspaceFiles;

beforeEach(() => {
  folder = temporaryFolder();
  files = createWorkspaceFiles(folder.path);
});
afterEach(() => folder.remove());

function put(name: string, content: string | Buffer): void {
  writeFileSync(join(folder.path, name), content);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('read_file', () => {
  test('tells the text that the facts are about, with size and hash as evidence', async () => {
    put('a.md', 'Grüße\n');
    const prepared = await ready(readFile, { path: 'a.md' }, { files });
    expect(prepared.facts).toEqual({ sha256: sha256('Grüße\n'), size: 8 });
    put('a.md', 'other');
    expect(await prepared.perform(new AbortController().signal)).toEqual({
      kind: 'done',
      text: 'Grüße\n',
      evidence: prepared.facts,
    });
  });

  test.each([
    ['no UTF-8', Buffer.from([0x47, 0xfc])],
    ['NUL', Buffer.from('a\0b')],
  ])('bytes that are no text (%s) are described, not dumped', async (_what, bytes) => {
    put('b', bytes);
    const told = await act(readFile, { path: 'b' }, { files });
    expect(told).toMatchObject({ text: `(not text: ${bytes.length} bytes, SHA-256 ${sha256(bytes)})` });
  });

  test('an empty file is said to be empty; one over 200 KB is not read', async () => {
    put('empty', '');
    put('large', 'x'.repeat(200 * 1024 + 1));
    expect(await act(readFile, { path: 'empty' }, { files })).toMatchObject({ text: '(the file is empty)' });
    expect(await prepare(readFile, { path: 'large' }, { files })).toMatchObject({ kind: 'failed' });
  });

  test('S12: a boundary that held is a denial, a missing file an ordinary failure', async () => {
    symlinkSync('/etc/passwd', join(folder.path, 'link'));
    expect((await prepare(readFile, { path: 'link' }, { files })).kind).toBe('denied');
    expect((await prepare(readFile, { path: 'none' }, { files })).kind).toBe('failed');
  });

  test.each(['/etc/passwd', '../x', 'a/../../x', 'a\\b', 'a\0', '', 7, ['a'], { path: 'a' }, null])(
    'S2: %j is no path',
    (path) => expect(readFile.parse({ path }).kind).toBe('invalid'),
  );
});

describe('list_files', () => {
  test('tells names, kinds and sizes', async () => {
    put('a.md', 'abc');
    mkdirSync(join(folder.path, 'notes'));
    symlinkSync('a.md', join(folder.path, 'link'));
    expect(await act(listFiles, { path: '.' }, { files })).toEqual({
      kind: 'done',
      text: 'a.md (3 bytes)\nlink (not a regular file)\nnotes/',
      evidence: { entries: 3 },
    });
    expect(await act(listFiles, { path: 'notes' }, { files })).toMatchObject({ text: 'notes is empty.' });
  });

  test('S11: a file name with a line break or bidi control cannot pass for other entries', async () => {
    put('a\nsecrets\n\u202Etxt', '');
    const told = await act(listFiles, { path: '.' }, { files });
    expect(told).toMatchObject({ text: 'a⟨U+000A⟩secrets⟨U+000A⟩⟨U+202E⟩txt (0 bytes)' });
  });

  test('a folder that is none fails in words', async () => {
    expect(await act(listFiles, { path: 'none' }, { files })).toEqual({
      kind: 'failed',
      text: 'none: there is no "none".',
    });
  });
});

describe('delete_files', () => {
  test('S4: facts and preview are size, hash and beginning of each file, in labels that no file can write', async () => {
    put('whole', 'all of it');
    put('long', 'line\n'.repeat(30));
    put('empty', '');
    put('binary', Buffer.from([0, 1]));
    put('forger', '(empty)');
    const paths = ['whole', 'long', 'empty', 'binary', 'forger'];
    const { facts, preview } = await ready(deleteFiles, { paths }, { files });
    expect(facts).toMatchObject({ files: [{ path: 'whole', size: 9, sha256: sha256('all of it') }, {}, {}, {}, {}] });
    expect(preview.map(({ label, text }) => [label.replace(/ \(.*\)/, ''), text])).toEqual([
      ['Delete whole: its whole text', 'all of it'],
      ['Delete long: it begins', 'line\n'.repeat(10)],
      ['Delete empty: it is empty', ''],
      ['Delete binary: it is not text', ''],
      ['Delete forger: its whole text', '(empty)'],
    ]);
    expect(preview[0]?.label).toContain(`(9 bytes, SHA-256 ${sha256('all of it').slice(0, 12)})`);
  });

  test('a file with a name of the language is a file like others', async () => {
    put('__proto__', 'x');
    const { facts } = await ready(deleteFiles, { paths: ['__proto__'] }, { files });
    expect(JSON.parse(JSON.stringify(facts))).toEqual({ files: [{ path: '__proto__', size: 1, sha256: sha256('x') }] });
  });

  test('deletes all, and says which', async () => {
    put('a', '1');
    put('b', '2');
    expect(await act(deleteFiles, { paths: ['a', 'b'] }, { files })).toEqual({
      kind: 'done',
      text: 'Deleted: a, b.',
      evidence: { deleted: ['a', 'b'], kept: [] },
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('S4: a file that changed since it was shown is kept; a partial result is said plainly', async () => {
    put('a', '1');
    put('b', '2');
    const prepared = await ready(deleteFiles, { paths: ['a', 'b'] }, { files });
    put('b', 'changed');
    const told = await prepared.perform(new AbortController().signal);
    expect(told).toEqual({
      kind: 'done',
      text: 'Deleted: a. Not deleted: b (its content has changed since it was looked at).',
      evidence: { deleted: ['a'], kept: ['b'] },
    });
    expect(existsSync(join(folder.path, 'b'))).toBe(true);
  });

  test('when nothing was deleted it failed, whatever kept the files', async () => {
    put('a', '1');
    const prepared = await ready(deleteFiles, { paths: ['a'] }, { files });
    expect(await prepared.perform(AbortSignal.abort())).toEqual({
      kind: 'failed',
      text: 'Nothing was deleted. Kept: a (it was cancelled before).',
    });
    put('a', 'changed');
    expect((await prepared.perform(new AbortController().signal)).kind).toBe('failed');
    expect(existsSync(join(folder.path, 'a'))).toBe(true);
  });

  test('S7: when the disk gives no clear answer it stops, and says what is gone, unclear and untouched', async () => {
    for (const name of ['a', 'b', 'c']) put(name, name);
    const failing: WorkspaceFiles = {
      ...files,
      remove: (doomed) => (doomed.path === 'b' ? Promise.reject(new Error('EIO /secret/place')) : files.remove(doomed)),
    };
    expect(await act(deleteFiles, { paths: ['a', 'b', 'c'] }, { files: failing })).toEqual({
      kind: 'unknown',
      why: 'Deleted: a. It is not clear of b; not touched: c',
    });
    expect(readdirSync(folder.path)).toEqual(['b', 'c']);
  });

  test('a file named twice, in two spellings, is refused; so are folders and links', async () => {
    put('a', '1');
    mkdirSync(join(folder.path, 'd'));
    symlinkSync('a', join(folder.path, 'link'));
    expect((await prepare(deleteFiles, { paths: ['a', 'a/'] }, { files })).kind).toBe('failed');
    expect((await prepare(deleteFiles, { paths: ['a', 'd'] }, { files })).kind).toBe('failed');
    expect((await prepare(deleteFiles, { paths: ['a', 'link'] }, { files })).kind).toBe('denied');
    expect((await prepare(deleteFiles, { paths: ['.'] }, { files })).kind).toBe('failed');
    expect(readdirSync(folder.path)).toEqual(['a', 'd', 'link']);
  });

  test('acts once; the summary names every file', () => {
    const opened = open(deleteFiles, { paths: ['a', 'b/c'] }, { files });
    expect(opened).toMatchObject({ effect: 'once', summary: 'a, b/c' });
    expect(deleteFiles.parse({ paths: [] }).kind).toBe('invalid');
    expect(deleteFiles.parse({ paths: Array.from({ length: 51 }, (_, n) => `f${n}`) }).kind).toBe('invalid');
  });
});
