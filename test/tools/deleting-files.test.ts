import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { ownString } from '../../src/domain/json.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import type { WorkspaceChanges } from '../../src/tools/ports/workspace-changes.ts';
import { restoreFiles } from '../../src/tools/restore-files.ts';
import { createStage, sha256 } from '../adapters/files/stage.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { PLACE, act, open, prepare, ready } from './act.ts';

const NOW = new Date('2026-11-25T10:00:00Z');
const UNTIL = '2026-12-25T10:00:00.000Z';

let stage: Stage;
let changes: WorkspaceChanges;
let put: Stage['put'];

beforeEach(() => {
  stage = createStage({ now: () => NOW });
  ({ changes, put } = stage);
});
afterEach(() => stage.remove());

function names(): readonly string[] {
  return readdirSync(stage.root).filter((name) => name !== 'notes' && name !== '.countersign-trash');
}

const ID = /^[0-9a-f]{16}$/;

describe('delete_files', () => {
  test('S4: facts and preview are size, hash and beginning of each file, in labels that no file can write', async () => {
    put('whole', 'all of it');
    put('long', 'line\n'.repeat(30));
    put('empty', '');
    put('binary', Buffer.from([0, 1]));
    put('forger', '(empty)');
    const paths = ['whole', 'long', 'empty', 'binary', 'forger'];
    const { facts, preview } = await ready(deleteFiles, { paths }, { changes });
    expect(facts).toMatchObject({ files: [{ path: 'whole', size: 9, sha256: sha256('all of it') }, {}, {}, {}, {}] });
    expect(preview.map(({ label, text }) => [label.replace(/ \(.*\)/, ''), text])).toEqual([
      ['Delete whole: its whole text', 'all of it'],
      ['Delete long: it begins', 'line\n'.repeat(10)],
      ['Delete empty: it is empty', ''],
      ['Delete binary: it is not text', ''],
      ['Delete forger: its whole text', '(empty)'],
      ['Trash', expect.stringMatching(/^Kept 30 days as deletion [0-9a-f]{16}$/)],
    ]);
    expect(preview[0]?.label).toContain(`(9 bytes, SHA-256 ${sha256('all of it')})`);
  });

  test('a file with a name of the language is a file like others', async () => {
    put('__proto__', 'x');
    const { facts } = await ready(deleteFiles, { paths: ['__proto__'] }, { changes });
    expect(JSON.parse(JSON.stringify(facts))).toEqual({ files: [{ path: '__proto__', size: 1, sha256: sha256('x') }] });
  });

  test('deletes all, and says which', async () => {
    put('a', '1');
    put('b', '2');
    expect(await act(deleteFiles, { paths: ['a', 'b'] }, { changes })).toEqual({
      kind: 'done',
      text: expect.stringMatching(`^Deleted: a, b. In the trash as deletion [0-9a-f]{16} until ${UNTIL}.$`),
      evidence: { deleted: ['a', 'b'], kept: [], trash: expect.stringMatching(ID), until: UNTIL },
    });
    expect(names()).toEqual([]);
  });

  test('S4: a file that changed since it was shown is kept; a partial result is said plainly', async () => {
    put('a', '1');
    put('b', '2');
    const prepared = await ready(deleteFiles, { paths: ['a', 'b'] }, { changes });
    put('b', 'changed');
    const told = await prepared.perform(new AbortController().signal);
    expect(told).toEqual({
      kind: 'done',
      text: expect.stringContaining('Deleted: a. Not deleted: b (its content has changed since it was looked at).'),
      evidence: { deleted: ['a'], kept: ['b'], trash: expect.stringMatching(ID), until: UNTIL },
    });
    expect(existsSync(stage.at('b'))).toBe(true);
  });

  test('when nothing was deleted it failed, whatever kept the files', async () => {
    put('a', '1');
    const prepared = await ready(deleteFiles, { paths: ['a'] }, { changes });
    expect(await prepared.perform(AbortSignal.abort())).toEqual({
      kind: 'failed',
      text: 'Nothing was deleted. Kept: a (it was cancelled before).',
    });
    put('a', 'changed');
    expect((await prepared.perform(new AbortController().signal)).kind).toBe('failed');
    expect(existsSync(stage.at('a'))).toBe(true);
  });

  test('S7: when the disk gives no clear answer it stops, and says what is gone, unclear and untouched', async () => {
    for (const name of ['a', 'b', 'c']) put(name, name);
    const failing: WorkspaceChanges = {
      ...changes,
      trash: (id, n, file) => (n === 1 ? Promise.reject(new Error('EIO /secret/place')) : changes.trash(id, n, file)),
    };
    expect(await act(deleteFiles, { paths: ['a', 'b', 'c'] }, { changes: failing })).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(
        /^Deleted: a\. It is not clear of b \(the disk gave no clear answer\); not touched: c\. Look for deletion [0-9a-f]{16} in the trash$/,
      ),
    });
    expect(names()).toEqual(['b', 'c']);
  });

  test('a file named twice, in two spellings, is refused; so are folders and links', async () => {
    put('a', '1');
    mkdirSync(stage.at('d'));
    symlinkSync('a', stage.at('link'));
    expect((await prepare(deleteFiles, { paths: ['a', 'a/'] }, { changes })).kind).toBe('failed');
    expect((await prepare(deleteFiles, { paths: ['a', 'd'] }, { changes })).kind).toBe('failed');
    expect((await prepare(deleteFiles, { paths: ['a', 'link'] }, { changes })).kind).toBe('denied');
    expect((await prepare(deleteFiles, { paths: ['.'] }, { changes })).kind).toBe('failed');
    expect(names()).toEqual(['a', 'd', 'link']);
  });

  test('acts once; the summary names every file', () => {
    const opened = open(deleteFiles, { paths: ['a', 'b/c'] }, { changes });
    expect(opened).toMatchObject({ effect: 'once', summary: 'a, b/c' });
    expect(deleteFiles.parse({ paths: [] }).kind).toBe('invalid');
    expect(deleteFiles.parse({ paths: Array.from({ length: 51 }, (_, n) => `f${n}`) }).kind).toBe('invalid');
  });
});

