/** What a deletion's place in the trash says of itself: written and synced before the first file goes there. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { isRecord, own, ownString } from '../../domain/json.ts';
import type { KnownFile } from '../../tools/ports/workspace-changes.ts';
import { openIn, openRegular, syncFolder } from './descriptor-walk.ts';
import { readOpened } from './read-whole.ts';
import { Refusal } from './refusal.ts';

export const MANIFEST = 'manifest.json';
const MAX_BYTES = 1024 * 1024;
const { O_WRONLY, O_CREAT, O_EXCL } = constants;

export interface Manifest {
  /** ISO 8601. */
  readonly at: string;
  /** From then on it may be forgotten, ISO 8601. */
  readonly until: string;
  /** The file at index n is called n. */
  readonly files: readonly KnownFile[];
}

export async function writeManifest(folder: FileHandle, { at, until, files }: Manifest): Promise<void> {
  const known = files.map(({ path, size, sha256 }) => ({ path, size, sha256 }));
  const file = await openIn(folder, MANIFEST, O_WRONLY | O_CREAT | O_EXCL);
  try {
    await file.writeFile(`${JSON.stringify({ version: 1, at, until, files: known }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

/** Undefined of what is none: a worker may have been killed before it was written. */
export async function readManifest(folder: FileHandle): Promise<Manifest | undefined> {
  try {
    const file = await openRegular(folder, MANIFEST);
    try {
      const { bytes } = await readOpened(file, MANIFEST, MAX_BYTES);
      return manifestOf(JSON.parse(Buffer.from(bytes).toString('utf8')));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Refusal || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function manifestOf(json: unknown): Manifest | undefined {
  const [at, until, files] = [ownString(json, 'at'), ownString(json, 'until'), own(json, 'files')];
  if (own(json, 'version') !== 1 || at === undefined || until === undefined || !Array.isArray(files)) return undefined;
  if (Number.isNaN(Date.parse(at)) || Number.isNaN(Date.parse(until))) return undefined;
  const known = files.map(knownFileOf);
  return known.every((file) => file !== undefined) ? { at, until, files: known } : undefined;
}

function knownFileOf(json: unknown): KnownFile | undefined {
  const [path, sha256] = [ownString(json, 'path'), ownString(json, 'sha256')];
  const size = isRecord(json) ? own(json, 'size') : undefined;
  return path === undefined || sha256 === undefined || typeof size !== 'number' ? undefined : { path, size, sha256 };
}
