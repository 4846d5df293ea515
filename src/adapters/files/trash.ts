/**
 * The trash: `.countersign-trash` at the root of the workspace, one folder a deletion.
 *
 * 1. It is opened like everything else, following no link, and only if it is this user's own; its mode is 0700.
 * 2. No path of the agent leads here (descriptor-walk.ts).
 * 3. A deletion's folder is made anew or not at all, so nothing in it is ever overwritten.
 * 4. What has expired goes at the start of a worker and at each deletion; nothing but what deletions put there is removed.
 */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { identityIn, openIn, openRoot, syncFolder, within } from './descriptor-walk.ts';
import { removeFolderIfEmpty } from './hard-moves.ts';
import { namesIn } from './list-entries.ts';
import { Refusal, changeRefusal, codeOf } from './refusal.ts';
import { TRASH } from './reserved-names.ts';
import { unlinkIfThere } from './temporary-files.ts';
import { MANIFEST, readManifest } from './trash-manifest.ts';

const { O_RDONLY, O_DIRECTORY } = constants;
const ID = /^[0-9a-f]{16}$/;
const CONTENT = /^(?:0|[1-9][0-9]{0,3})$/;
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Opens the trash; makes it where it is missing and `make` says so, else undefined. */
export async function inTrash<T>(
  root: string,
  make: boolean,
  use: (trash: FileHandle) => Promise<T>,
): Promise<T | undefined> {
  const top = await openRoot(root);
  try {
    if (make) await makePrivateFolder(top, TRASH);
    else if ((await identityIn(top, TRASH)) === undefined) return undefined;
    return await inOwnFolder(top, TRASH, use);
  } finally {
    await top.close();
  }
}

async function makePrivateFolder(parent: FileHandle, name: string): Promise<void> {
  try {
    await mkdir(within(parent, name), 0o700);
    await syncFolder(parent);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw changeRefusal(error, 'the trash could not be made');
  }
}

/** Closes what it opens. Refused: a link, no folder, somebody else's. */
async function inOwnFolder<T>(parent: FileHandle, name: string, use: (folder: FileHandle) => Promise<T>): Promise<T> {
  const folder = await openIn(parent, name, O_RDONLY | O_DIRECTORY);
  try {
    const stat = await folder.stat();
    if (stat.uid !== process.geteuid?.()) {
      throw new Refusal('refused', `"${name}" belongs to another user, so it is not used as the trash`);
    }
    if ((stat.mode & 0o777) !== 0o700) await folder.chmod(0o700);
    return await use(folder);
  } finally {
    await folder.close();
  }
}

/** Makes a deletion's folder. Refused where there is one already. */
export async function makeDeletion(trash: FileHandle, id: string): Promise<void> {
  try {
    await mkdir(within(trash, id), 0o700);
    await syncFolder(trash);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new Refusal('unfit', `there is a deletion ${id} already`);
    throw changeRefusal(error, 'there is no place in the trash');
  }
}

export async function inDeletion<T>(
  trash: FileHandle | undefined,
  id: string,
  use: (folder: FileHandle) => Promise<T>,
): Promise<T> {
  if (trash === undefined || !ID.test(id) || (await identityIn(trash, id)) === undefined) throw unknownDeletion(id);
  return inOwnFolder(trash, id, use);
}

export function unknownDeletion(id: string): Refusal {
  return new Refusal('missing', `there is no deletion ${id} in the trash: it never was, was restored or has expired`);
}

/** Removes the folder of a deletion that holds nothing any more. */
export async function dropIfEmpty(trash: FileHandle, id: string): Promise<void> {
  const isEmpty = await inDeletion(trash, id, async (folder) => {
    const { names } = await namesIn(folder, 2);
    const onlyManifest = names.every((name) => name.toString() === MANIFEST);
    if (onlyManifest) await unlinkIfThere(folder, MANIFEST);
    return onlyManifest;
  });
  if (isEmpty) await removeFolderIfEmpty(trash, id);
}

/** Forgets what has expired; a deletion without a readable manifest, `days` after its folder last changed. */
export async function sweepTrash(root: string, now: Date, days: number): Promise<void> {
  await inTrash(root, false, async (trash) => {
    const { names } = await namesIn(trash, 10_000);
    for (const id of names.map(String).filter((name) => ID.test(name))) {
      await forgetIfExpired(trash, id, now, days).catch((error: unknown) => {
        // One that resists must not keep the others: it stays, and is tried again.
        if (!(error instanceof Refusal) && codeOf(error) === undefined) throw error;
      });
    }
  });
}

async function forgetIfExpired(trash: FileHandle, id: string, now: Date, days: number): Promise<void> {
  const isExpired = await inDeletion(trash, id, async (folder) => {
    const until = Date.parse((await readManifest(folder))?.until ?? '');
    const end = Number.isNaN(until) ? (await folder.stat()).mtimeMs + days * DAY_MS : until;
    if (end > now.getTime()) return false;
    const { names } = await namesIn(folder, 10_000);
    for (const name of names.map(String).filter((each) => CONTENT.test(each))) await unlinkIfThere(folder, name);
    await unlinkIfThere(folder, MANIFEST);
    return true;
  });
  if (isExpired) await removeFolderIfEmpty(trash, id);
}
