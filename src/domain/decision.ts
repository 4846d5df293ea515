/** Who may answer an ask, how many of them must, and for how long. */
export interface ApprovalTerms {
  /** People or groups of the approver directory, as the policy names them. */
  readonly by: readonly string[];
  /** How many distinct people must approve. Only 1 is built. */
  readonly quorum: number;
  /** Milliseconds from asking to expiry. */
  readonly expiresMs: number;
}

/** What the policy says of an action (S2, S3); `rule` is null where no rule spoke. */
export type Decision =
  | { readonly kind: 'allow'; readonly rule: string; readonly why: string }
  | { readonly kind: 'ask'; readonly rule: string; readonly why: string; readonly approval: ApprovalTerms }
  | { readonly kind: 'deny'; readonly rule: string | null; readonly why: string };

/** A decision as it stands in the history (S9). */
export interface RecordedDecision {
  readonly kind: Decision['kind'];
  readonly rule: string | null;
  readonly why: string;
  /** SHA-256 of the policy file, hex; null where none could be read. */
  readonly policySha: string | null;
  /** The verdict that settled an ask. */
  readonly verdict?: SettlingVerdict;
}

export interface SettlingVerdict {
  readonly requestId: string;
  readonly decision: 'approve' | 'deny';
  readonly approver: string;
  readonly keyId: string;
  readonly at: string;
  readonly reason?: string;
}
