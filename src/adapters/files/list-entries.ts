/** One folder’s entries by its descriptor: names as bytes, kinds by lstat, no recursion, no link followed. */
import type { FileHandle } from 'node:fs/promises';
import { lstat, opendir } from 'node:fs/promises';
import type { FileEntry } from '../../tools/ports/workspace-files.ts';
import { Refusal, within } from './descriptor-walk.ts';

const MAX_ENTRIES = 1000;

/** Sorted by name. Refuses a folder of more than 1,000 entries after having read that many. */
export async function listEntries(folder: FileHandle): Promise<readonly FileEntry[]> {
  const entries = await Promise.all((await namesIn(folder)).map((name) => entryOf(folder, name)));
  return entries.filter((entry) => entry !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function namesIn(folder: FileHandle): Promise<readonly Buffer[]> {
  const names: Buffer[] = [];
  // Latin-1 keeps each byte of a name; iterating closes the folder, also when it is left early.
  for await (const { name } of await opendir(within(folder, '.'), { encoding: 'latin1' })) {
    names.push(Buffer.from(name, 'latin1'));
    if (names.length > MAX_ENTRIES) throw new Refusal('unfit', `the folder has more than ${MAX_ENTRIES} entries`);
  }
  return names;
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
