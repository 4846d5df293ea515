/**
 * A file written whole: the old one or the new one, never half, whenever the worker is killed.
 *
 * 1. No existing file is opened for writing. The bytes go to a new file beside (O_EXCL, O_NOFOLLOW), are synced, and take
 *    the name in one step: link(2) where nothing may be there, rename(2) over the file that was prepared.
 * 2. Right before that step the target is opened and hashed again. What remains: in the microseconds between that look and
 *    the rename, another local process can put a different file there, which is then replaced.
 * 3. Permission bits are kept, set-id bits are not. Until all is written nobody else can read the new file.
 */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, rename } from 'node:fs/promises';
import type { Change, PlannedWrite } from '../../tools/ports/workspace-changes.ts';
import { identityIn, isSameFile, openFile, openIn, syncFolder, within } from './descriptor-walk.ts';
import { fingerprintOf, isSameContent } from './read-whole.ts';
import { Refusal, changeRefusal, codeOf, linkRefusal } from './refusal.ts';
import { temporaryName, unlinkIfThere } from './temporary-files.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NONBLOCK } = constants;

export async function writeFileIn(folder: FileHandle, name: string, write: PlannedWrite): Promise<Change> {
  const before = await modeNow(folder, name, write);
  if (before.kind === 'changed') return before;
  const temporary = temporaryName();
  const file = await createFile(folder, temporary, name);
  try {
    await fill(file, write.after.bytes, before.mode, name);
    const still = await modeNow(folder, name, write);
    if (still.kind === 'changed') return still;
    if (write.before === null) await putNew(folder, temporary, name);
    else await putOver(folder, temporary, name);
    await assertPut(folder, name, file);
  } finally {
    await file.close();
    await unlinkIfThere(folder, temporary);
  }
  await syncFolder(folder);
  return { kind: 'done' };
}

type Before = { readonly kind: 'as prepared'; readonly mode: number | null } | (Change & { readonly kind: 'changed' });

/** The permission bits of the file to be replaced, if it is the one that was prepared. */
async function modeNow(folder: FileHandle, name: string, { before }: PlannedWrite): Promise<Before> {
  if (before === null) {
    if ((await identityIn(folder, name)) === undefined) return { kind: 'as prepared', mode: null };
    return { kind: 'changed', why: 'something of this name has come into being, and it is not overwritten' };
  }
  const file = await openFile(folder, name);
  try {
    const now = await fingerprintOf(file, name, before.size + 1);
    if (!isSameContent(now, before)) return { kind: 'changed', why: 'its content has changed since it was looked at' };
    const stat = await file.stat({ bigint: true });
    const named = await identityIn(folder, name);
    if (named === undefined || !isSameFile(named, stat) || named.mtimeNs !== stat.mtimeNs) {
      return { kind: 'changed', why: 'it was changed or replaced while it was looked at' };
    }
    return { kind: 'as prepared', mode: Number(stat.mode) & 0o777 };
  } finally {
    await file.close();
  }
}

async function createFile(folder: FileHandle, temporary: string, name: string): Promise<FileHandle> {
  try {
    return await openIn(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NONBLOCK);
  } catch (error) {
    throw changeRefusal(error, `"${name}" could not be written`);
  }
}

async function fill(file: FileHandle, bytes: Uint8Array, mode: number | null, name: string): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.chmod(mode ?? 0o666 & ~process.umask());
    await file.sync();
  } catch (error) {
    // Nothing has taken the name yet: whatever failed, the file is what it was.
    throw new Refusal('unfit', `"${name}" could not be written (${codeOf(error) ?? 'no code'})`);
  }
}

async function putNew(folder: FileHandle, temporary: string, name: string): Promise<void> {
  try {
    await link(within(folder, temporary), within(folder, name));
  } catch (error) {
    throw linkRefusal(error, `"${name}" could not be made`);
  }
}

async function putOver(folder: FileHandle, temporary: string, name: string): Promise<void> {
  try {
    await rename(within(folder, temporary), within(folder, name));
  } catch (error) {
    throw changeRefusal(error, `"${name}" could not be replaced`);
  }
}

/** Throws where the name does not stand for what was written: then it is not known what became of it. */
async function assertPut(folder: FileHandle, name: string, file: FileHandle): Promise<void> {
  const named = await identityIn(folder, name);
  if (named === undefined || !isSameFile(named, await file.stat({ bigint: true }))) {
    throw new Error('another process interfered: the file has another content than what was written');
  }
}
