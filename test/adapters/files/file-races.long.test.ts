/**
 * S4 and S12 under a race for one name: another process swaps the file that a person was shown with another file, a link
 * or a FIFO, while it is deleted, moved, replaced or read. What goes, moves or is told is what was shown, nothing is lost,
 * and the naive way (hash, compare, then act on the name) acts on the other in the same run.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { constants, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile as readBytes, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stage.ts';
import { SECRET, createStage, makeFifo, sha256, snapshot } from './stage.ts';
import type { Swapper } from './swapper.ts';
import { startSwapper } from './swapper.ts';

const SWAPS = Number(process.env['COUNTERSIGN_SWAPS'] ?? 2000);
const LIMIT_MS = 60_000 + SWAPS * 50;
/** Else the naive way waits for ever for who writes to a FIFO. */
const NEVER_WAITS = constants.O_RDONLY | constants.O_NONBLOCK;
const SHOWN = { size: 5, sha256: sha256('shown') };

let stage: Stage;
let swapper: Swapper | undefined;
beforeEach(() => void (stage = createStage()));
afterEach(async () => {
  await swapper?.stop();
  stage.remove();
});

const OTHERS: readonly (readonly [string, (path: string) => void])[] = [
  ['another file of the same size', (path) => writeFileSync(path, 'other')],
  ['a link to the outside', (path) => symlinkSync(join(stage.outside, 'secret.txt'), path)],
  ['a FIFO', (path) => makeFifo(path)],
];

function putFresh(makeOther: (path: string) => void): void {
  for (const name of ['live', 'aside']) rmSync(stage.at(name), { force: true });
  writeFileSync(stage.at('live'), 'shown');
  makeOther(stage.at('aside'));
}

/** Until as many swaps and a tenth as many acts, and both ends were seen. */
async function repeat(isShort: () => boolean, act: (n: number) => Promise<void>): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (let n = 0; Date.now() < end && (n < SWAPS / 10 || (swapper?.swaps() ?? 0) < SWAPS || isShort()); n += 1) {
    await act(n);
  }
}

describe('the file that was shown is swapped with another', () => {
  test.each(OTHERS)(
    '%s is not deleted, and neither is lost',
    async (_what, makeOther) => {
      swapper = startSwapper(stage.at('live'), stage.at('aside'));
      const outside = snapshot(stage.outside);
      const seen = { done: 0, kept: 0, wrong: 0 };
      await repeat(
        () => seen.done === 0 || seen.kept === 0,
        async (n) => {
          putFresh(makeOther);
          const id = n.toString(16).padStart(16, '0');
          const opened = await stage.changes.openDeletion(id, [{ path: 'live', ...SHOWN }]);
          expect(opened.kind).toBe('ok');
          const ended = await stage.changes.trash(id, 0, { path: 'live', ...SHOWN });
          const deletion = stage.at(`.countersign-trash/${id}`);
          const inTrash = readdirSync(deletion).filter((name) => name !== 'manifest.json');
          if (ended.kind === 'done') {
            seen.done += 1;
            if (inTrash.join() !== '0' || !isShown(join(deletion, '0'))) seen.wrong += 1;
          } else {
            seen.kept += 1;
            // The swapper may have one of the names in hand: what counts is that nothing stayed in the trash.
            if (inTrash.length > 0) seen.wrong += 1;
          }
          rmSync(deletion, { recursive: true });
        },
      );
      expect({ ...seen, done: seen.done > 0, kept: seen.kept > 0 }).toEqual({ done: true, kept: true, wrong: 0 });
      expect(snapshot(stage.outside)).toBe(outside);
    },
    LIMIT_MS + 30_000,
  );

  test.each(OTHERS)(
    '%s is not moved under its new name',
    async (_what, makeOther) => {
      swapper = startSwapper(stage.at('live'), stage.at('aside'));
      const outside = snapshot(stage.outside);
      const seen = { done: 0, kept: 0, wrong: 0, naiveWrong: 0 };
      await repeat(
        () => seen.done === 0 || seen.kept === 0 || seen.naiveWrong === 0,
        async (n) => {
          putFresh(makeOther);
          const ended = await stage.changes.move({ path: 'live', ...SHOWN, to: `to-${n}` });
          if (ended.kind === 'done') {
            seen.done += 1;
            if (!isShown(stage.at(`to-${n}`))) seen.wrong += 1;
            rmSync(stage.at(`to-${n}`));
          } else {
            seen.kept += 1;
            if (readdirSync(stage.root).some((name) => /^(?:to-|\.countersign-)/.test(name) && !name.endsWith('trash')))
              seen.wrong += 1;
          }
          putFresh(makeOther);
          if (await naiveMoved(stage.at('live'), stage.at('naive')))
            seen.naiveWrong += isShown(stage.at('naive')) ? 0 : 1;
          rmSync(stage.at('naive'), { force: true });
        },
      );
      expect({ wrong: seen.wrong, isProven: seen.done > 0 && seen.kept > 0 && seen.naiveWrong > 0 }).toEqual({
        wrong: 0,
        isProven: true,
      });
      expect(snapshot(stage.outside)).toBe(outside);
    },
    LIMIT_MS + 30_000,
  );

  test(
    'a link to the outside is neither read nor written through',
    async () => {
      swapper = startSwapper(stage.at('live'), stage.at('aside'));
      const outside = snapshot(stage.outside);
      const seen = { read: 0, written: 0, refused: 0, wrong: 0, naiveLeaks: 0 };
      const after = stage.changes.contentOf(Buffer.from('fresh'));
      await repeat(
        () => seen.read === 0 || seen.written === 0 || seen.refused === 0 || seen.naiveLeaks === 0,
        async () => {
          putFresh((path) => symlinkSync(join(stage.outside, 'secret.txt'), path));
          const read = await stage.files.read('live', 100);
          if (read.kind !== 'ok') seen.refused += 1;
          else if (Buffer.from(read.file.bytes).toString() === 'shown') seen.read += 1;
          else seen.wrong += 1;
          // Swapped right after the rename it cannot say what the name stands for: then the outcome is unknown.
          const written = await stage.changes
            .write({ path: 'live', before: SHOWN, after })
            .catch(() => ({ kind: 'unknown' }));
          if (written.kind === 'done') seen.written += 1;
          if (await naiveLeaks(stage.at('live'))) seen.naiveLeaks += 1;
        },
      );
      expect({ wrong: seen.wrong, isProven: seen.written > 0 && seen.naiveLeaks > 0 }).toEqual({
        wrong: 0,
        isProven: true,
      });
      expect(snapshot(stage.outside)).toBe(outside);
    },
    LIMIT_MS + 30_000,
  );
});

function isShown(path: string): boolean {
  return lstatSync(path).isFile() && readFileSync(path, 'utf8') === 'shown';
}

/** lstat, hash, compare, then rename by name. */
async function naiveMoved(from: string, to: string): Promise<boolean> {
  try {
    if (!lstatSync(from).isFile()) return false;
    const hash = createHash('sha256')
      .update(await readBytes(from, { flag: NEVER_WAITS }))
      .digest('hex');
    if (hash !== SHOWN.sha256) return false;
    await rename(from, to);
    return true;
  } catch {
    return false;
  }
}

/** lstat, then read by name. */
async function naiveLeaks(path: string): Promise<boolean> {
  try {
    return lstatSync(path).isFile() && (await readBytes(path, 'utf8')) === SECRET;
  } catch {
    return false;
  }
}
