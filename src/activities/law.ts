import type { ApproverDirectory } from '../policy/approvers.ts';
import type { Policy } from '../policy/policy.ts';

/** What is in force at this moment: read afresh for every pass of the guard, so that a revoked key is obeyed. */
export interface Law {
  readonly policy: Policy;
  /** SHA-256 of the policy file, hex. */
  readonly policySha: string;
  readonly approvers: ApproverDirectory;
  /** A policy that is tried beside the one in force; null: none. */
  readonly candidate: Candidate | null;
}

export type Candidate =
  | { readonly kind: 'policy'; readonly policy: Policy; readonly policySha: string }
  | { readonly kind: 'broken'; readonly why: string; readonly policySha: string | null };

/** A law that cannot be read denies everything, loudly (S2). `problems`: sentences that name the policy or the approvers. */
export type LawReading =
  { readonly kind: 'law'; readonly law: Law } | { readonly kind: 'broken'; readonly problems: readonly string[] };

export type ReadLaw = () => Promise<LawReading>;
