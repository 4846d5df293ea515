import type { Decision } from '../domain/decision.ts';

/** True if two decisions lead to the same: the same kind, and for asks the same people and quorum. */
export function sameDecision(one: Decision, other: Decision): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind !== 'ask' || other.kind !== 'ask') return true;
  const who = ({ approval: { by, quorum } }: Decision & { readonly kind: 'ask' }): string =>
    `${quorum} of ${[...new Set(by)].toSorted().join(' ')}`;
  return who(one) === who(other);
}
