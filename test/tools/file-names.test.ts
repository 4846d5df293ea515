/** S11: what a person reads of files is one thing only: names, the executable bit, the folders that will be made. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { ownString } from '../../src/domain/json.ts';
import { visibleLine } from '../../src/domain/visible-text.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import { editFile } from '../../src/tools/edit-file.ts';
import { namesOf } from '../../src/tools/file-names.ts';
import { listFiles } from '../../src/tools/list-files.ts';
import { moveFile } from '../../src/tools/move-file.ts';
import { restoreFiles } from '../../src/tools/restore-files.ts';
import { writeFile } from '../../src/tools/write-file.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { createStage, sha256 } from '../adapters/files/stage.ts';
import { act, open, ready } from './act.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

const summary = (tool: Tool, input: unknown): string => open(tool, input, stage).summary;

describe('names in one line', () => {
  test.each<[string, readonly string[], string]>([
    ['plain ones stay plain', ['a', 'b/c d.md', '.env', "it's (1).txt"], "a, b/c d.md, .env, it's (1).txt"],
    ['one with a comma', ['a, b'], '"a, b"'],
    ['with what ends a quoted one', ['a", "b'], '"a\\", \\"b"'],
    ['with spaces at its ends', [' a', 'b '], '" a", "b "'],
    ['with an arrow', ['a → b'], '"a → b"'],
  ])('%s', (_what, names, said) => expect(namesOf(names)).toBe(said));

  test('no two lists read the same; the naive join does', () => {
    const lists = [['a, b'], ['a', 'b'], ['"a', 'b"'], ['"a, b"'], ['a,', 'b'], ['a', ' b'], ['"a"', '"b"']];
    expect(new Set(lists.map((names) => names.join(', '))).size).toBeLessThan(lists.length);
    expect(new Set(lists.map(namesOf)).size).toBe(lists.length);
  });

  test('the summary of a move has one arrow that can be read as one', () => {
    const [one, other] = [
      { from: 'a → b', to: 'c' },
      { from: 'a', to: 'b → c' },
    ];
    expect(`${one.from} → ${one.to}`).toBe(`${other.from} → ${other.to}`);
    expect([summary(moveFile, one), summary(moveFile, other)]).toEqual(['"a → b" → c', 'a → "b → c"']);
    expect(summary(deleteFiles, { paths: ['a, b', 'c'] })).toBe('"a, b", c');
    expect(summary(restoreFiles, { deletion: '0123456789abcdef', paths: ['a, b'] })).toContain('"a, b" from');
  });
});

test.each([0xfe0f, 0x34f, 0x115f, 0x3164, 0x2800, 0x180b, 0xa0, 0x3000, 0xe000, 0x378])(
  'a path with the character %i, which eyes do not see, is taken, told apart and shown by its number',
  async (code) => {
    const name = `a${String.fromCodePoint(code)}b`;
    const shown = `a⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩b`;
    stage.put(name, 'x');
    expect(await act(listFiles, { path: '.' }, stage)).toMatchObject({ text: `${shown} (1 bytes)\nnotes/` });
    expect((await ready(deleteFiles, { paths: [name] }, stage)).preview).toHaveLength(2);
    expect(visibleLine(summary(deleteFiles, { paths: [name] }))).toBe(shown);
  },
);

describe('the executable bit', () => {
  test.each<[string, Tool, unknown]>([
    ['move', moveFile, { from: 'run.sh', to: 'notes/run.sh' }],
    ['delete', deleteFiles, { paths: ['run.sh'] }],
    ['replace', writeFile, { path: 'run.sh', content: 'x' }],
    ['edit', editFile, { path: 'run.sh', old_text: '#!', new_text: '#' }],
  ])('%s says it where it is set, and nothing where not', async (_what, tool, input) => {
    stage.put('run.sh', '#!/bin/sh\n');
    const labels = async (): Promise<string> =>
      (await ready(tool, input, stage)).preview.map(({ label }) => label).join('\n');
    expect(await labels()).not.toContain('executable');
    chmodSync(stage.at('run.sh'), 0o755);
    expect(await labels()).toContain('executable');
  });

  test('of what is no text, too, of which nothing is shown', async () => {
    stage.put('tool', Buffer.from('#!/bin/sh\n\0'));
    chmodSync(stage.at('tool'), 0o700);
    const { preview } = await ready(deleteFiles, { paths: ['tool'] }, stage);
    const label = `Delete tool (11 bytes, executable, SHA-256 ${sha256('#!/bin/sh\n\0')}): it is not text`;
    expect(preview[0]).toEqual({ label, text: '' });
  });
});

test('a restoration shows the folders that it will make, each once', async () => {
  for (const path of ['d/e/a', 'd/b', 'notes/c']) stage.put(path, 'x');
  const paths = ['d/e/a', 'd/b', 'notes/c'];
  const deleted = await act(deleteFiles, { paths }, stage);
  const deletion = deleted.kind === 'done' ? (ownString(deleted.evidence, 'trash') ?? '') : '';
  rmSync(stage.at('d'), { recursive: true });
  const { preview } = await ready(restoreFiles, { deletion, paths }, stage);
  expect(preview.slice(3)).toEqual([{ label: 'New folders', text: 'd\nd/e' }]);
  mkdirSync(stage.at('d/e'), { recursive: true });
  expect((await ready(restoreFiles, { deletion, paths }, stage)).preview).toHaveLength(3);
});

test('a list of a thousand names that must be made visible is cut between entries, and says so', async () => {
  mkdirSync(stage.at('many'));
  for (let n = 0; n < 1000; n += 1) writeFileSync(stage.at(`many/${n + 1000}${'\u0001'.repeat(246)}`), '');
  const told = await act(listFiles, { path: 'many' }, stage);
  const lines = told.kind === 'done' ? told.text.split('\n') : [];
  expect(Buffer.byteLength(lines.join('\n'))).toBeLessThan(201 * 1024);
  const shown = lines.slice(0, -1);
  expect(shown.every((line) => line.endsWith('⟨U+0001⟩ (0 bytes)'))).toBe(true);
  expect(shown.length).toBeGreaterThan(50);
  expect(lines.at(-1)).toBe(`(${1000 - shown.length} more of 1000 entries are not shown, for the list is too long)`);
});