describe('restore_files', () => {
  async function deleted(...paths: readonly string[]): Promise<string> {
    for (const path of paths) put(path, `text of ${path}`);
    const performance = await act(deleteFiles, { paths }, { changes });
    return performance.kind === 'done' ? (ownString(performance.evidence, 'trash') ?? '') : '';
  }

  test('S4: brings back just what is shown, with names, sizes and hashes in facts and preview', async () => {
    const deletion = await deleted('a', 'd/b');
    const prepared = await ready(restoreFiles, { deletion, paths: ['d/b', 'a'] }, { changes });
    expect(prepared.facts).toEqual({
      deletion,
      files: [
        { path: 'd/b', size: 11, sha256: sha256('text of d/b') },
        { path: 'a', size: 9, sha256: sha256('text of a') },
      ],
      notRestored: [],
    });
    expect(prepared.preview[0]).toEqual({
      label: `Restore d/b (11 bytes, SHA-256 ${sha256('text of d/b')}): its whole text`,
      text: 'text of d/b',
    });
    expect(await prepared.perform(new AbortController().signal)).toEqual({
      kind: 'done',
      text: 'Restored: d/b, a.',
      evidence: { restored: ['d/b', 'a'], kept: [], trash: deletion },
    });
    expect([stage.text('a'), stage.text('d/b')]).toEqual(['text of a', 'text of d/b']);
    expect((await prepare(restoreFiles, { deletion, paths: ['a'] }, { changes })).kind).toBe('failed');
  });

  test('what is there by now is not overwritten; the rest comes back', async () => {
    const deletion = await deleted('a', 'b');
    const prepared = await ready(restoreFiles, { deletion, paths: ['a', 'b'] }, { changes });
    put('a', 'theirs');
    expect(await prepared.perform(new AbortController().signal)).toMatchObject({
      kind: 'done',
      evidence: { restored: ['b'], kept: ['a'] },
    });
    expect(stage.text('a')).toBe('theirs');
    expect(await prepare(restoreFiles, { deletion, paths: ['a'] }, { changes })).toMatchObject({
      kind: 'failed',
      why: 'a: something of this name exists, and nothing is overwritten.',
    });
  });

  test('S4: one path that is taken does not keep the others in the trash; which and why is shown, signed and told', async () => {
    const deletion = await deleted('a', 'b', 'd/c', 'e,f');
    put('b', 'written anew to block the undo');
    rmdirSync(stage.at('d'));
    put('d', 'a file where a folder was');
    put('.countersign-trash/' + deletion + '/3', 'changed there');
    const paths = ['a', 'b', 'd/c', 'e,f', 'never'];
    const prepared = await ready(restoreFiles, { deletion, paths }, { changes });
    const { facts, preview } = prepared;
    expect(facts).toMatchObject({ files: [{ path: 'a' }], notRestored: paths.slice(1).map((path) => ({ path })) });
    expect(preview.map(({ label }) => label)).toEqual([expect.stringMatching(/^Restore a /), 'Not restored']);
    const why = [
      'b (something of this name exists, and nothing is overwritten)',
      expect.stringMatching(/^d\/c \(.+\)$/),
      '"e,f" (it was changed in the trash)',
      `never (the deletion ${deletion} has no such file)`,
    ];
    expect(preview[1]?.text.split('\n')).toEqual(why);
    const told = await prepared.perform(new AbortController().signal);
    expect(told).toMatchObject({ kind: 'done', evidence: { restored: ['a'], kept: paths.slice(1) } });
    expect(JSON.stringify(told)).toContain('Restored: a. Not restored: b (something of this name exists');
    expect([stage.text('a'), stage.text('b')]).toEqual(['text of a', 'written anew to block the undo']);
    expect(existsSync(stage.at('d/c'))).toBe(false);
    const cannot = await prepare(restoreFiles, { deletion, paths: paths.slice(1) }, { changes });
    expect(cannot).toMatchObject({ kind: 'denied', why: expect.stringMatching(/^b: something.+never: the deletion/) });
  });

  test('S7: when the disk gives no clear answer, what was not restored is told too', async () => {
    const deletion = await deleted('a', 'b', 'c');
    put('c', 'theirs');
    const failing: WorkspaceChanges = { ...changes, restore: () => Promise.reject(new Error('EIO /secret/place')) };
    expect(await act(restoreFiles, { deletion, paths: ['a', 'b', 'c'] }, { changes: failing })).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(
        /^Nothing was restored\. It is not clear of a \(.+\); not touched: b; not restored: c \(something .+\)$/,
      ),
    });
  });

  test('S4: a path that is taken after the person looked is another restoration, to be asked anew', async () => {
    const deletion = await deleted('a', 'b');
    const before = await ready(restoreFiles, { deletion, paths: ['a', 'b'] }, { changes });
    put('a', 'theirs');
    const after = await ready(restoreFiles, { deletion, paths: ['a', 'b'] }, { changes });
    expect(after.facts).not.toEqual(before.facts);
  });

  test('an ID that is none is invalid, an unknown one says so', async () => {
    for (const deletion of ['', '..', '../../x', 'ABCDEFABCDEFABCD', '0123456789abcdeg', '0123456789abcde', 7]) {
      expect(restoreFiles.parse({ deletion, paths: ['a'] }).kind).toBe('invalid');
    }
    expect(await prepare(restoreFiles, { deletion: '0123456789abcdef', paths: ['a'] }, { changes })).toEqual({
      kind: 'failed',
      why: 'a: there is no deletion 0123456789abcdef in the trash: it never was, was restored or has expired.',
    });
  });

  test('the ID derives from the place of the action: the same at each pass, another for another action', () => {
    const id = (place = PLACE): string => changes.deletionAt(place).id;
    expect(id()).toMatch(ID);
    expect(id()).toBe(id());
    const others = [
      { ...PLACE, callId: 'c2' },
      { ...PLACE, runId: 'other' },
      { ...PLACE, workflowId: 'other' },
    ];
    expect(new Set([PLACE, ...others].map(id)).size).toBe(4);
    // Where nothing was recorded before it was lost, the history does not tell when an attempt began.
    expect(id({ ...PLACE, at: new Date(0), chainId: 'other' })).toBe(id());
  });
});
