import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
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
import type { Stage } from './stage.ts';
import { createStage, inspected, makeFifo, snapshot, trash } from './stage.ts';

const ID = '0123456789abcdef';
const DAY = 24 * 60 * 60 * 1000;

let stage: Stage;
let now: number;
beforeEach(() => {
  now = Date.parse('2026-11-25T10:00:00Z');
  stage = createStage({ trashDays: 0.5, now: () => new Date(now) });
});
afterEach(() => stage.remove());

async function trashPlan(): Promise<void> {
  expect(await trash(stage.changes, await inspected(stage.changes, 'notes/plan.md'), ID)).toEqual({ kind: 'done' });
}

describe('S4: only the file that was shown is deleted', () => {
  test('an unchanged file lies in the trash then, with a manifest, for its owner alone', async () => {
    stage.put('notes/other.md', '# Plan\n');
    await trashPlan();
    expect(readdirSync(stage.at('notes'))).toEqual(['other.md']);
    expect(readFileSync(stage.at(`.countersign-trash/${ID}/0`), 'utf8')).toBe('# Plan\n');
    expect(JSON.parse(readFileSync(stage.at(`.countersign-trash/${ID}/manifest.json`), 'utf8'))).toMatchObject({
      at: '2026-11-25T10:00:00.000Z',
      until: '2026-11-25T22:00:00.000Z',
      files: [{ path: 'notes/plan.md', size: 7 }],
    });
    expect(statSync(stage.at('.countersign-trash')).mode & 0o777).toBe(0o700);
  });

  test.each<[string, string, (path: string) => void]>([
    ['was rewritten', 'changed', (path) => writeFileSync(path, '# Nalp\n')],
    ['has grown', 'changed', (path) => writeFileSync(path, '# Plan\nmore')],
    ['was emptied', 'changed', (path) => writeFileSync(path, '')],
    ['is gone', 'missing', (path) => rmSync(path)],
    ['was replaced by a link', 'refused', (path) => (rmSync(path), symlinkSync('/etc/passwd', path))],
    ['got a second name', 'refused', (path) => linkSync(path, join(stage.outside, 'second'))],
    ['was replaced by a folder', 'unfit', (path) => (rmSync(path), mkdirSync(path))],
    ['was replaced by a FIFO', 'refused', (path) => (rmSync(path), makeFifo(path))],
  ])('a file that %s is kept', async (_what, kind, change) => {
    const shown = await inspected(stage.changes, 'notes/plan.md');
    change(stage.at('notes/plan.md'));
    const before = snapshot(stage.at('notes'));
    expect((await trash(stage.changes, shown, ID)).kind).toBe(kind);
    expect(snapshot(stage.at('notes'))).toBe(before);
  });

  test('a folder that was swapped for a link leads to no deletion elsewhere', async () => {
    writeFileSync(join(stage.outside, 'plan.md'), '# Plan\n');
    const shown = await inspected(stage.changes, 'notes/plan.md');
    renameSync(stage.at('notes'), stage.at('moved'));
    symlinkSync(stage.outside, stage.at('notes'));
    expect((await trash(stage.changes, shown, ID)).kind).toBe('refused');
    expect(existsSync(join(stage.outside, 'plan.md'))).toBe(true);
    expect(existsSync(stage.at('moved/plan.md'))).toBe(true);
  });

  test('a deletion never goes where another one is: nothing in the trash is overwritten', async () => {
    await trashPlan();
    stage.put('notes/plan.md', '# Plan\n');
    expect(await trash(stage.changes, await inspected(stage.changes, 'notes/plan.md'), ID)).toMatchObject({
      kind: 'unfit',
      why: `there is a deletion ${ID} already`,
    });
  });

  test('a file that the system does not let go is told as kept, not as unknown', async () => {
    const kernel = createWorkspaceChanges({ root: '/proc/self', trashDays: 1, now: () => new Date(now) });
    expect((await trash(kernel, await inspected(kernel, 'comm'), ID)).kind).not.toBe('done');
  });
});

