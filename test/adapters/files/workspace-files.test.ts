import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesUnavailable } from '../../../src/adapters/files/descriptor-walk.ts';
import { createWorkspaceFiles } from '../../../src/adapters/files/workspace-files.ts';
import type { DoomedFile, WorkspaceFiles } from '../../../src/tools/ports/workspace-files.ts';

let base: string;
let root: string;
let outside: string;
let files: WorkspaceFiles;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'countersign-files-'));
  root = join(base, 'workspace');
  outside = join(base, 'outside');
  for (const folder of [root, outside, join(root, 'notes'), `${root}_evil`]) mkdirSync(folder);
  writeFileSync(join(outside, 'secret.txt'), 'SECRET');
  writeFileSync(join(`${root}_evil`, 'secret.txt'), 'SECRET');
  writeFileSync(join(root, 'notes', 'plan.md'), '# Plan\n');
  files = createWorkspaceFiles(root);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

async function doomed(path: string): Promise<DoomedFile> {
  const inspected = await files.inspect(path);
  if (inspected.kind !== 'ok') throw new Error(inspected.why);
  return inspected.doomed;
}

/** Every way in: what each operation says of a path. */
async function allOf(path: string): Promise<readonly string[]> {
  const fake: DoomedFile = { path, size: 6, sha256: createHash('sha256').update('SECRET').digest('hex'), head: '' };
  const said = [
    await files.read(path, 1000),
    await files.inspect(path),
    await files.remove(fake),
    await files.list(path),
  ];
  expect(JSON.stringify(said)).not.toContain('SECRET');
  return said.map(({ kind }) => kind);
}

