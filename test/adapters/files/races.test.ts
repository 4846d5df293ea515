/**
 * S12 under a race: a folder of the workspace and a link to the outside are swapped by another process while each tool
 * works in it. `npm test` does it with 2,000 swaps and more for each, `npm run test:races` with 20,000
 * (COUNTERSIGN_SWAPS); at least a tenth as many times the tool acts. The naive guard leaks in the same run.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile as readBytes, readdir, realpath, rename, unlink, writeFile as writeBytes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Tool } from '../../../src/tools/define-tool.ts';
import { deleteFiles } from '../../../src/tools/delete-files.ts';
import { editFile } from '../../../src/tools/edit-file.ts';
import { listFiles } from '../../../src/tools/list-files.ts';
import { moveFile } from '../../../src/tools/move-file.ts';
import { readFile } from '../../../src/tools/read-file.ts';
import { restoreFiles } from '../../../src/tools/restore-files.ts';
import { searchFiles } from '../../../src/tools/search-files.ts';
import { writeFile } from '../../../src/tools/write-file.ts';
import { PLACE, prepare } from '../../tools/act.ts';
import type { Stage } from './stage.ts';
import { createStage, sha256 } from './stage.ts';
import type { Swapper } from './swapper.ts';
import { startSwapper } from './swapper.ts';

const SWAPS = Number(process.env['COUNTERSIGN_SWAPS'] ?? 2000);
const LIMIT_MS = 60_000 + SWAPS * 50;

let stage: Stage;
let swapper: Swapper;
let folder: number;
afterEach(async () => {
  await swapper.stop();
  closeSync(folder);
  stage.remove();
});

/** `live` is a folder, or for a moment a link to the outside, where files of the same names and contents are. */
function startSwapping(): void {
  stage = createStage();
  stage.put('live/note.txt', 'mine');
  writeFileSync(join(stage.outside, 'note.txt'), 'LEAKED');
  writeFileSync(join(stage.outside, 'LEAKED.name'), '');
  symlinkSync(stage.outside, stage.at('link'));
  folder = openSync(stage.at('live'), 'r');
  swapper = startSwapper(stage.at('live'), stage.at('link'));
}

/** In the folder itself, wherever it is just now. */
function inFolder(name: string): string {
  return `/proc/self/fd/${folder}/${name}`;
}

function putBoth(...names: readonly string[]): void {
  for (const name of names) for (const path of [inFolder(name), join(stage.outside, name)]) writeFileSync(path, 'same');
}

function isOutside(name: string, content = 'same'): boolean {
  const path = join(stage.outside, name);
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}

/** What the tool said, or how it refused. */
async function attempt(tool: Tool, input: unknown, n = 0): Promise<{ readonly kind: string; readonly text: string }> {
  const prepared = await prepare(tool, input, stage, { ...PLACE, callId: `c${n}` });
  if (prepared.kind !== 'ready') return { kind: 'refused', text: prepared.why };
  const performance = await prepared.perform(new AbortController().signal);
  const text = 'text' in performance ? performance.text : performance.why;
  return { kind: performance.kind, text: `${text} ${JSON.stringify(prepared.preview)}` };
}

/** realpath, compare, use: what most do. */
async function checked(path: string): Promise<string> {
  const real = await realpath(stage.at(dirname(path)));
  if (!`${real}/`.startsWith(`${stage.root}/`)) throw new Error('outside');
  return stage.at(path);
}

interface Race {
  readonly name: string;
  /** Before each time: both files there. */
  readonly put: readonly string[];
  readonly ours: (n: number) => Promise<{ readonly kind: string; readonly text: string }>;
  /** Whether something of the outside was told or touched. */
  readonly leaked: (said: string) => boolean;
  readonly naive: (n: number) => Promise<boolean>;
}

const READING = { put: [], leaked: (said: string) => said.includes('LEAKED') };

