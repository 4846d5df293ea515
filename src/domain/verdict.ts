import type { Json } from './json.ts';
import { ownString } from './json.ts';

/** A person's signed answer (design.md section 5). `edit` and `grant` have a place and are refused when used. */
export interface Verdict {
  readonly requestId: string;
  readonly digest: string;
  readonly decision: 'approve' | 'deny';
  readonly approver: string;
  readonly keyId: string;
  readonly reason?: string | undefined;
  readonly edit?: Json | undefined;
  readonly grant?: Json | undefined;
  /** RFC 3339, UTC: when it was signed. */
  readonly at: string;
  /** Ed25519 (RFC 8032), base64. */
  readonly signature: string;
}

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
  const text = safeStringify(payload);
  if (text === undefined) return { kind: 'unreadable', why: 'The verdict is not JSON.' };
  if (text.length > MAX_VERDICT_LENGTH) {
    return { kind: 'unreadable', why: `The verdict is larger than ${MAX_VERDICT_LENGTH} characters.` };
  }
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

function safeStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined;
  }
}
