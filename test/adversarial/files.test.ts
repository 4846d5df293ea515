import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { truncateSync } from 'node:fs';
import type { Stage } from '../adapters/files/stage.ts';
import { SECRET, createStage } from '../adapters/files/stage.ts';
import { TRIES, attemptTool, notRefused, outsideOf } from './files-stage.ts';
import { HOSTILE } from './hostile-paths.ts';
import { PLAIN } from './plain-names.ts';
import { DEVICES, LINKS, SPECIAL } from './planted-paths.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  stage.put('movable.txt', 'moved by the agent');
});
afterEach(() => stage.remove());

describe(`S12: what each file tool does with hostile paths (devices, which only root can make: ${DEVICES.length})`, () => {
  test.each(HOSTILE)('%s: refused by all (%s)', async (_attack, _source, path) => {
    expect(await notRefused(stage, path)).toEqual([]);
  });

  test.each([...LINKS, ...SPECIAL, ...DEVICES])('%s: refused by all (%s)', async (_attack, _source, path, make) => {
    make(stage.at, stage.outside);
    expect(await notRefused(stage, path)).toEqual([]);
  });

  test('the tables are no shorter than what was set as the bar: 119 that must be refused', () => {
    const refused = [...HOSTILE, ...LINKS, ...SPECIAL, ...DEVICES];
    expect(refused.length).toBeGreaterThanOrEqual(119);
    expect(new Set(refused.map(([attack]) => attack)).size).toBe(refused.length);
    expect(new Set([...HOSTILE, ...PLAIN].map(([, , path]) => path)).size).toBe(HOSTILE.length + PLAIN.length);
  });

  test.each(PLAIN)('%s: a plain name, and nothing of the outside (%s)', async (_attack, _source, path) => {
    const outside = outsideOf(stage);
    for (const each of TRIES) expect((await attemptTool(stage, each, path)).text).not.toContain(SECRET);
    expect(outsideOf(stage)).toEqual(outside);
  });

  test('a sparse file of 1 TiB is refused at once by whatever reads it', async () => {
    stage.put('sparse', '');
    truncateSync(stage.at('sparse'), 2 ** 40);
    for (const each of TRIES.filter(([name]) => !/list|search|move to|restore/.test(name))) {
      expect((await attemptTool(stage, each, 'sparse')).kind).toBe('failed');
    }
  });

  test.each([
    ['read', 'notes/plan.md'],
    ['read', 'notes/plan.md/'],
    ['list', 'notes'],
    ['list', '.'],
    ['list', 'notes/'],
    ['search', '.'],
    ['search', 'notes'],
    ['write', 'notes/plan.md'],
    ['write', 'new/ö/\u{1F600}.md'],
    ['write', 'notes/...'],
    ['write', 'notes/a b.md'],
    ['write', `notes/${'a'.repeat(255)}`],
    ['move from', 'notes/plan.md'],
    ['move to', 'old/plan.md'],
    ['delete', 'notes/plan.md'],
    ['restore', 'notes/gone.md'],
  ])('the honest twin: %s %s is done', async (name, path) => {
    const each = TRIES.find(([tried]) => tried === name);
    if (each === undefined) throw new Error(name);
    // A trash entry is planted as the deletion would leave it, but its hash is that of "gone".
    expect((await attemptTool(stage, each, path)).kind).toBe('done');
  });
});
