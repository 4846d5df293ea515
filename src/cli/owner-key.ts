/**
 * Makes a key pair and the directory that names it. Private keys are written whole, once, mode 600, and never
 * overwritten; an interrupted start leaves a key that the next one takes up.
 */
import { createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClientError } from '../client/client-error.ts';
import { ownString } from '../domain/json.ts';
import { keyIdOf, newKeyPair, privateKeyPem, publicKeyText } from '../proof/key.ts';
import { readPrivateKey } from '../client/private-key.ts';
import { line } from './terminal.ts';

export interface NewKey {
  readonly keyId: string;
  readonly publicText: string;
}

export function writeNewKey(file: string): NewKey {
  const { privateKey, publicKey } = newKeyPair();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) || !writeNew(file, privateKeyPem(privateKey)))
    throw new ClientError(
      'refused',
      `${line(file)} exists already, and a key is never overwritten: name another with --out.`,
    );
  const publicText = publicKeyText(publicKey);
  return { keyId: keyIdOf(publicText), publicText };
}

/** The line of `approvers.yaml` for one person with one key. */
export function approverLine(id: string, { keyId, publicText }: NewKey): string {
  return `  ${id}: { name: ${JSON.stringify(id)}, keys: [{ id: "${keyId}", public: "${publicText}" }] }`;
}

/** An owner’s key and directory in `directory`, made on first use. */
export function ensureOwner(
  directory: string,
  demo: boolean,
): { readonly keyFile: string; readonly approversFile: string } {
  const keyFile = join(directory, 'keys', 'owner.pem');
  const approversFile = join(directory, 'approvers.yaml');
  if (existsSync(approversFile)) return { keyFile, approversFile };
  const person = demo ? 'demo-approver' : 'owner-person';
  const key = existsSync(keyFile) ? publicPartOf(keyFile) : writeNewKey(keyFile);
  const text = [
    'version: 1',
    ...(demo ? ['demo: true'] : []),
    'people:',
    approverLine(person, key),
    'groups:',
    `  owner: [${person}]`,
    '',
  ];
  writeNew(approversFile, text.join('\n'));
  return { keyFile, approversFile };
}

/** Of a key whose directory was not written any more, or is gone. */
function publicPartOf(keyFile: string): NewKey {
  const publicText = publicKeyText(createPublicKey(readPrivateKey(keyFile)));
  return { keyId: keyIdOf(publicText), publicText };
}

/** Whole or not at all, and only where nothing is; false if something is there. */
function writeNew(file: string, text: string): boolean {
  const aside = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    writeFileSync(aside, text, { mode: 0o600, flag: 'wx' });
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (ownString(error, 'code') === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
