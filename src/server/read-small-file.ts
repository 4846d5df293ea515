/**
 * Reads the files that people write by hand: policies, approver directories. Never waits for a writer (a named pipe),
 * never takes what has no end (a device), never more than `maxBytes`, and nothing that would not come back as it was.
 */
import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** `why` follows the name of the file. */
export type SmallFile =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unread'; readonly why: string };

/** Without O_NONBLOCK, to open a pipe is to wait until somebody writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

export async function readSmallFile(file: string, maxBytes: number): Promise<SmallFile> {
  try {
    const opened = await open(file, FLAGS);
    try {
      const unfit = whyUnfit(await opened.stat(), maxBytes);
      if (unfit !== undefined) return unread(unfit);
      const room = Buffer.alloc(maxBytes + 1);
      let filled = 0;
      for (let more = 1; more > 0 && filled < room.length; filled += more)
        more = (await opened.read(room, filled, room.length - filled, filled)).bytesRead;
      return textOf(room.subarray(0, filled), maxBytes);
    } finally {
      await opened.close();
    }
  } catch (error) {
    return unread(whyNot(error));
  }
}

export function readSmallFileSync(file: string, maxBytes: number): SmallFile {
  let opened: number | undefined;
  try {
    opened = openSync(file, FLAGS);
    const unfit = whyUnfit(fstatSync(opened), maxBytes);
    if (unfit !== undefined) return unread(unfit);
    const room = Buffer.alloc(maxBytes + 1);
    let filled = 0;
    for (let more = 1; more > 0 && filled < room.length; filled += more)
      more = readSync(opened, room, filled, room.length - filled, filled);
    return textOf(room.subarray(0, filled), maxBytes);
  } catch (error) {
    return unread(whyNot(error));
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

function whyUnfit(stats: Stats, maxBytes: number): string | undefined {
  if (stats.isDirectory()) return 'is a folder';
  if (!stats.isFile()) return 'is no regular file';
  return stats.size > maxBytes ? tooLarge(maxBytes) : undefined;
}

/** A file may grow while it is read: what fills the room has a byte too many. */
function textOf(bytes: Buffer, maxBytes: number): SmallFile {
  if (bytes.length > maxBytes) return unread(tooLarge(maxBytes));
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { kind: 'text', text } : unread('is not UTF-8 text');
}

function tooLarge(maxBytes: number): string {
  return `is larger than ${maxBytes / 1024} KB`;
}

function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read (${code ?? 'no reason given'})`;
}

function unread(why: string): SmallFile {
  return { kind: 'unread', why };
}
