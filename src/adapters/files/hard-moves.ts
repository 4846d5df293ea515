/**
 * Names moved without ever overwriting: link(2) fails where anything is, rename(2) does not. Between two names of one
 * file nothing can get lost, so the order is always: the new name first, then a check that it stands for the file that
 * was hashed, then the old name away. On a file system without hard links this is refused.
 */
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, rename, rmdir, unlink } from 'node:fs/promises';
import type { Change, KnownFile } from '../../tools/ports/workspace-changes.ts';
import { assertSegment, identityIn, isSameFile, openFile, openRegular, syncFolder, within } from './descriptor-walk.ts';
import { fingerprintOf, isSameContent } from './read-whole.ts';
import { Refusal, changeRefusal, codeOf, linkRefusal } from './refusal.ts';
import { heldName, unlinkIfThere } from './temporary-files.ts';

/** Larger files can be neither deleted, moved nor restored. */
export const MAX_MOVED_BYTES = 64 * 1024 * 1024;

export interface Place {
  readonly folder: FileHandle;
  readonly name: string;
}

const SWAPPED = 'it was replaced while it was looked at';
const TAKEN = 'another process moved, linked or replaced it meanwhile';

/** `owner`: whether the old name is the agent's; one in the trash is nobody else's, and simply goes. */
export async function moveLinked(
  from: Place,
  to: Place,
  known: Pick<KnownFile, 'size' | 'sha256'>,
  owner: 'agent' | 'trash',
): Promise<Change> {
  assertSegment(to.name);
  const file = await (owner === 'agent' ? openFile : openRegular)(from.folder, from.name);
  try {
    const now = await fingerprintOf(file, from.name, MAX_MOVED_BYTES);
    if (!isSameContent(now, known)) return { kind: 'changed', why: 'its content has changed since it was looked at' };
    await linkOnly(from, to);
    return await afterLink(from, to, file, owner).catch(() => ({
      kind: 'unknown' as const,
      why: 'the disk gave no clear answer; look for it under its old and its new name',
    }));
  } finally {
    await file.close();
  }
}

async function linkOnly(from: Place, to: Place): Promise<void> {
  try {
    await link(within(from.folder, from.name), within(to.folder, to.name));
  } catch (error) {
    throw linkRefusal(error, `"${to.name}" could not be made`);
  }
}

/** There are two names now: whatever goes wrong from here on is no refusal, unless the new one is gone again. */
async function afterLink(from: Place, to: Place, file: FileHandle, owner: 'agent' | 'trash'): Promise<Change> {
  if (!(await isStill(to, file))) return undo(to, file, SWAPPED);
  await syncFolder(to.folder);
  const change = owner === 'agent' ? await claimOldName(from, to, file) : await leaveTrash(from);
  await syncFolder(from.folder);
  return change;
}

async function leaveTrash({ folder, name }: Place): Promise<Change> {
  await unlinkIfThere(folder, name);
  return { kind: 'done' };
}

async function isStill({ folder, name }: Place, file: FileHandle): Promise<boolean> {
  const named = await identityIn(folder, name);
  return named !== undefined && isSameFile(named, await file.stat({ bigint: true }));
}

/** Undoes a link: only while what it took up has another name, wherever that is, so nothing gets lost. */
async function undo(to: Place, file: FileHandle, why: string): Promise<Change> {
  const linked = await identityIn(to.folder, to.name);
  if (linked?.nlink === 1n) {
    if (await isStill(to, file)) return { kind: 'done' };
    return { kind: 'unknown', why: `something else was put in its place meanwhile, and lies at "${to.name}" now` };
  }
  if (linked !== undefined) await unlinkIfThere(to.folder, to.name);
  await syncFolder(to.folder);
  return { kind: 'changed', why };
}

/**
 * Takes the old name away by renaming it aside. Of several workers that move one file only one can: the others find the
 * name gone and undo their links, while the new name that is not undone keeps the file. What was swapped in meanwhile
 * gets its name back.
 */
async function claimOldName(from: Place, to: Place, file: FileHandle): Promise<Change> {
  const { nlink } = await file.stat({ bigint: true });
  if (nlink !== 2n || !(await isStill(from, file))) return undo(to, file, TAKEN);
  const held = { folder: from.folder, name: heldName() };
  try {
    await rename(within(from.folder, from.name), within(held.folder, held.name));
  } catch (error) {
    return undoRefused(error, from, to, file);
  }
  if (await isStill(held, file)) {
    await unlinkIfThere(held.folder, held.name);
    return { kind: 'done' };
  }
  try {
    await putBack(held, from);
  } catch {
    return { kind: 'unknown', why: `something else was put in its place meanwhile, and lies beside as "${held.name}"` };
  }
  return undo(to, file, SWAPPED);
}

/** The old name stays what it is, or is gone already: the new one goes again. */
async function undoRefused(error: unknown, from: Place, to: Place, file: FileHandle): Promise<Change> {
  if (codeOf(error) === 'ENOENT') return undo(to, file, TAKEN);
  const refusal = changeRefusal(error, `"${from.name}" could not be taken away`);
  if (!(refusal instanceof Refusal)) throw error;
  const undone = await undo(to, file, TAKEN);
  return undone.kind === 'changed' ? refusal.refusal : undone;
}

/**
 * Gives a name back to whatever was taken. Throws where the name is taken by now, and never a refusal, for something has
 * happened by then: the caller knows where it stays.
 */
export async function putBack(from: Place, to: Place): Promise<void> {
  const [source, target] = [within(from.folder, from.name), within(to.folder, to.name)];
  const stat = await lstat(source);
  if (stat.isDirectory()) {
    // A folder has no second name. rename(2) replaces at most an empty folder, and that is looked for first.
    if ((await identityIn(to.folder, to.name)) !== undefined) throw new Error('its name is taken');
    await rename(source, target);
    return;
  }
  await link(source, target);
  await unlink(source);
}

/** Into the trash, or anywhere where nothing can be: the target's folder is new and nobody else's. */
export async function renameInto(from: Place, to: Place): Promise<void> {
  try {
    await rename(within(from.folder, from.name), within(to.folder, to.name));
  } catch (error) {
    throw changeRefusal(error, `"${from.name}" could not be deleted`);
  }
}

export async function removeFolderIfEmpty(folder: FileHandle, name: string): Promise<void> {
  try {
    await rmdir(within(folder, name));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
  }
}
