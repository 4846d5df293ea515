import type { Json } from './json.ts';
import { isRecord, own, ownString } from './json.ts';

/** A person's signed answer. `edit` and `grant` have a place and are refused when used. */
export interface Verdict {
  readonly requestId: string;
  readonly digest: string;
  readonly decision: 'approve' | 'deny';
  readonly approver: string;
  readonly keyId: string;
  readonly reason?: string | undefined;
  /** With a denial of a question about an unknown outcome: nothing is to be done because it did happen. */
  readonly answer?: 'happened' | undefined;
  readonly edit?: Json | undefined;
  readonly grant?: Json | undefined;
  /** RFC 3339, UTC: when it was signed. */
  readonly at: string;
  /** Ed25519 (RFC 8032), base64. */
  readonly signature: string;
}

/** What a person can say: approve, deny, or of an action whose outcome is unknown that it happened. */
export type Saying = 'approve' | 'deny' | 'happened';

/** The largest verdict a session looks at, in UTF-16 code units of its JSON. */
export const MAX_VERDICT_LENGTH = 4096;

/** A verdict as the workflow relays it: unproven, numbered in order of arrival. */
export interface ReceivedVerdict {
  readonly n: number;
  /** Workflow time, RFC 3339. */
  readonly receivedAt: string;
  readonly verdict: Json;
}

export type VerdictAddress =
  | { readonly kind: 'addressed'; readonly requestId: string; readonly digest: string; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads only where a verdict wants to go. Total: anything may arrive (S13). */
export function readVerdictAddress(payload: unknown): VerdictAddress {
  const tooLarge = { kind: 'unreadable', why: `The verdict is larger than ${MAX_VERDICT_LENGTH} characters.` } as const;
  // Looked at before it is written out: a session may get many megabytes at once, and has seconds for all of them.
  if (!fitsIn(payload, MAX_VERDICT_LENGTH)) return tooLarge;
  const text = safeStringify(payload);
  if (text === undefined) return { kind: 'unreadable', why: 'The verdict is not JSON.' };
  if (text.length > MAX_VERDICT_LENGTH) return tooLarge;
  const requestId = ownString(payload, 'requestId');
  const digest = ownString(payload, 'digest');
  if (requestId === undefined || digest === undefined) {
    return {
      kind: 'unreadable',
      why: 'This is not a verdict: make one with "countersign sign <request> approve|deny" and send that JSON object.',
    };
  }
  return { kind: 'addressed', requestId, digest, text };
}

const DIGEST = /^[0-9a-f]{64}$/;
/** RFC 3339 in UTC; whether that day exists, the guard looks. */
const UTC = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z$/;

/** `most` in code points, as zod counts. */
const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && value.length >= least && (value.length <= most || [...value].length <= most);

const FIELDS = new Map<string, (value: unknown) => boolean>([
  ['requestId', (value) => isText(value, 1, 1000)],
  ['digest', (value) => typeof value === 'string' && DIGEST.test(value)],
  ['decision', (value) => value === 'approve' || value === 'deny'],
  ['approver', (value) => isText(value, 1, 100)],
  ['keyId', (value) => isText(value, 1, 100)],
  ['reason', (value) => value === undefined || isText(value, 0, 1000)],
  ['answer', (value) => value === undefined || value === 'happened'],
  ['edit', () => true],
  ['grant', () => true],
  ['at', (value) => typeof value === 'string' && UTC.test(value)],
  ['signature', (value) => isText(value, 1, 200)],
]);

/**
 * What keeps a decoded payload from being a verdict at all: the field that is wrong; undefined if it has the shape. As
 * strict as contract/verdict.ts but for days that no calendar has, never stricter (a test holds the two together).
 */
export function wrongField(payload: unknown): string | undefined {
  if (!isRecord(payload)) return 'everything';
  const foreign = Object.keys(payload).find((key) => !FIELDS.has(key));
  if (foreign !== undefined) return foreign;
  return [...FIELDS].find(([key, isGood]) => !isGood(own(payload, key)))?.[0];
}

/** False as soon as the parts of a decoded value surely take more than `most` characters of JSON. Binary never fits. */
function fitsIn(value: unknown, most: number): boolean {
  const open: unknown[] = [value];
  let size = 0;
  while (open.length > 0) {
    const part = open.pop();
    size += typeof part === 'string' ? part.length : 1;
    if (size > most || ArrayBuffer.isView(part)) return false;
    if (Array.isArray(part)) {
      if (part.length > most) return false;
      open.push(...(part as unknown[]));
    } else if (typeof part === 'object' && part !== null) {
      for (const key of Object.keys(part)) {
        size += key.length;
        if (size > most) return false;
        open.push((part as Readonly<Record<string, unknown>>)[key]);
      }
    }
  }
  return true;
}

function safeStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined;
  }
}
