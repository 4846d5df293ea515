import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import type { Tool } from '../../src/tools/define-tool.ts';
import { editFile } from '../../src/tools/edit-file.ts';
import { moveFile } from '../../src/tools/move-file.ts';
import { writeFile } from '../../src/tools/write-file.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { createStage, sha256 } from '../adapters/files/stage.ts';
import { act, open, prepare, ready } from './act.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

const why = async (tool: Tool, input: unknown): Promise<string> => {
  const prepared = await prepare(tool, input, stage);
  return prepared.kind === 'ready' ? 'ready' : `${prepared.kind}: ${prepared.why}`;
};

describe('write_file', () => {
  test('S4: facts are the file before (or that there is none) and what is written; a new file is shown whole', async () => {
    const prepared = await ready(writeFile, { path: 'a/b/new.md', content: 'one\ntwo' }, stage);
    expect(prepared.facts).toEqual({
      path: 'a/b/new.md',
      before: null,
      after: { sha256: sha256('one\ntwo'), size: 7 },
    });
    expect(prepared.preview).toEqual([
      {
        label: `New file a/b/new.md (7 bytes, SHA-256 ${sha256('one\ntwo')}): its whole text, no line break at the end`,
        text: 'one\ntwo',
      },
      { label: 'New folders', text: 'a\na/b' },
    ]);
    expect(existsSync(stage.at('a'))).toBe(false);
    expect(await prepared.perform(new AbortController().signal)).toEqual({
      kind: 'done',
      text: 'a/b/new.md was made (7 bytes).',
      evidence: prepared.facts,
    });
    expect(stage.text('a/b/new.md')).toBe('one\ntwo');
  });

  test('what is replaced is shown as a difference, and what eyes do not see is said', async () => {
    stage.put('crlf.txt', 'one\r\ntwo\r\n');
    const prepared = await ready(writeFile, { path: 'crlf.txt', content: 'one\nthree' }, stage);
    expect(prepared.preview[0]?.text).toBe(
      '@@ -1,2 +1,2 @@\n-one\r\n-two\r\n+one\n+three\n\\ No newline at end of file\n',
    );
    expect(prepared.preview[1]).toEqual({
      label: 'Line ends',
      text: 'before: 2 of 2 line breaks are CRLF\nafter: no line break at the end',
    });
  });

  test.each([
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    ['NUL', Buffer.from('a\0b')],
  ])('a file that is not text (%s) is replaced by what is shown whole', async (_what, bytes) => {
    stage.put('binary', bytes);
    const prepared = await ready(writeFile, { path: 'binary', content: 'text\n' }, stage);
    expect(prepared.preview).toEqual([
      {
        label: expect.stringMatching(/^Replace binary \(.*\), which is not text, by this whole text$/),
        text: 'text\n',
      },
    ]);
    expect((await prepared.perform(new AbortController().signal)).kind).toBe('done');
    expect(stage.text('binary')).toBe('text\n');
  });

  test.each<[string, () => void]>([
    ['was changed', () => stage.put('notes/plan.md', 'theirs')],
    ['was changed to the same size', () => stage.put('notes/plan.md', '# Nalp\n')],
  ])('S4: a file that %s since is not written', async (_what, change) => {
    const prepared = await ready(writeFile, { path: 'notes/plan.md', content: 'ours' }, stage);
    change();
    const theirs = stage.text('notes/plan.md');
    expect((await prepared.perform(new AbortController().signal)).kind).toBe('failed');
    expect(stage.text('notes/plan.md')).toBe(theirs);
  });

  test('S4: a new file does not overwrite what has come into being', async () => {
    const prepared = await ready(writeFile, { path: 'new', content: 'ours' }, stage);
    stage.put('new', 'theirs');
    expect(await prepared.perform(new AbortController().signal)).toEqual({
      kind: 'failed',
      text: 'new was not written: something of this name has come into being, and it is not overwritten.',
    });
  });

  test('refusals are told in words: the same content, a folder, a link, what is too large, the trash', async () => {
    symlinkSync('notes/plan.md', stage.at('link'));
    stage.put('large', Buffer.alloc(2 * 1024 * 1024 + 1));
    expect(await why(writeFile, { path: 'notes/plan.md', content: '# Plan\n' })).toBe(
      'failed: notes/plan.md has this very content already.',
    );
    expect(await why(writeFile, { path: 'notes', content: 'x' })).toBe('failed: notes: "notes" is a folder.');
    expect(await why(writeFile, { path: '.', content: 'x' })).toContain('failed');
    expect(await why(writeFile, { path: 'link', content: 'x' })).toContain('denied: link: "link" is a symbolic link');
    expect(await why(writeFile, { path: 'large', content: 'x' })).toContain('failed: large: "large" has 2097153 bytes');
    expect(await why(writeFile, { path: '.countersign-trash/x', content: 'x' })).toContain('denied');
    expect(writeFile.parse({ path: 'a', content: 'a\0' }).kind).toBe('invalid');
    expect(writeFile.parse({ path: 'a', content: 'x'.repeat(131_073) }).kind).toBe('invalid');
  });
});

