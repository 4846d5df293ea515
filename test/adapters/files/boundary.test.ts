import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, linkSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createWorkspaceFiles } from '../../../src/adapters/files/workspace-files.ts';
import type { Stage } from './stage.ts';
import { SECRET, createStage, makeFifo, sha256, snapshot, trash } from './stage.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

const REFUSALS = ['refused', 'unfit', 'missing', 'changed'];
const SIZE = Buffer.byteLength(SECRET);

/** Every way in: what each operation says of a path. */
async function allOf(path: string): Promise<readonly string[]> {
  const { files, changes } = stage;
  const known = { path, size: SIZE, sha256: sha256(SECRET) };
  const after = changes.contentOf(Buffer.from('new'));
  const said = [
    await files.read(path, 1000),
    await changes.inspect(path),
    await changes.write({ path, before: known, after }),
    await changes.move({ ...known, to: 'taken.txt' }),
    await trash(changes, { ...known, executable: false, head: '' }),
    await files.list(path),
    await files.search(path, { text: 'SECRET', ignoreCase: false, mayRead: () => true }, new AbortController().signal),
  ];
  expect(JSON.stringify(said)).not.toContain(SECRET);
  await changes.dropDeletion('0123456789abcdef');
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
      const before = snapshot(stage.outside);
      for (const kind of await allOf(path)) expect(REFUSALS).toContain(kind);
      expect(snapshot(stage.outside)).toBe(before);
    },
  );

  test.each<[string, string, (at: (path: string) => string, outside: string) => void]>([
    ['a link to a file outside', 'link', (at, outside) => symlinkSync(join(outside, 'secret.txt'), at('link'))],
    ['a relative link', 'link', (at) => symlinkSync('../outside/secret.txt', at('link'))],
    ['a link to a folder outside', 'link/secret.txt', (at, outside) => symlinkSync(outside, at('link'))],
    ['a link deep inside', 'notes/a/secret.txt', (at, outside) => symlinkSync(outside, at('notes/a'))],
    ['a link to the root itself', 'loop/loop/notes/plan.md', (at) => symlinkSync(at('.'), at('loop'))],
    ['a link to itself', 'self', (at) => symlinkSync('self', at('self'))],
    ['a dangling link', 'link', (at, outside) => symlinkSync(join(outside, 'new.txt'), at('link'))],
    ['a link into /proc', 'link/environ', (at) => symlinkSync('/proc/self', at('link'))],
    ['a link within the workspace', 'link', (at) => symlinkSync('notes/plan.md', at('link'))],
    ['a hard link to a file outside', 'hard', (at, outside) => linkSync(join(outside, 'secret.txt'), at('hard'))],
  ])('%s is refused by every operation', async (_what, path, make) => {
    make(stage.at, stage.outside);
    const before = snapshot(stage.outside);
    expect(await allOf(path)).toEqual(Array.from({ length: 7 }, () => 'refused'));
    expect(snapshot(stage.outside)).toBe(before);
    expect(existsSync(join(stage.outside, 'new.txt'))).toBe(false);
  });

  test('FIFOs, sockets and devices hang nothing and are refused', async () => {
    makeFifo(stage.at('fifo'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(stage.at('socket'), resolve));
    for (const name of ['fifo', 'socket', 'fifo/x', 'socket/x']) {
      expect(await allOf(name)).toEqual(Array.from({ length: 7 }, () => 'refused'));
    }
    await new Promise((resolve) => server.close(resolve));
    expect((await createWorkspaceFiles('/dev').read('zero', 1000)).kind).toBe('refused');
  });

  test('the naive guard (resolve, then compare with the root) leaks what the walk refuses', async () => {
    symlinkSync(stage.outside, stage.at('link'));
    const naive = stage.at('link/secret.txt');
    expect(naive.startsWith(`${stage.root}/`)).toBe(true);
    expect(readFileSync(naive, 'utf8')).toBe(SECRET);
    expect((await stage.files.read('link/secret.txt', 1000)).kind).toBe('refused');
  });
});
