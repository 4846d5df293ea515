/** A regular file, read whole through one descriptor and hashed: what is told, shown and compared are the same bytes. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { FileContent } from '../../tools/ports/workspace-files.ts';
import { Refusal, openFile } from './descriptor-walk.ts';

export async function readWhole(folder: FileHandle, name: string, maxBytes: number): Promise<FileContent> {
  const file = await openFile(folder, name);
  try {
    return await readOpened(file, name, maxBytes);
  } finally {
    await file.close();
  }
}

/** From the beginning of a file that was just opened. */
export async function readOpened(file: FileHandle, name: string, maxBytes: number): Promise<FileContent> {
  const { size } = await file.stat();
  if (size > maxBytes) throw new Refusal('unfit', `"${name}" has ${size} bytes; at most ${maxBytes} can be read`);
  const bytes = await readUpTo(file, maxBytes);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** A file may grow while it is read: one byte more than allowed is too much. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(Math.min(65_536, maxBytes + 1 - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    total += bytesRead;
    if (total > maxBytes) throw new Refusal('unfit', `the file has more than ${maxBytes} bytes`);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}
