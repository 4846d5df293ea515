import type { JsonObject } from './json.ts';

/** One labelled part of a preview; `text` is exact, with control characters already made visible (S11). */
export interface PreviewPart {
  readonly label: string;
  readonly text: string;
}

/** A question that is about more than whether this may be done. Part of the digest. */
export type RequestQuestion =
  /** Whether `callId` happened is not known: it did (`happened`), it did not and is tried again (approve), leave it (deny). */
  | { readonly kind: 'unknown'; readonly callId: string }
  /** Limits of the session are met: approving does this and lifts each by what it `adds`, denying ends them. */
  | { readonly kind: 'limit'; readonly limits: readonly { readonly limit: string; readonly adds: string }[] };

/**
 * A question to a person. Holds every field that its digest covers, so that whoever shows it can recompute the digest
 * from what is shown.
 */
export interface ApprovalRequest {
  /** `runId/callId/n` */
  readonly id: string;
  /** SHA-256, hex, over a domain tag and the canonical JSON of the other fields. */
  readonly digest: string;
  readonly namespace: string;
  readonly workflowId: string;
  /** First run id of the session. */
  readonly chainId: string;
  readonly callId: string;
  readonly tool: string;
  readonly toolVersion: string;
  readonly profile: string;
  /** Canonical arguments: what the tool will be given, not what the model wrote. */
  readonly arguments: JsonObject;
  /** What `prepare` found in the world: content hashes, sizes, the hash of the message to be sent. */
  readonly facts: JsonObject;
  readonly summary: string;
  readonly preview: readonly PreviewPart[];
  readonly rule: string;
  /** SHA-256, hex, of the rule as written. */
  readonly ruleSha: string;
  readonly why: string;
  /** Ids of the people who may answer, sorted. */
  readonly mayAnswer: readonly string[];
  readonly quorum: number;
  /** Absent where it is the plain one. */
  readonly question?: RequestQuestion;
  /** RFC 3339, UTC. */
  readonly requestedAt: string;
  readonly expiresAt: string;
}

/** What later passes of the guard are told about the request they answer. */
export interface RequestRef {
  readonly id: string;
  readonly digest: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
}

/** How a request ended. */
export type RequestClosing = 'approved' | 'denied' | 'expired' | 'cancelled' | 'superseded' | 'decided';
