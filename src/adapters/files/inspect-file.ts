/** What a person is shown of a file before it goes or comes back: size, hash, first lines. */
import type { FileHandle } from 'node:fs/promises';
import type { InspectedFile } from '../../tools/ports/workspace-changes.ts';
import { openFile, openRegular } from './descriptor-walk.ts';
import { MAX_MOVED_BYTES } from './hard-moves.ts';
import { fingerprintOf, isExecutable } from './read-whole.ts';

const HEAD_BYTES = 4096;
const HEAD_LINES = 10;
const HEAD_CHARACTERS = 800;

export async function inspectFile(
  folder: FileHandle,
  name: string,
  path: string,
  owner: 'agent' | 'trash' = 'agent',
): Promise<InspectedFile> {
  const file = await (owner === 'agent' ? openFile : openRegular)(folder, name);
  try {
    const { size, sha256, head } = await fingerprintOf(file, name, MAX_MOVED_BYTES, HEAD_BYTES);
    return { path, size, sha256, executable: await isExecutable(file), head: headOf(head, size) };
  } finally {
    await file.close();
  }
}

/** The beginning of a text, or '' of what does not begin like one. */
function headOf(head: Uint8Array, size: number): string {
  try {
    // A character that is cut by the end of what was kept is no fault of the text.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(head, {
      stream: head.length < size,
    });
    if (text.includes('\0')) return '';
    const lines = text.split(/(?<=\n)/);
    return lines.slice(0, HEAD_LINES).join('').slice(0, HEAD_CHARACTERS).toWellFormed();
  } catch {
    return '';
  }
}
