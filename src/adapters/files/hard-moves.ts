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

/** `agents`: whether the old name is the agent's; one in the trash is nobody else's, and simply goes. */
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
    if (!(await isStill(to, file))) {
      await takeBack(to);
      return { kind: 'changed', why: 'it was replaced while it was looked at' };
    }
    await syncFolder(to.folder);
    if (owner === 'trash') await unlinkIfThere(from.folder, from.name);
    else await removeName(from, file);
    await syncFolder(from.folder);
    return { kind: 'done' };
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

async function isStill({ folder, name }: Place, file: FileHandle): Promise<boolean> {
  const named = await identityIn(folder, name);
  return named !== undefined && isSameFile(named, await file.stat({ bigint: true }));
}

/** Undoes a link that took up another file: only while it has another name, wherever that is, so nothing gets lost. */
async function takeBack({ folder, name }: Place): Promise<void> {
  const linked = await identityIn(folder, name);
  if (linked !== undefined && linked.nlink > 1n) await unlinkIfThere(folder, name);
}

/** Takes the old name away, holding it aside first: what was swapped in meanwhile gets its name back. */
async function removeName({ folder, name }: Place, file: FileHandle): Promise<void> {
  const held = heldName();
  try {
    await rename(within(folder, name), within(folder, held));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (await isStill({ folder, name: held }, file)) await unlinkIfThere(folder, held);
  else await putBack({ folder, name: held }, { folder, name });
}

/** Gives a name back to whatever was taken. Throws where the name is taken by now: the caller knows where it stays. */
export async function putBack(from: Place, to: Place): Promise<void> {
  const [source, target] = [within(from.folder, from.name), within(to.folder, to.name)];
  const stat = await lstat(source);
  if (stat.isDirectory()) {
    // A folder has no second name. rename(2) replaces at most an empty folder, and that is looked for first.
    if ((await identityIn(to.folder, to.name)) !== undefined) throw new Refusal('unfit', 'its name is taken');
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
