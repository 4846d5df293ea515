import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key pair. */
export function newKeyPair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ed25519');
}

/** The public key in the approver directory's form: the raw 32 bytes (RFC 8032), base64. */
export function publicKeyText(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('not an Ed25519 key');
  return Buffer.from(x, 'base64url').toString('base64');
}

/** Reads the directory's form. Throws on anything but 32 bytes of base64. */
export function publicKeyOf(text: string): KeyObject {
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== 32 || raw.toString('base64') !== text) {
    throw new Error('not an Ed25519 public key: 32 bytes in base64 are expected');
  }
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

/** A short name of a public key: the first 16 hex digits of its SHA-256. */
export function keyIdOf(publicText: string): string {
  return createHash('sha256').update(Buffer.from(publicText, 'base64')).digest('hex').slice(0, 16);
}

/** PKCS #8 PEM of a private key, for a file of mode 600. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Reads a PEM private key. Throws unless it is Ed25519. */
export function privateKeyOf(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 private key');
  return key;
}