describe('S12: nothing outside of the workspace is reached', () => {
  test.each([
    '../outside/secret.txt',
    '..',
    'notes/../../outside/secret.txt',
    'notes/..',
    '../workspace_evil/secret.txt',
    '/etc/passwd',
    '//etc/passwd',
    'notes//plan.md',
    './notes/plan.md',
    'notes/./plan.md',
    'notes/plan.md/..',
    'notes/\0',
    '',
    '/',
  ])(
    'the path %j is refused by every operation, though it is not canonical and should never come here',
    async (path) => {
      for (const kind of await allOf(path)) expect(['refused', 'unfit', 'missing']).toContain(kind);
      expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('SECRET');
    },
  );

  test.each<[string, string, () => void]>([
    ['a link to a file outside', 'link', () => symlinkSync(join(outside, 'secret.txt'), join(root, 'link'))],
    ['a relative link', 'link', () => symlinkSync('../outside/secret.txt', join(root, 'link'))],
    ['a link to a folder outside', 'link/secret.txt', () => symlinkSync(outside, join(root, 'link'))],
    ['a link deep inside', 'notes/a/secret.txt', () => symlinkSync(outside, join(root, 'notes', 'a'))],
    ['a link to the root itself', 'loop/loop/notes/plan.md', () => symlinkSync(root, join(root, 'loop'))],
    ['a link to itself', 'self', () => symlinkSync('self', join(root, 'self'))],
    ['a dangling link', 'link', () => symlinkSync(join(outside, 'new.txt'), join(root, 'link'))],
    ['a link into /proc', 'link/environ', () => symlinkSync('/proc/self', join(root, 'link'))],
    ['a link within the workspace', 'link', () => symlinkSync('notes/plan.md', join(root, 'link'))],
    ['a hard link to a file outside', 'hard', () => linkSync(join(outside, 'secret.txt'), join(root, 'hard'))],
  ])('%s is refused by every operation', async (_what, path, make) => {
    make();
    const [read, inspect, remove, list] = await allOf(path);
    expect([read, inspect, remove, list]).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('SECRET');
    expect(existsSync(join(outside, 'new.txt'))).toBe(false);
  });

  test('a folder that is a link is not listed', async () => {
    symlinkSync(outside, join(root, 'link'));
    expect((await files.list('link')).kind).toBe('refused');
  });

  test('FIFOs, sockets and devices hang nothing and are refused', async () => {
    execFileSync('mkfifo', [join(root, 'fifo')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
    for (const name of ['fifo', 'socket']) {
      expect(await allOf(name)).toEqual(['refused', 'refused', 'refused', 'refused']);
      expect(await allOf(`${name}/x`)).toEqual(['refused', 'refused', 'refused', 'refused']);
    }
    await new Promise((resolve) => server.close(resolve));
    const devices = createWorkspaceFiles('/dev');
    expect((await devices.read('zero', 1000)).kind).toBe('refused');
  });

  test('the naive guard (resolve, then compare with the root) leaks what the walk refuses', async () => {
    symlinkSync(outside, join(root, 'link'));
    const naive = join(root, 'link/secret.txt');
    expect(naive.startsWith(`${root}/`)).toBe(true);
    expect(readFileSync(naive, 'utf8')).toBe('SECRET');
    expect((await files.read('link/secret.txt', 1000)).kind).toBe('refused');
  });
});

describe('reading', () => {
  test('gives the bytes, their size and hash', async () => {
    expect(await files.read('notes/plan.md', 1000)).toEqual({
      kind: 'ok',
      file: { bytes: Buffer.from('# Plan\n'), size: 7, sha256: createHash('sha256').update('# Plan\n').digest('hex') },
    });
  });

  test('stops at the cap: at it, over it, sparse, and of a file that has no size', async () => {
    writeFileSync(join(root, 'at'), 'x'.repeat(1000));
    writeFileSync(join(root, 'over'), 'x'.repeat(1001));
    writeFileSync(join(root, 'sparse'), '');
    truncateSync(join(root, 'sparse'), 2 ** 40);
    expect((await files.read('at', 1000)).kind).toBe('ok');
    expect((await files.read('over', 1000)).kind).toBe('unfit');
    expect((await files.read('sparse', 1000)).kind).toBe('unfit');
    expect((await files.inspect('sparse')).kind).toBe('unfit');
    // Files of /proc say that they have no bytes, and then have some.
    const endless = createWorkspaceFiles('/proc/self');
    expect(await endless.read('status', 10)).toMatchObject({ kind: 'unfit' });
    expect(await endless.read('status', 100_000)).toMatchObject({ kind: 'ok' });
  });

  test('missing files, folders and the workspace itself are told in words', async () => {
    expect(await files.read('notes/none', 10)).toEqual({ kind: 'missing', why: 'there is no "none"' });
    expect(await files.read('none/plan.md', 10)).toEqual({ kind: 'missing', why: 'there is no "none"' });
    expect(await files.read('notes', 10)).toEqual({ kind: 'unfit', why: '"notes" is a folder' });
    expect(await files.read('.', 10)).toEqual({ kind: 'unfit', why: 'it is a folder' });
    expect((await files.inspect('.')).kind).toBe('unfit');
    expect((await files.read('notes/plan.md/x', 10)).kind).toBe('refused');
  });

  test('no descriptor stays open, whatever happened', async () => {
    symlinkSync(outside, join(root, 'link'));
    await files.read('notes/plan.md', 1000);
    const before = openDescriptors();
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([
        files.read('notes/plan.md', 1000),
        files.read('notes/plan.md', 1),
        files.read('notes/none', 1000),
        files.read('link/secret.txt', 1000),
        files.read('notes', 1000),
        files.list('notes'),
        files.list('notes/plan.md'),
        files.inspect('notes/plan.md'),
      ]);
    }
    expect(openDescriptors()).toBe(before);
  });
});

describe('listing', () => {
  test('tells names, kinds and sizes of one folder, follows nothing and does not descend', async () => {
    symlinkSync(outside, join(root, 'link'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'file-link'));
    writeFileSync(join(root, 'a.txt'), 'abc');
    execFileSync('mkfifo', [join(root, 'fifo')]);
    expect(await files.list('.')).toEqual({
      kind: 'ok',
      entries: [
        { name: 'a.txt', kind: 'file', size: 3 },
        { name: 'fifo', kind: 'other', size: 0 },
        { name: 'file-link', kind: 'other', size: 0 },
        { name: 'link', kind: 'other', size: 0 },
        { name: 'notes', kind: 'folder', size: 0 },
      ],
    });
    expect(await files.list('notes')).toMatchObject({ entries: [{ name: 'plan.md' }] });
  });

  test('names that are no UTF-8 are listed, too', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff, 0x62])]), 'x');
    expect(await files.list('.')).toMatchObject({
      entries: [{ name: 'a\ufffdb', kind: 'file', size: 1 }, { name: 'notes' }],
    });
  });

  test('a folder of more than 1,000 entries is refused without being read whole, and nothing stays open', async () => {
    for (let n = 0; n < 1001; n += 1) writeFileSync(join(root, 'notes', `f${n}`), '');
    const before = openDescriptors();
    expect(await files.list('notes')).toMatchObject({ kind: 'unfit', why: expect.stringContaining('1000') });
    expect(openDescriptors()).toBe(before);
  });
});

