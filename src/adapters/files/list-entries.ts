/** One folder’s entries by its descriptor: names as bytes, kinds by lstat, no recursion, no link followed. */
import type { FileHandle } from 'node:fs/promises';
import { lstat, opendir } from 'node:fs/promises';
import type { FileEntry } from '../../tools/ports/workspace-files.ts';
import { within } from './descriptor-walk.ts';
import { Refusal } from './refusal.ts';
import { isReserved } from './reserved-names.ts';

const MAX_ENTRIES = 1000;

/** Sorted by name, without reserved ones. Refuses a folder of more than 1,000 entries after having read that many. */
export async function listEntries(folder: FileHandle): Promise<readonly FileEntry[]> {
  const { names, more } = await namesIn(folder, MAX_ENTRIES);
  if (more) throw new Refusal('unfit', `the folder has more than ${MAX_ENTRIES} entries`);
  const entries = await Promise.all(names.map((name) => entryOf(folder, name)));
  return entries.filter((entry) => entry !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Up to `max` names as bytes, reserved ones left out, and whether there are more. */
export async function namesIn(
  folder: FileHandle,
  max: number,
): Promise<{ readonly names: readonly Buffer[]; readonly more: boolean }> {
  const names: Buffer[] = [];
  // Latin-1 keeps each byte of a name; iterating closes the folder, also when it is left early.
  for await (const { name } of await opendir(within(folder, '.'), { encoding: 'latin1', bufferSize: 256 })) {
    const bytes = Buffer.from(name, 'latin1');
    if (isReserved(bytes.toString('utf8'))) continue;
    if (names.length === max) return { names, more: true };
    names.push(bytes);
  }
  return { names, more: false };
}

async function entryOf(folder: FileHandle, name: Buffer): Promise<FileEntry | undefined> {
  try {
    const stat = await lstat(Buffer.concat([Buffer.from(within(folder, '')), name]));
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    return { name: name.toString('utf8'), kind, size: kind === 'file' ? stat.size : 0 };
  } catch {
    // Gone since it was listed.
    return undefined;
  }
}
