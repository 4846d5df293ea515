/**
 * Deletion in two steps: what a person is shown, and the deletion of just that.
 *
 * Right before the unlink the file is opened again, hashed and compared, and its name must still stand for the file
 * that was hashed, unwritten since. What remains: between that last look and the unlink (microseconds, not the time of
 * the reading) another local process can rename a different file onto the name, or write into this one, and that is
 * deleted; and the folder, held by its descriptor, may be moved elsewhere meanwhile. There is no way back from a
 * deletion (no trash).
 */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, unlink } from 'node:fs/promises';
import { decodeText } from '../../domain/decode-text.ts';
import type { DeletedFile, DoomedFile } from '../../tools/ports/workspace-files.ts';
import { Refusal, codeOf, openFile, within } from './descriptor-walk.ts';
import { readOpened, readWhole } from './read-whole.ts';

/** Larger files the agent can neither read nor delete. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const HEAD_LINES = 10;
const HEAD_CHARACTERS = 800;

export async function inspectFile(folder: FileHandle, name: string, path: string): Promise<DoomedFile> {
  const { bytes, sha256, size } = await readWhole(folder, name, MAX_FILE_BYTES);
  return { path, size, sha256, head: headOf(bytes) };
}

/** The beginning of a text, or '' of what is not text. */
function headOf(bytes: Uint8Array): string {
  const lines = (decodeText(bytes) ?? '').split(/(?<=\n)/);
  return lines.slice(0, HEAD_LINES).join('').slice(0, HEAD_CHARACTERS).toWellFormed();
}

export async function removeFile(folder: FileHandle, name: string, doomed: DoomedFile): Promise<DeletedFile> {
  const changed = (why: string): DeletedFile => ({ kind: 'changed', path: doomed.path, why });
  const file = await openFile(folder, name);
  try {
    const before = await file.stat({ bigint: true });
    const now = await readOpened(file, name, MAX_FILE_BYTES);
    if (now.sha256 !== doomed.sha256 || now.size !== doomed.size)
      return changed('its content has changed since it was looked at');
    const after = await file.stat({ bigint: true });
    const named = await lstat(within(folder, name), { bigint: true }).catch(() => undefined);
    if (named === undefined || !isSame(before, after) || !isSame(after, named))
      return changed('it was changed or replaced while it was looked at');
    await unlinkFile(folder, name);
    return { kind: 'deleted', path: doomed.path };
  } finally {
    await file.close();
  }
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return (
    one.dev === other.dev &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs
  );
}

const NOT_DELETED = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EISDIR', 'ENOENT']);

/** Throws only where it is not known whether the file is gone. */
async function unlinkFile(folder: FileHandle, name: string): Promise<void> {
  try {
    await unlink(within(folder, name));
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined && NOT_DELETED.has(code))
      throw new Refusal('unfit', `"${name}" could not be deleted (${code})`);
    throw error;
  }
}