describe('S12: the trash is out of the agent’s reach', () => {
  test.each([
    '.countersign-trash',
    `.countersign-trash/${ID}/0`,
    '.Countersign-Trash/x',
    '.COUNTERSIGN-TRASH/x',
    '.counter\u017Fign-trash/x',
    '．countersign-trash/x',
    '․countersign-trash/x',
    '.counters\u0131gn-trash/x',
    '.countersign\uFF0Dtrash/x',
    '.coun\u200Dtersign-trash/x',
    '.countersign-trash\u200C/x',
    '.co\u0301untersign-trash/x',
    'notes/.countersign-tmp-0',
    'notes/.countersign-held-0',
  ])('the name %j is refused by every operation', async (path) => {
    await trashPlan();
    const { files, changes } = stage;
    const file = { path, size: 7, sha256: 'x', executable: false, head: '' };
    const after = changes.contentOf(Buffer.from('x'));
    stage.put('a', 'a');
    const said = [
      await files.list(path),
      await files.read(path, 100),
      await files.search(path, { text: 'Plan', ignoreCase: false, mayRead: () => true }, new AbortController().signal),
      await changes.inspect(path),
      await changes.vacant(path),
      await changes.write({ path, before: null, after }),
      await changes.move({ ...file, to: 'b' }),
      await changes.move({ ...(await inspected(changes, 'a')), to: path }),
      await trash(changes, file, 'fedcba9876543210'),
      await changes.restore(ID, file),
    ];
    expect(said.map(({ kind }) => kind)).toEqual([...Array.from({ length: 9 }, () => 'refused'), 'missing']);
  });

  test('it is neither listed nor searched, nor are temporaries', async () => {
    await trashPlan();
    stage.put('.countersign-tmp-1', 'Plan');
    stage.put('notes/.countersign-held-1', 'Plan');
    expect(await stage.files.list('.')).toMatchObject({ entries: [{ name: 'notes' }] });
    const found = await stage.files.search(
      '.',
      { text: 'Plan', ignoreCase: false, mayRead: () => true },
      new AbortController().signal,
    );
    expect(found).toMatchObject({ matches: [], files: 0 });
  });

  test('under another name (a bind mount, a rename back and forth) it is known by what it is', async () => {
    await trashPlan();
    // The folder of that name and the one walked into are one: as with a bind mount, without the right to make one.
    const { openFolder, openRoot, identityIn } = await import('../../../src/adapters/files/descriptor-walk.ts');
    const top = await openRoot(stage.root);
    const notes = await identityIn(top, 'notes');
    await expect(openFolder(top, 'notes', notes)).rejects.toThrow('is the trash');
    await top.close();
  });

  test.each<[string, (trashPath: string) => void]>([
    ['a link to the outside', (path) => symlinkSync(stage.outside, path)],
    ['a dangling link', (path) => symlinkSync(join(stage.outside, 'made'), path)],
    ['a link to a folder inside', (path) => symlinkSync('notes', path)],
    ['a file', (path) => writeFileSync(path, '')],
    ['a FIFO', (path) => makeFifo(path)],
  ])('planted before the start, %s gets no file and nothing is deleted', async (_what, plant) => {
    plant(stage.at('.countersign-trash'));
    const before = [snapshot(stage.outside), snapshot(stage.at('notes'))];
    const changes = createWorkspaceChanges({ root: stage.root, trashDays: 1, now: () => new Date(now) });
    expect((await trash(changes, await inspected(changes, 'notes/plan.md'), ID)).kind).toBe('refused');
    expect((await changes.inspectTrashed(ID, 'notes/plan.md')).kind).toBe('refused');
    expect([snapshot(stage.outside), snapshot(stage.at('notes'))]).toEqual(before);
  });

  test('one that others may read is closed', async () => {
    mkdirSync(stage.at('.countersign-trash'));
    chmodSync(stage.at('.countersign-trash'), 0o777);
    await trashPlan();
    expect(statSync(stage.at('.countersign-trash')).mode & 0o777).toBe(0o700);
  });

  test('one of another user is not used', async () => {
    mkdirSync(stage.at('.countersign-trash'));
    const file = await inspected(stage.changes, 'notes/plan.md');
    const real = Object.getOwnPropertyDescriptor(process, 'geteuid');
    Object.defineProperty(process, 'geteuid', { value: () => 12_345, configurable: true });
    try {
      const why = expect.stringContaining('another user');
      expect(await trash(stage.changes, file, ID)).toMatchObject({ kind: 'refused', why });
    } finally {
      if (real !== undefined) Object.defineProperty(process, 'geteuid', real);
    }
  });
});

