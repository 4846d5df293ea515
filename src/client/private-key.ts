/** Private keys on disk: mode 600, or not used. */
import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { visibleLine } from '../domain/visible-text.ts';
import { keyIdOf, privateKeyOf, publicKeyText } from '../proof/key.ts';
import type { SigningKey } from './approvals.ts';
import { ClientError } from './client-error.ts';

/** Refused when: missing, readable or writable by anyone but its owner, not an Ed25519 key. */
export function readPrivateKey(file: string): KeyObject {
  const { mode, text } = readFile(file);
  if (isOpenToOthers(mode)) {
    throw new ClientError(
      'refused',
      `${visibleLine(file)} is open to others: run "chmod 600 ${visibleLine(file)}" first, and replace the key if it may have been seen.`,
    );
  }
  try {
    return privateKeyOf(text);
  } catch {
    throw new ClientError(
      'refused',
      `${visibleLine(file)} is no Ed25519 private key in PEM form; "countersign keys new" makes one.`,
    );
  }
}

/** The key in `keyFile`, named as "countersign keys new" names it. */
export function keyOfFile({ approver, keyFile }: { readonly approver: string; readonly keyFile: string }): SigningKey {
  const privateKey = readPrivateKey(keyFile);
  return { approver, keyId: keyIdOf(publicKeyText(createPublicKey(privateKey))), privateKey };
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
      `Cannot read the key ${visibleLine(file)}: name yours with --key, or make one with "countersign keys new".`,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
