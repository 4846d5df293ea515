import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { linkSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEARCH_LIMITS } from '../../src/adapters/files/search-files.ts';
import { findLines, literalOf } from '../../src/adapters/files/find-lines.ts';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import { searchFiles } from '../../src/tools/search-files.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { SECRET, createStage, makeFifo } from '../adapters/files/stage.ts';
import { act, open, prepare, ready } from './act.ts';

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

const NOT = 'not searched (no text, too large, not a regular file, or not open to you by the rules)';

async function search(input: object, files = stage.files): Promise<string> {
  const performance = await act(searchFiles, { path: '.', ...input }, { files });
  return performance.kind === 'done' || performance.kind === 'failed' ? performance.text : performance.why;
}

describe('search_files', () => {
  test('tells path, number and line, of all folders beneath, in order', async () => {
    stage.put('b.txt', 'x\nfind me\n\nand find me, find me\n');
    stage.put('a/deep/er.txt', 'no\r\nfind me');
    expect(await search({ text: 'find me' })).toBe(
      'a/deep/er.txt:2: find me\nb.txt:2: find me\nb.txt:4: and find me, find me\n(3 matching lines in 3 files)',
    );
    expect(await search({ path: 'a/deep', text: 'find me' })).toBe(
      'a/deep/er.txt:2: find me\n(1 matching lines in 1 files)',
    );
    expect(await search({ text: 'FIND ME' })).toBe('(nothing found in 3 files)');
    expect(await search({ path: 'a', text: 'FIND ME', ignore_case: true })).toContain('a/deep/er.txt:2: find me');
  });

  test('S11: a person sees whether large and small letters are the same', async () => {
    const told = async (input: object): Promise<string> => {
      const { preview } = await ready(searchFiles, { path: 'notes', text: 'Plan', ...input }, stage);
      const { summary } = open(searchFiles, { path: 'notes', text: 'Plan', ...input }, stage);
      return [summary, ...preview.map(({ label, text }) => `${label}: ${text}`)].join(' | ');
    };
    const beneath = 'Search beneath, in files that the same people are asked about too: notes';
    const plainly = `Plan in notes | ${beneath} | For the text: Plan`;
    expect(await told({})).toBe(plainly);
    expect(await told({ ignore_case: false })).toBe(plainly);
    expect(await told({ ignore_case: true })).toBe(
      `Plan in notes, a to z as A to Z | ${beneath} | For the text, a to z taken for A to Z: Plan`,
    );
  });

  test('nothing is a pattern, and nothing of it is a word for a machine', async () => {
    stage.put('a', 'a.c\nabc\n.*\n(a+)+$\n');
    expect(await search({ text: 'a.c' })).toContain('(1 matching');
    expect(await search({ text: '.*' })).toContain('a:3: .*');
    expect(await search({ text: '(a+)+$' })).toContain('a:4');
    expect((await prepare(searchFiles, { path: '.', text: '' }, stage)).kind).toBe('failed');
    expect(searchFiles.parse({ path: '.', text: 'a\nb' }).kind).toBe('invalid');
  });

  test('S11: deceiving characters of lines and names are visible, and no line passes for two', async () => {
    stage.put('na', 'find \u202Eme\u200B\u2028b:1: forged\n');
    stage.put('n\u202Ea', 'find, in a name that no rule can say\n');
    expect(await search({ text: 'find' })).toBe(
      `na:1: find ⟨U+202E⟩me⟨U+200B⟩⟨U+2028⟩b:1: forged\n(1 matching lines in 2 files; 1 ${NOT})`,
    );
  });

  test('S12: no link is followed, no FIFO waited for, no hard link read; what was not searched is counted', async () => {
    symlinkSync(stage.outside, stage.at('folder'));
    symlinkSync(join(stage.outside, 'secret.txt'), stage.at('file'));
    symlinkSync('.', stage.at('loop'));
    linkSync(join(stage.outside, 'secret.txt'), stage.at('hard'));
    makeFifo(stage.at('fifo'));
    stage.put('binary', Buffer.from('SECRET\0'));
    stage.put('latin', Buffer.from('SECRET \xff', 'latin1'));
    stage.put('sparse', '');
    truncateSync(stage.at('sparse'), 2 ** 40);
    writeFileSync(Buffer.concat([Buffer.from(`${stage.root}/`), Buffer.from([0xff])]), 'SECRET');
    const told = await search({ text: 'SECRET' });
    expect(told).toBe(`(nothing found in 1 files; 9 ${NOT})`);
    expect(told).not.toContain(SECRET);
    expect(await search({ path: 'folder', text: 'SECRET' })).toContain('no link is followed');
  });

  test('stops at each bound, and says at which', async () => {
    for (let n = 0; n < 30; n += 1) stage.put(`many/f${String(n).padStart(2, '0')}`, 'find\n'.repeat(10));
    const bounded = (limits: object) => createWorkspaceFiles(stage.root, { ...SEARCH_LIMITS, ...limits });
    const input = { path: 'many', text: 'find' };
    expect(await search(input, bounded({ matches: 25 }))).toContain(
      '(25 matching lines in 3 files; stopped early: there are 25',
    );
    expect(await search(input, bounded({ entries: 5 }))).toContain(
      'in 5 files; stopped early: there are more than 5 entries',
    );
    expect(await search(input, bounded({ bytes: 100 }))).toContain('in 2 files; stopped early: 100 bytes');
    expect(await search(input, bounded({ ms: -1 }))).toContain('stopped early: it took too long');
    expect(await search(input, bounded({ matchesPerFile: 3, matches: 6 }))).toContain(
      'more matches in many/f00, many/f01',
    );
    expect(await search({ ...input, path: '.' }, bounded({ depth: 0 }))).toContain(
      'folders deeper than 0 were left out',
    );
    expect(await search(input, bounded({ fileBytes: 10 }))).toContain('30 not searched');
    const prepared = await ready(searchFiles, input, stage);
    expect(await prepared.perform(AbortSignal.abort())).toMatchObject({
      kind: 'done',
      evidence: { matches: 0, files: 0, complete: false },
    });
  });

  test('long lines are cut around the match, between characters', async () => {
    stage.put('long', `${'🌿'.repeat(5000)}find${'ö'.repeat(5000)}\n`);
    const [first = ''] = (await search({ text: 'find' })).split('\n');
    expect(first).toContain('find');
    expect(first).not.toContain('\uFFFD');
    expect(Buffer.byteLength(first)).toBeLessThan(600);
  });
});

describe('finding a literal', () => {
  test('agrees with the plain search for all short texts', () => {
    const words = ['a', 'ab', 'aab', 'aba', 'abab', 'aaa'];
    for (let n = 0; n < 3 ** 7; n += 1) {
      const text = Array.from({ length: 7 }, (_, at) => 'ab\n'[Math.floor(n / 3 ** at) % 3]).join('');
      for (const word of words) {
        const expected = text.split('\n').flatMap((line, at) => (line.includes(word) ? [at + 1] : []));
        expect(findLines(Buffer.from(text), literalOf(word, false), 99).map(({ line }) => line)).toEqual(expected);
      }
    }
  });

  test('looks at each byte a bounded number of times, whatever it searches for', () => {
    // The worst case of the obvious search: here 8 MB times 200 comparisons.
    let reads = 0;
    const text = new Proxy(Buffer.alloc(20_000, 'a'), {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(findLines(text, literalOf(`${'a'.repeat(199)}b`, false), 10)).toEqual([]);
    expect(reads).toBeLessThan(3 * 20_000);
  });
});
