/** Folders that are huge or deep, and names that are no text, through every file tool (S12). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { Stage } from '../adapters/files/stage.ts';
import { createStage, snapshot } from '../adapters/files/stage.ts';
import type { Said } from './files-stage.ts';
import { TRIES, attemptTool, notRefused } from './files-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  stage.put('movable.txt', 'moved by the agent');
});
afterEach(() => stage.remove());

function attempt(tried: string, path: string): Promise<Said> {
  const each = TRIES.find(([name]) => name === tried);
  if (each === undefined) throw new Error(tried);
  return attemptTool(stage, each, path);
}

describe('a folder of 10,000 entries', () => {
  beforeEach(() => {
    mkdirSync(stage.at('many'));
    for (let n = 0; n < 10_000; n += 1) writeFileSync(stage.at(`many/${n}`), n === 9_999 ? 'SECRET' : '');
  });

  test('is not listed, and that is said', async () => {
    const said = await attempt('list', 'many');
    expect(said.kind).toBe('failed');
    expect(said.text).toMatch(/more than 1000 entries/);
  });

  test('is searched whole, or it is said that it was not', async () => {
    const { kind, text } = await attempt('search', 'many');
    expect(kind).toBe('done');
    const whole = text.includes('many/9999:1: SECRET') && text.includes('in 10000 files');
    expect(whole).toBe(!text.includes('stopped early'));
  });

  test('one file of it is read, edited, moved, deleted as anywhere, and the folder itself by nothing', async () => {
    for (const [tool, path] of [
      ['read', 'many/1'],
      ['edit', 'many/9999'],
      ['write', 'many/2'],
      ['move from', 'many/3'],
      ['delete', 'many/4'],
    ] as const) {
      expect([tool, (await attempt(tool, path)).kind]).toEqual([tool, 'done']);
    }
    const before = snapshot(stage.at('many'));
    for (const tool of ['read', 'edit', 'write', 'move from', 'move to', 'delete', 'restore']) {
      expect([tool, (await attempt(tool, 'many')).kind]).toEqual([tool, 'failed']);
    }
    expect(snapshot(stage.at('many'))).toBe(before);
  });
});

describe('deep folders', () => {
  const deep = 'd/'.repeat(200);

  test('what lies 200 deep is read, and a search from the top says that it did not go there', async () => {
    mkdirSync(stage.at(deep), { recursive: true });
    writeFileSync(stage.at(`${deep}x`), 'SECRET');
    expect((await attempt('read', `${deep}x`)).text).toContain('SECRET');
    const { text } = await attempt('search', '.');
    expect(text).toContain('nothing found');
    expect(text).toContain('deeper than 16');
  });

  test.each([33, 200, 500])('no tool makes %i folders at once, nor some of them', async (count) => {
    expect(await notRefused(stage, `${'d/'.repeat(count)}x`)).toEqual([]);
    expect((await attempt('write', `${'d/'.repeat(count)}x`)).text).toContain('at most 32 are');
  });

  test('32 are made', async () => {
    expect((await attempt('write', `${'d/'.repeat(32)}x`)).kind).toBe('done');
  });
});

describe('names that are no UTF-8', () => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
  const RAW = ['bad\xff.txt', 'cut\xc3', 'long\xc0\xaf', 'surrogate\xed\xa0\x80', 'seq\xf5\x80\x80\x80'] as const;
  const raw = (name: string): Buffer => Buffer.concat([Buffer.from(stage.at('notes/')), bytes(name)]);
  beforeEach(() => {
    for (const name of RAW) writeFileSync(raw(name), 'SECRET of a name');
    mkdirSync(raw('folder\xfe'));
    writeFileSync(Buffer.concat([raw('folder\xfe'), bytes('/x')]), 'SECRET of a name');
  });

  test('are listed as what can be shown of them, and not searched', async () => {
    expect((await attempt('list', 'notes')).text).toContain('bad\uFFFD.txt (16 bytes)');
    const { text } = await attempt('search', 'notes');
    expect(text).not.toContain('SECRET of a name');
    expect(text).toContain('6 not searched');
  });

  test.each([...RAW, 'folder\xfe/x'])('%j is reached by no spelling', async (name) => {
    for (const path of [`notes/${bytes(name).toString('utf8')}`, `notes/${name}`]) {
      for (const each of TRIES) {
        expect((await attemptTool(stage, each, path)).text).not.toContain('SECRET of a name');
      }
    }
    for (const kept of RAW) expect(readFileSync(raw(kept), 'utf8')).toBe('SECRET of a name');
    expect(readdirSync(raw('folder\xfe'))).toEqual(['x']);
  });
});
