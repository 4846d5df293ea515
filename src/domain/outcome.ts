import type { CandidateDecision, RecordedDecision } from './decision.ts';
import type { JsonObject } from './json.ts';
import type { ApprovalRequest } from './request.ts';
import type { LimitGrant } from './standing.ts';

/** A verdict that did not count, and why; `n` is the session's number of it. */
export interface RefusedVerdict {
  readonly n: number;
  readonly why: string;
}

/** What every outcome tells of its action. */
export interface Settled {
  /** What the model is told. */
  readonly text: string;
  /** SHA-256 of tool and canonical arguments, hex; null where the guard could not be asked. */
  readonly actionKey: string | null;
  readonly decision: RecordedDecision;
  /** Verdicts of this pass that did not count. */
  readonly refused?: readonly RefusedVerdict[];
  /** What the action spends: money in minor units and numbers, by tool, argument and currency. */
  readonly spends?: Readonly<Record<string, number>>;
  /** What a person said of limits that were met. */
  readonly grants?: readonly LimitGrant[];
  /** What the result is marked with (`untrusted`, `private`). */
  readonly labels?: readonly string[];
}

/** How an action ended. */
export type Outcome =
  | (Settled & { readonly kind: 'done'; readonly evidence: JsonObject })
  | (Settled & { readonly kind: 'denied'; readonly by?: string })
  | (Settled & { readonly kind: 'failed' })
  | (Settled & {
      readonly kind: 'unknown';
      /** Until when an earlier attempt may still be acting, RFC 3339; absent: it has ended. */
      readonly until?: string;
    });

/** What one pass of the guard answers: an outcome, or that a person must be asked or waited for. */
export type GuardResult =
  | Outcome
  | {
      readonly kind: 'approvalNeeded';
      readonly request: ApprovalRequest;
      readonly actionKey: string;
      readonly spends?: Readonly<Record<string, number>>;
      /** Where a candidate policy would have decided otherwise. */
      readonly candidate?: CandidateDecision;
      readonly refused?: readonly RefusedVerdict[];
    }
  | { readonly kind: 'waiting'; readonly have: readonly number[]; readonly refused: readonly RefusedVerdict[] };

/** Failure types of a tool activity that say the effect surely did not happen. */
export const BEFORE_MARK = 'BeforeMark';
export const NOT_PERFORMED = 'NotPerformed';