describe('edit_file', () => {
  test('S4: shows the difference of the very bytes and writes just them', async () => {
    stage.put('a.md', 'one\ntwo\nthree\n');
    const prepared = await ready(editFile, { path: 'a.md', old_text: 'two', new_text: '2' }, stage);
    expect(prepared.preview).toEqual([
      {
        label: expect.stringMatching(/^Change a\.md \(14 bytes, .* → 12 bytes, /),
        text: '@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n',
      },
    ]);
    await prepared.perform(new AbortController().signal);
    expect(stage.text('a.md')).toBe('one\n2\nthree\n');
  });

  test.each<[string, string, string, string, boolean, string]>([
    ['one place', 'abc', 'b', 'x', false, 'axc'],
    ['all places', 'a b a b', 'b', 'c', true, 'a c a c'],
    ['CRLF is kept', 'a\r\nb\r\nc\r\n', 'a\nb\n', 'x\ny\n', false, 'x\r\ny\r\nc\r\n'],
    ['CRLF for a line that is put in', 'a\r\nb\r\n', 'b', 'b\nc', false, 'a\r\nb\r\nc\r\n'],
    ['LF in a mixed file', 'a\r\nb\nc\n', 'b\nc', 'x\ny', false, 'a\r\nx\ny\n'],
    ['CRLF in a mixed file', 'a\r\nb\r\nc\n', 'a\nb', 'x\ny', false, 'x\r\ny\r\nc\n'],
    ['a byte order mark stays', '\uFEFFabc', 'abc', 'x', false, '\uFEFFx'],
    ['no pattern in the old text', 'a.c abc', 'a.c', 'x', false, 'x abc'],
    ['no pattern in the new text', 'abc', 'b', '$&$1$$', false, 'a$&$1$$c'],
    ['taken away', 'abc', 'b', '', false, 'ac'],
    ['no line break at the end', 'a\nb', 'a', 'x', false, 'x\nb'],
  ])('%s', async (_what, before, old_text, new_text, replace_all, after) => {
    stage.put('f', before);
    const told = await act(editFile, { path: 'f', old_text, new_text, replace_all }, stage);
    expect(told.kind).toBe('done');
    expect(stage.text('f')).toBe(after);
  });

  test.each<[string, string, string, string, string]>([
    ['it is not there', 'abc', 'x', 'y', 'does not stand there'],
    ['it is there twice', 'abab', 'ab', 'y', 'more than once'],
    ['places overlap', 'aaa', 'aa', 'y', 'more than once'],
    ['with both line ends', 'a\nb a\r\nb', 'a\nb', 'y', 'more than once'],
    ['it is empty', 'abc', '', 'y', 'empty'],
    ['nothing would change', 'abc', 'b', 'b', 'the same'],
  ])('refused where %s', async (_what, before, old_text, new_text, said) => {
    stage.put('f', before);
    expect(await why(editFile, { path: 'f', old_text, new_text })).toContain(said);
  });

  test('what is not there or no text is not edited, and no growth without bounds', async () => {
    stage.put('binary', Buffer.from([0xff]));
    stage.put('many', 'a'.repeat(1000));
    expect(await why(editFile, { path: 'none', old_text: 'a', new_text: 'b' })).toContain('there is no "none"');
    expect(await why(editFile, { path: 'binary', old_text: 'a', new_text: 'b' })).toContain('is not text');
    const bomb = { path: 'many', old_text: 'a', new_text: 'b'.repeat(65_000), replace_all: true };
    expect(await why(editFile, bomb)).toContain('too large');
  });

  test('S4: a file that was edited by another since is not written', async () => {
    stage.put('f', 'a b');
    const [one, two] = [
      await ready(editFile, { path: 'f', old_text: 'a', new_text: 'x' }, stage),
      await ready(editFile, { path: 'f', old_text: 'b', new_text: 'y' }, stage),
    ];
    const { signal } = new AbortController();
    const ends = await Promise.all([one.perform(signal), two.perform(signal)]);
    expect(ends.map(({ kind }) => kind)).toEqual(['done', 'failed']);
    expect(stage.text('f')).toBe('x b');
  });
});

describe('move_file', () => {
  test('S4: shows both paths and what moves, and moves just that', async () => {
    const prepared = await ready(moveFile, { from: 'notes/plan.md', to: 'old/plan.md' }, stage);
    expect(prepared.facts).toEqual({
      from: 'notes/plan.md',
      to: 'old/plan.md',
      size: 7,
      sha256: sha256('# Plan\n'),
    });
    expect(prepared.preview.map(({ text }) => text)).toEqual(['notes/plan.md', 'old/plan.md', 'old', '# Plan\n']);
    expect((await prepared.perform(new AbortController().signal)).kind).toBe('done');
    expect(stage.text('old/plan.md')).toBe('# Plan\n');
    expect(existsSync(stage.at('notes/plan.md'))).toBe(false);
  });

  test('never overwrites, moves no folder, follows no link', async () => {
    stage.put('there', 'x');
    mkdirSync(stage.at('folder'));
    symlinkSync('notes/plan.md', stage.at('link'));
    expect(await why(moveFile, { from: 'notes/plan.md', to: 'there' })).toContain('failed: there: something');
    expect(await why(moveFile, { from: 'notes/plan.md', to: 'link' })).toContain('failed');
    expect(await why(moveFile, { from: 'notes/plan.md', to: 'folder' })).toContain('failed');
    expect(await why(moveFile, { from: 'folder', to: 'new' })).toContain('is a folder');
    expect(await why(moveFile, { from: 'link', to: 'new' })).toContain('denied');
    expect(await why(moveFile, { from: 'there', to: 'there' })).toContain('the same');
    expect(await why(moveFile, { from: 'there', to: '.countersign-trash/x' })).toContain('denied');
    expect(open(moveFile, { from: 'a', to: 'b' }, stage)).toMatchObject({ effect: 'once', summary: 'a → b' });
  });
});