const RACES: readonly Race[] = [
  {
    ...READING,
    name: 'read_file',
    ours: () => attempt(readFile, { path: 'live/note.txt' }),
    naive: async () => (await readBytes(await checked('live/note.txt'), 'utf8')) === 'LEAKED',
  },
  {
    ...READING,
    name: 'list_files',
    ours: () => attempt(listFiles, { path: 'live' }),
    naive: async () => (await readdir(dirname(await checked('live/note.txt')))).includes('LEAKED.name'),
  },
  {
    ...READING,
    name: 'search_files',
    ours: async () => {
      const { kind, text } = await attempt(searchFiles, { path: 'live', text: 'E' });
      return { kind, text: text.replace(/\[.*/, '') };
    },
    naive: async () => {
      const path = dirname(await checked('live/note.txt'));
      const texts = await Promise.all((await readdir(path)).map((name) => readBytes(join(path, name), 'utf8')));
      return texts.includes('LEAKED');
    },
  },
  {
    name: 'write_file',
    put: [],
    ours: (n) => attempt(writeFile, { path: `live/ours-${n}`, content: 'new' }),
    leaked: () => readdirSync(stage.outside).some((name) => /^ours|countersign/.test(name)),
    naive: async (n) => {
      await writeBytes(await checked(`live/naive-${n}`), 'new');
      return existsSync(join(stage.outside, `naive-${n}`));
    },
  },
  {
    name: 'edit_file',
    put: ['ours', 'naive'],
    ours: () => attempt(editFile, { path: 'live/ours', old_text: 'same', new_text: 'changed' }),
    leaked: () => !isOutside('ours'),
    naive: async () => {
      const path = await checked('live/naive');
      await writeBytes(path, (await readBytes(path, 'utf8')).replace('same', 'changed'));
      return !isOutside('naive');
    },
  },
  {
    name: 'move_file',
    put: ['ours', 'naive'],
    ours: (n) => attempt(moveFile, { from: 'live/ours', to: `live/ours-${n}` }),
    leaked: () => !isOutside('ours') || readdirSync(stage.outside).some((name) => name.startsWith('ours-')),
    naive: async (n) => {
      await rename(await checked('live/naive'), stage.at(`live/naive-${n}`));
      return !isOutside('naive');
    },
  },
  {
    name: 'delete_files',
    put: ['ours', 'naive'],
    ours: async (n) => {
      const said = await attempt(deleteFiles, { paths: ['live/ours'] }, n);
      rmSync(stage.at('.countersign-trash'), { recursive: true, force: true });
      return said;
    },
    leaked: () => !isOutside('ours'),
    naive: async () => {
      await unlink(await checked('live/naive'));
      return !isOutside('naive');
    },
  },
  {
    name: 'restore_files',
    put: [],
    ours: async (n) => {
      const id = n.toString(16).padStart(16, '0');
      const file = { path: `live/ours-${n}`, size: 4, sha256: sha256('same') };
      const opened = await stage.changes.openDeletion(id, [file]);
      if (opened.kind !== 'ok') return { kind: opened.kind, text: opened.why };
      writeFileSync(stage.at(`.countersign-trash/${id}/0`), 'same');
      const said = await attempt(restoreFiles, { deletion: id, paths: [file.path] });
      rmSync(stage.at(`.countersign-trash/${id}`), { recursive: true, force: true });
      return said;
    },
    leaked: () => readdirSync(stage.outside).some((name) => name.startsWith('ours-')),
    naive: async (n) => {
      writeFileSync(stage.at('naive'), 'same');
      await rename(stage.at('naive'), await checked(`live/naive-${n}`));
      return existsSync(join(stage.outside, `naive-${n}`));
    },
  },
];

describe('S12: a folder is swapped for a link to the outside under each tool', () => {
  test.each(RACES.map((race) => [race.name, race] as const))(
    '%s leaks and touches nothing, while the naive guard does in the same run',
    async (name, { put, ours, leaked, naive }) => {
      startSwapping();
      const seen = { done: 0, refused: 0, leaks: 0, naiveLeaks: 0 };
      const isUnproven = (): boolean => seen.naiveLeaks === 0 || seen.done === 0 || seen.refused === 0;
      const isShort = (n: number): boolean => n < SWAPS / 10 || swapper.swaps() < SWAPS || isUnproven();
      const end = Date.now() + LIMIT_MS;
      for (let n = 0; Date.now() < end && isShort(n); n += 1) {
        putBoth(...put);
        const [said, naiveLeak] = await Promise.all([ours(n), naive(n).catch(() => false)]);
        if (leaked(said.text)) seen.leaks += 1;
        if (said.kind === 'done') seen.done += 1;
        else seen.refused += 1;
        if (naiveLeak) seen.naiveLeaks += 1;
      }
      expect(swapper.swaps()).toBeGreaterThanOrEqual(SWAPS);
      expect({ leaks: seen.leaks, isUnproven: isUnproven() }).toEqual({ leaks: 0, isUnproven: false });
      if (SWAPS > 2000) process.stderr.write(`${name}: ${swapper.swaps()} swaps, ${JSON.stringify(seen)}\n`);
    },
    LIMIT_MS + 30_000,
  );
});
