/** Makes a key pair and the directory that names it; private keys are written once, mode 600, and never overwritten. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClientError } from '../client/client-error.ts';
import { keyIdOf, newKeyPair, privateKeyPem, publicKeyText } from '../proof/key.ts';

export interface NewKey {
  readonly keyId: string;
  readonly publicText: string;
}

export function writeNewKey(file: string): NewKey {
  if (existsSync(file))
    throw new ClientError(
      'refused',
      `${file} exists already, and a key is never overwritten: name another with --out.`,
    );
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = newKeyPair();
  writeFileSync(file, privateKeyPem(privateKey), { mode: 0o600, flag: 'wx' });
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
  const key = writeNewKey(keyFile);
  const text = [
    'version: 1',
    ...(demo ? ['demo: true'] : []),
    'people:',
    approverLine(person, key),
    'groups:',
    `  owner: [${person}]`,
    '',
  ];
  writeFileSync(approversFile, text.join('\n'), { mode: 0o600, flag: 'wx' });
  return { keyFile, approversFile };
}
