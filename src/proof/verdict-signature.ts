import type { KeyObject } from 'node:crypto';
import { sign, verify } from 'node:crypto';
import type { Json } from '../domain/json.ts';
import type { Verdict } from '../domain/verdict.ts';
import { canonicalJson } from './canonical-json.ts';

const TAG = 'countersign/verdict/v1\n';

/** Signs a verdict with Ed25519 (RFC 8032); the signature covers every other field. */
export function signVerdict(unsigned: Omit<Verdict, 'signature'>, privateKey: KeyObject): Verdict {
  const signature = sign(null, signedBytes(unsigned), privateKey).toString('base64');
  return { ...unsigned, signature };
}

/** True only if `publicKey` signed exactly this verdict. Never throws. */
export function isSignedBy(verdict: Verdict, publicKey: KeyObject): boolean {
  try {
    const { signature, ...unsigned } = verdict;
    const bytes = Buffer.from(signature, 'base64');
    return bytes.length === 64 && verify(null, signedBytes(unsigned), publicKey, bytes);
  } catch {
    return false;
  }
}

function signedBytes(unsigned: Omit<Verdict, 'signature'>): Buffer {
  const present = Object.entries(unsigned).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Buffer.from(TAG + canonicalJson(Object.fromEntries(present)), 'utf8');
}