describe('restoring', () => {
  test('a file comes back to where it was, folders and all, and the deletion is forgotten', async () => {
    await trashPlan();
    rmSync(stage.at('notes'), { recursive: true });
    const found = await stage.changes.inspectTrashed(ID, 'notes/plan.md');
    if (found.kind !== 'ok') throw new Error(found.why);
    expect(found.file).toMatchObject({ size: 7, head: '# Plan\n' });
    expect(await stage.changes.restore(ID, found.file)).toEqual({ kind: 'done' });
    expect(stage.text('notes/plan.md')).toBe('# Plan\n');
    expect(readdirSync(stage.at('.countersign-trash'))).toEqual([]);
  });

  test('it never overwrites, and what was changed in the trash does not come back', async () => {
    await trashPlan();
    const found = await stage.changes.inspectTrashed(ID, 'notes/plan.md');
    if (found.kind !== 'ok') throw new Error(found.why);
    stage.put('notes/plan.md', 'theirs');
    expect((await stage.changes.restore(ID, found.file)).kind).toBe('unfit');
    expect(stage.text('notes/plan.md')).toBe('theirs');
    rmSync(stage.at('notes/plan.md'));
    writeFileSync(stage.at(`.countersign-trash/${ID}/0`), '# Nalp\n');
    expect((await stage.changes.restore(ID, found.file)).kind).toBe('changed');
    expect((await stage.changes.inspectTrashed(ID, 'notes/plan.md')).kind).toBe('unfit');
    expect(existsSync(stage.at('notes/plan.md'))).toBe(false);
  });

  test.each(['ffffffffffffffff', '', '..', '../notes', '.', `${ID}/..`, 'notes'])(
    'an unknown deletion (%j) is told, whatever is in its place',
    async (id) => {
      await trashPlan();
      expect(await stage.changes.inspectTrashed(id, 'notes/plan.md')).toMatchObject({ kind: 'missing' });
      expect((await stage.changes.restore(id, { path: 'notes/plan.md', size: 7, sha256: 'x' })).kind).toBe('missing');
    },
  );

  test('another path than the one that was deleted is not in it', async () => {
    await trashPlan();
    expect(await stage.changes.inspectTrashed(ID, 'notes/other.md')).toMatchObject({ kind: 'missing' });
  });
});

describe('expiry', () => {
  test('what has expired is not restored, and goes with the next deletion; what has not, stays', async () => {
    await trashPlan();
    stage.put('a', 'a');
    now += 0.4 * DAY;
    await trash(stage.changes, await inspected(stage.changes, 'a'), 'aaaaaaaaaaaaaaaa');
    now += 0.1 * DAY;
    expect((await stage.changes.inspectTrashed(ID, 'notes/plan.md')).kind).toBe('missing');
    expect(readdirSync(stage.at('.countersign-trash'))).toHaveLength(2);
    stage.put('b', 'b');
    await trash(stage.changes, await inspected(stage.changes, 'b'), 'bbbbbbbbbbbbbbbb');
    expect(readdirSync(stage.at('.countersign-trash')).toSorted()).toEqual(['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']);
  });

  test('it goes at the start of a worker, and nothing goes that no deletion put there', async () => {
    await trashPlan();
    stage.put('.countersign-trash/by-hand/x', 'x');
    stage.put(`.countersign-trash/${ID}/by-hand`, 'x');
    now += DAY;
    const next = createWorkspaceChanges({ root: stage.root, trashDays: 30, now: () => new Date(now) });
    await next.dropDeletion('ffffffffffffffff');
    expect(readdirSync(stage.at(`.countersign-trash/${ID}`))).toEqual(['by-hand']);
    expect(stage.text('.countersign-trash/by-hand/x')).toBe('x');
  });
});
