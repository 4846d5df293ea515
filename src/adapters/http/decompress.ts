/**
 * A body out of its content coding (RFC 9110 section 8.4.1). We ask for none; servers send some all the same. The output
 * is capped while it is made, so a small body that unpacks to gigabytes costs no more than the cap.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { own } from '../../domain/json.ts';

export type Unpacked =
  | { readonly kind: 'body'; readonly body: Buffer }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'broken' };

type Unpack = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const unzip: Unpack = promisify(gunzip);
const inflateZlib: Unpack = promisify(inflate);
const inflateBare: Unpack = promisify(inflateRaw);

const CODINGS: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', unzip],
  ['x-gzip', unzip],
  // Some servers leave the zlib header out that the standard wants; its first byte tells.
  ['deflate', (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateZlib : inflateBare)(body, options)],
  ['br', promisify(brotliDecompress)],
]);

/** One coding, or none; codings within codings are nobody's honest answer. Never throws. */
export async function unpack(body: Buffer, coding: string, maxBytes: number): Promise<Unpacked> {
  const name = coding.trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return { kind: 'body', body };
  const unpackIt = CODINGS.get(name);
  if (unpackIt === undefined) return { kind: 'unknown' };
  try {
    return { kind: 'body', body: await unpackIt(body, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { kind: isTooLarge(error) ? 'tooLarge' : 'broken' };
  }
}

function isTooLarge(error: unknown): boolean {
  return own(error, 'code') === 'ERR_BUFFER_TOO_LARGE';
}
