/** Private keys on disk: mode 600, or not used. */
import type { KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { ClientError } from '../client/client-error.ts';
import { privateKeyOf } from '../proof/key.ts';
import { line } from './terminal.ts';

/** Refused when: missing, readable or writable by anyone but its owner, not an Ed25519 key. */
export function readPrivateKey(file: string): KeyObject {
  const { mode, text } = readFile(file);
  if (isOpenToOthers(mode)) {
    throw new ClientError(
      'refused',
      `${line(file)} is open to others: run "chmod 600 ${line(file)}" first, and replace the key if it may have been seen.`,
    );
  }
  try {
    return privateKeyOf(text);
  } catch {
    throw new ClientError(
      'refused',
      `${line(file)} is no Ed25519 private key in PEM form; "countersign keys new" makes one.`,
    );
  }
}

export function isOpenToOthers(mode: number): boolean {
  return (mode & 0o077) !== 0;
}

/** Mode and text of one and the same file, whatever the path means a moment later. */
function readFile(file: string): { readonly mode: number; readonly text: string } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return { mode: fstatSync(descriptor).mode, text: readFileSync(descriptor, 'utf8') };
  } catch {
    throw new ClientError(
      'notFound',
      `Cannot read the key ${line(file)}: name yours with --key, or make one with "countersign keys new".`,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
