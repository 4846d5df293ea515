/**
 * Deletion as a move into the trash, and the look there that decides.
 *
 * A file is compared before it is moved, and again where it lies then, where no path of the agent leads: what is in the
 * trash is what was shown, or it gets its name back. So whatever another process puts under the name in between, a link,
 * a FIFO or other content, is not deleted. What remains: who has the file open for writing can write to it in the trash,
 * and the folder, held by its descriptor, may be moved elsewhere meanwhile.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Change, KnownFile } from '../../tools/ports/workspace-changes.ts';
import type { Place } from './hard-moves.ts';
import { MAX_MOVED_BYTES, putBack, renameInto } from './hard-moves.ts';
import { openFile, openRegular, syncFolder } from './descriptor-walk.ts';
import { fingerprintOf, isSameContent } from './read-whole.ts';
import { Refusal } from './refusal.ts';

const CHANGED: Change = { kind: 'changed', why: 'its content has changed since it was looked at' };

/** `unknown` where something else was taken, and could not get its name back: it is kept in the trash. */
export async function trashFile(from: Place, to: Place, known: KnownFile): Promise<Change> {
  if (!(await holds(await openFile(from.folder, from.name), from.name, known))) return CHANGED;
  await renameInto(from, to);
  const wrong = await wrongInTrash(to, known);
  const end = wrong === null ? { kind: 'done' as const } : await giveBack(to, from, wrong);
  await syncFolder(to.folder);
  await syncFolder(from.folder);
  return end;
}

async function giveBack(inTrash: Place, to: Place, wrong: Change): Promise<Change> {
  try {
    await putBack(inTrash, to);
    return wrong;
  } catch {
    const why = 'something else was put in its place meanwhile; that lies in the trash now';
    return { kind: 'unknown', why: `${why} as "${inTrash.name}", for its name could not be given back` };
  }
}

async function wrongInTrash({ folder, name }: Place, known: KnownFile): Promise<Change | null> {
  try {
    return (await holds(await openRegular(folder, name), name, known)) ? null : CHANGED;
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'changed', why: 'it was replaced by something else meanwhile' };
    throw error;
  }
}

async function holds(file: FileHandle, name: string, known: KnownFile): Promise<boolean> {
  try {
    return isSameContent(await fingerprintOf(file, name, MAX_MOVED_BYTES), known);
  } finally {
    await file.close();
  }
}
