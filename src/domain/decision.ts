/** Who may answer an ask, how many of them must, and for how long. */
export interface ApprovalTerms {
  /** People or groups of the approver directory, as the policy names them. */
  readonly by: readonly string[];
  /** How many distinct people must approve. Only 1 is built. */
  readonly quorum: number;
  /** Milliseconds from asking to expiry. */
  readonly expiresMs: number;
}

/** A limit of the session that is met and that people may lift. */
export interface MetLimit {
  /** `actions/send_email`, `sameAction/send_email/` and the action key, `sums/shopping`. */
  readonly name: string;
  /** What is used of it, for a person. */
  readonly used: string;
  /** What an approval adds to it, for a person: `5 more`, `100.00 EUR more`. */
  readonly adds: string;
}

/** What the policy says of an action (S2, S3); `rule` is null where no rule spoke. */
export type Decision =
  | { readonly kind: 'allow'; readonly rule: string; readonly why: string }
  | {
      readonly kind: 'ask';
      readonly rule: string;
      readonly why: string;
      readonly approval: ApprovalTerms;
      /** It is over these limits, and approving it lifts them all; absent: over none. */
      readonly limits?: readonly MetLimit[];
    }
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
  /** Where a candidate policy would have decided otherwise. */
  readonly candidate?: CandidateDecision;
}

/** What a policy that is only tried beside the one in force says; nothing follows from it. */
export interface CandidateDecision {
  readonly kind: Decision['kind'] | 'broken';
  readonly rule: string | null;
  readonly why: string;
  /** SHA-256 of the candidate file, hex; null where it could not be read. */
  readonly policySha: string | null;
}

/** The verdict that decided an action, as it stands in the history. */
export interface SettlingVerdict {
  readonly requestId: string;
  readonly decision: 'approve' | 'deny';
  readonly approver: string;
  readonly keyId: string;
  readonly at: string;
  readonly reason?: string;
  /** A person says that what ended `unknown` did happen. */
  readonly answer?: 'happened';
}
