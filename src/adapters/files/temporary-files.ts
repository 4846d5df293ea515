/** Names that live for a moment, and the removal of those that a killed worker left behind. */
import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { opendir, unlink } from 'node:fs/promises';
import { identityIn, inFolder, openFolder, within } from './descriptor-walk.ts';
import { Refusal, codeOf } from './refusal.ts';
import { HELD, TEMPORARY } from './reserved-names.ts';

/** What is deeper or beyond is found by no sweep; it stays hidden. */
const LIMITS = { depth: 64, entries: 500_000 };
const OURS = /^\.countersign-(?:tmp|held)-[0-9a-f]{24}$/;

export function temporaryName(): string {
  return `${TEMPORARY}${randomBytes(12).toString('hex')}`;
}

export function heldName(): string {
  return `${HELD}${randomBytes(12).toString('hex')}`;
}

export async function unlinkIfThere(folder: FileHandle, name: string): Promise<void> {
  try {
    await unlink(within(folder, name));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** No change takes that long: what is older has no living writer, in whatever process. */
export const LEFT_OVER_MS = 15 * 60 * 1000;

/** Removes what killed writers left, `olderThanMs` ago at least, and nothing of a writer that may still live. */
export async function sweepTemporaries(root: string, olderThanMs: number): Promise<number> {
  const before = Date.now() - olderThanMs;
  let [entries, removed] = [0, 0];
  const sweepFolder = async (folder: FileHandle, depth: number): Promise<void> => {
    const folders: string[] = [];
    for await (const entry of await opendir(within(folder, '.'), { bufferSize: 256 })) {
      if ((entries += 1) > LIMITS.entries) return;
      if (OURS.test(entry.name) && (await isLeftOver(folder, entry.name, before))) {
        await unlinkIfThere(folder, entry.name);
        removed += 1;
      }
      if (entry.isDirectory() && depth < LIMITS.depth) folders.push(entry.name);
    }
    for (const name of folders) await sweepBeneath(folder, name, depth);
  };
  const sweepBeneath = async (folder: FileHandle, name: string, depth: number): Promise<void> => {
    const next = await openFolder(folder, name, undefined).catch((error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    });
    if (next === undefined) return;
    try {
      await sweepFolder(next, depth + 1);
    } finally {
      await next.close();
    }
  };
  await inFolder(root, [], (top) => sweepFolder(top, 0));
  return removed;
}

/** A held file that has no other name is somebody's only copy, whatever brought it there. */
async function isLeftOver(folder: FileHandle, name: string, before: number): Promise<boolean> {
  const stat = await identityIn(folder, name);
  // The time of the inode: a held file keeps the time that its content has.
  if (stat?.isFile() !== true || Number(stat.ctimeMs) > before) return false;
  return name.startsWith(TEMPORARY) || stat.nlink > 1n;
}
