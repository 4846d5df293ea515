/** A regular file, read through one descriptor and hashed: what is told, shown and compared are the same bytes. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { FileContent } from '../../tools/ports/workspace-files.ts';
import { openFile } from './descriptor-walk.ts';
import { Refusal } from './refusal.ts';

const CHUNK = 256 * 1024;
const SMALL = 4096;

export async function readWhole(folder: FileHandle, name: string, maxBytes: number): Promise<FileContent> {
  const file = await openFile(folder, name);
  try {
    return { ...(await readOpened(file, name, maxBytes)), executable: await isExecutable(file) };
  } finally {
    await file.close();
  }
}

export async function isExecutable(file: FileHandle): Promise<boolean> {
  return ((await file.stat()).mode & 0o111) !== 0;
}

/** From the beginning of a file that was just opened. */
export async function readOpened(file: FileHandle, name: string, maxBytes: number): Promise<FileContent> {
  const chunks: Uint8Array[] = [];
  const { sha256, size } = await eachChunk(file, name, maxBytes, (chunk) => chunks.push(chunk));
  return { bytes: Buffer.concat(chunks), sha256, size };
}

export interface Fingerprint {
  readonly sha256: string;
  readonly size: number;
}

/** Hashes a file without keeping more of it than its first `headBytes`. */
export async function fingerprintOf(
  file: FileHandle,
  name: string,
  maxBytes: number,
  headBytes = 0,
): Promise<Fingerprint & { readonly head: Uint8Array }> {
  let head = Buffer.alloc(0);
  const fingerprint = await eachChunk(file, name, maxBytes, (chunk) => {
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
  });
  return { ...fingerprint, head };
}

export function isSameContent(one: Fingerprint, other: Fingerprint): boolean {
  return one.sha256 === other.sha256 && one.size === other.size;
}

/** A file may grow while it is read, or lie about its size: one byte more than allowed is too much. */
async function eachChunk(
  file: FileHandle,
  name: string,
  maxBytes: number,
  take: (chunk: Uint8Array) => void,
): Promise<Fingerprint> {
  const stat = await file.stat();
  if (stat.size > maxBytes) {
    throw new Refusal('unfit', `"${name}" has ${stat.size} bytes; at most ${maxBytes} are taken`);
  }
  const hash = createHash('sha256');
  for (let size = 0; ;) {
    const chunk = Buffer.alloc(Math.min(CHUNK, maxBytes + 1 - size, Math.max(stat.size + 1 - size, SMALL)));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, size);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size };
    size += bytesRead;
    if (size > maxBytes) throw new Refusal('unfit', `the file has more than ${maxBytes} bytes`);
    const bytes = chunk.subarray(0, bytesRead);
    hash.update(bytes);
    take(bytes);
  }
}
