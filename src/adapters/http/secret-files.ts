/**
 * Secrets, one file each in a directory of the operator's (S10). Read anew at each use: a file that is replaced is the
 * new secret. Links are followed, for that is how Kubernetes mounts secrets; who may write there is the operator's care.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretCheck } from '../../tools/ports/secret-check.ts';

export type SecretReading =
  { readonly kind: 'secret'; readonly value: string } | { readonly kind: 'none'; readonly why: string };

/** Reads one secret by its name. `why` names it and never tells what was read. */
export type ReadSecret = (name: string) => Promise<SecretReading>;

const MAX_BYTES = 4096;
/** What can stand in a header; shorter ones could not be taken out of answers without harm. */
const VALUE = /^[\x21-\x7e]{8,}$/;

/** Without a directory there are no secrets. */
export function createSecretFiles(directory: string | undefined): ReadSecret {
  return async (name) => {
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) return none(name, 'is no name of a secret');
    if (directory === undefined) return none(name, 'cannot be had: this worker has no COUNTERSIGN_SECRETS_DIR');
    return readSecret(join(directory, name), name);
  };
}

export function secretCheckOf(read: ReadSecret): SecretCheck {
  return {
    problemOf: async (name) => {
      const found = await read(name);
      return found.kind === 'secret' ? undefined : found.why;
    },
  };
}

async function readSecret(file: string, name: string): Promise<SecretReading> {
  // A pipe would not let go otherwise.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return none(name, 'cannot be read: there is no such file that this worker may read');
  try {
    if (!(await handle.stat()).isFile()) return none(name, 'is not a regular file');
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) return none(name, `is larger than ${MAX_BYTES} bytes`);
    const value = buffer.toString('latin1', 0, bytesRead).replace(/\r?\n$/, '');
    return VALUE.test(value)
      ? { kind: 'secret', value }
      : none(name, 'is not one line of at least 8 visible ASCII characters');
  } catch {
    return none(name, 'could not be read');
  } finally {
    await handle.close().catch(() => undefined);
  }
}

function none(name: string, what: string): SecretReading {
  return { kind: 'none', why: `the secret "${name.slice(0, 64)}" ${what}` };
}