describe('S4: only the file that was shown is deleted', () => {
  test('an unchanged file is deleted, and only it', async () => {
    writeFileSync(join(root, 'notes', 'other.md'), '# Plan\n');
    expect(await files.remove(await doomed('notes/plan.md'))).toEqual({ kind: 'deleted', path: 'notes/plan.md' });
    expect(readdirSync(join(root, 'notes'))).toEqual(['other.md']);
  });

  test.each<[string, string, (path: string) => void]>([
    ['was rewritten', 'changed', (path) => writeFileSync(path, '# Nalp\n')],
    ['has grown', 'changed', (path) => appendFileSync(path, 'more')],
    ['was emptied', 'changed', (path) => writeFileSync(path, '')],
    ['is gone', 'missing', (path) => rmSync(path)],
    ['was replaced by a link', 'refused', (path) => (rmSync(path), symlinkSync(join(outside, 'secret.txt'), path))],
    ['got a second name', 'refused', (path) => linkSync(path, join(outside, 'second'))],
    ['was replaced by a folder', 'unfit', (path) => (rmSync(path), mkdirSync(path))],
    ['was replaced by a FIFO', 'refused', (path) => (rmSync(path), void execFileSync('mkfifo', [path]))],
  ])('a file that %s is kept', async (_what, kind, change) => {
    const shown = await doomed('notes/plan.md');
    change(join(root, 'notes', 'plan.md'));
    const before = readdirSync(join(root, 'notes'));
    expect((await files.remove(shown)).kind).toBe(kind);
    expect(readdirSync(join(root, 'notes'))).toEqual(before);
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('SECRET');
  });

  test('a folder that was swapped for a link leads to no deletion elsewhere', async () => {
    writeFileSync(join(outside, 'plan.md'), '# Plan\n');
    const shown = await doomed('notes/plan.md');
    renameSync(join(root, 'notes'), join(root, 'moved'));
    symlinkSync(outside, join(root, 'notes'));
    expect((await files.remove(shown)).kind).toBe('refused');
    expect(existsSync(join(outside, 'plan.md'))).toBe(true);
    expect(existsSync(join(root, 'moved', 'plan.md'))).toBe(true);
  });

  test('a file that the system does not let go is told as kept, not as unknown', async () => {
    const kernel = createWorkspaceFiles('/proc/self');
    const inspected = await kernel.inspect('comm');
    if (inspected.kind !== 'ok') throw new Error(inspected.why);
    expect(await kernel.remove(inspected.doomed)).toMatchObject({ kind: 'unfit', why: expect.stringContaining('(E') });
  });

  test('what is shown of a file is its beginning, and of what is no text nothing', async () => {
    writeFileSync(join(root, 'long'), Array.from({ length: 50 }, (_, n) => `line ${n}`).join('\n'));
    writeFileSync(join(root, 'wide'), '🌿'.repeat(1000));
    writeFileSync(join(root, 'binary'), Buffer.from([0, 1, 2, 255]));
    expect((await doomed('long')).head).toBe(Array.from({ length: 10 }, (_, n) => `line ${n}\n`).join(''));
    expect((await doomed('wide')).head).toBe('🌿'.repeat(400));
    expect((await doomed('binary')).head).toBe('');
    expect((await doomed('notes/plan.md')).head).toBe('# Plan\n');
  });
});

describe('where it cannot work', () => {
  test('a missing workspace, or one that is no folder, is a reason given, and creation refuses', () => {
    writeFileSync(join(base, 'file'), '');
    for (const wrong of [join(base, 'none'), join(base, 'file')]) {
      expect(filesUnavailable(wrong)).toContain(wrong);
      expect(() => createWorkspaceFiles(wrong)).toThrow('is not a folder');
    }
    expect(filesUnavailable(root)).toBeNull();
    expect(filesUnavailable()).toBeNull();
  });

  test('another platform is a reason given', () => {
    const real = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      expect(filesUnavailable()).toContain('Linux');
      expect(() => createWorkspaceFiles(root)).toThrow('Linux');
    } finally {
      if (real !== undefined) Object.defineProperty(process, 'platform', real);
    }
  });

  test('a workspace that vanished is a refusal of each operation, not a broken worker', async () => {
    rmSync(root, { recursive: true });
    expect((await files.read('notes/plan.md', 10)).kind).toBe('unfit');
    expect((await files.list('.')).kind).toBe('unfit');
  });
});
