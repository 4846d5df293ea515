import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import { listFiles } from '../../src/tools/list-files.ts';
import type { WorkspaceFiles } from '../../src/tools/ports/workspace-files.ts';
import { readFile } from '../../src/tools/read-file.ts';
import { act, prepare, ready, temporaryFolder } from './act.ts';

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

  test('an empty file is said to be empty; one over 8 MB is not read', async () => {
    put('empty', '');
    put('large', Buffer.alloc(8 * 1024 * 1024 + 1, 'x'));
    expect(await act(readFile, { path: 'empty' }, { files })).toMatchObject({ text: '(the file is empty)' });
    expect(await prepare(readFile, { path: 'large' }, { files })).toMatchObject({ kind: 'failed' });
  });

  test('a long text comes in pages on line ends that are the text together, each saying how many there are', async () => {
    const text = Array.from({ length: 5000 }, (_, n) => `Zeile ${n}: grüß dich 🌿\n`).join('');
    put('long', text);
    const told: string[] = [];
    for (let page = 1; page <= 4; page += 1) {
      const performance = await act(readFile, { path: 'long', page }, { files });
      if (performance.kind !== 'done') throw new Error(performance.kind);
      const lines = performance.text.split('\n');
      expect(lines.pop()).toBe(
        page < 4 ? `(page ${page} of 4; give "page": ${page + 1} for the next)` : '(page 4 of 4; this is the last)',
      );
      told.push(lines.map((line) => `${line}\n`).join(''));
      expect(Buffer.byteLength(told.at(-1) ?? '')).toBeLessThanOrEqual(40 * 1024);
    }
    expect(told.join('')).toBe(text);
    expect(await prepare(readFile, { path: 'long', page: 5 }, { files })).toEqual({
      kind: 'failed',
      why: 'long has 4 pages.',
    });
    expect(await act(readFile, { path: 'long' }, { files })).toEqual(
      await act(readFile, { path: 'long', page: 1 }, { files }),
    );
  });

  test('a line longer than a page is cut between characters', async () => {
    put('line', '🌿'.repeat(30_000));
    const pages = await Promise.all([1, 2, 3, 4].map((page) => act(readFile, { path: 'line', page }, { files })));
    const text = pages.map((page) => (page.kind === 'done' ? page.text.replace(/\n\(page .*$/, '') : '')).join('');
    expect(sha256(text)).toBe(sha256('🌿'.repeat(30_000)));
    expect((await prepare(readFile, { path: 'line', page: 5 }, { files })).kind).toBe('failed');
    expect(readFile.parse({ path: 'line', page: 0 }).kind).toBe('invalid');
    expect(readFile.parse({ path: 'line', page: 1.5 }).kind).toBe('invalid');
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
