/**
 * Whom this deployment has written to, as a file that only grows: the SHA-256 of an address a line.
 *
 * 1. Read afresh each time; a file that cannot be read, is no regular file or is larger than it could have grown is not
 * believed, and neither is a line that is no hash (a torn write, two writers): nobody is known by it.
 * 2. Appended in one write and synced to the disk. Whatever fails, fails silently for the sender: an address that is not
 * kept is marked as new another time, and a mail that was sent stays sent (S7).
 * 3. Of one length, so that a line cut off by a crash never reads as another address; hashed, so that a backup of the
 * file is no address book. That hides nothing from who can guess an address.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { ownString } from '../../domain/json.ts';
import type { KnownRecipients } from '../../tools/ports/known-recipients.ts';

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** About 30,000 addresses. When it is full nobody more is kept, and the operator starts another. */
export const MAX_KNOWN_BYTES = 2 * 1024 * 1024;

/** No record: everybody is marked so. */
export const nothingRecorded: KnownRecipients = {
  look: async () => ({ kind: 'notRecorded' }),
  remember: async () => undefined,
};

export function createKnownRecipients(path: string): KnownRecipients {
  return {
    look: async (addresses) => {
      try {
        const kept = await readKept(path);
        return { kind: 'recorded', known: new Set(addresses.filter((address) => kept.has(hashOf(address)))) };
      } catch {
        return { kind: 'unreadable' };
      }
    },
    remember: async (addresses) => {
      await append(path, addresses).catch(() => undefined);
    },
  };
}

async function readKept(path: string): Promise<ReadonlySet<string>> {
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(ifMissing);
  if (file === undefined) return new Set();
  try {
    return linesOf(await content(file));
  } finally {
    await file.close();
  }
}

function ifMissing(error: unknown): undefined {
  if (ownString(error, 'code') === 'ENOENT') return undefined;
  throw error;
}

async function content(file: FileHandle): Promise<string> {
  const found = await file.stat();
  if (!found.isFile() || found.size > MAX_KNOWN_BYTES) throw new Error('the record of recipients is not believed');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(found.size), 0, found.size, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

/** What follows the last line end was not written whole. */
function linesOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => /^[0-9a-f]{64}$/.test(line)),
  );
}

async function append(path: string, addresses: readonly string[]): Promise<void> {
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const text = await content(file);
    const kept = linesOf(text);
    const fresh = [...new Set(addresses.map(hashOf))].filter((hash) => !kept.has(hash));
    const start = text === '' || text.endsWith('\n') ? '' : '\n';
    const more = `${start}${fresh.map((hash) => `${hash}\n`).join('')}`;
    if (fresh.length === 0 || text.length + more.length > MAX_KNOWN_BYTES) return;
    await file.write(more);
    await file.sync();
  } finally {
    await file.close();
  }
}

function hashOf(address: string): string {
  return createHash('sha256').update(address).digest('hex');
}
