/** Several asks speak of one action: each has its say, so that no rule that is added lets somebody else approve. */
import type { ApprovalTerms } from '../domain/decision.ts';

/** Who is named by all of them, the most of them, until the earliest end; null where nobody is. */
export function combineTerms(all: readonly (ApprovalTerms | null)[]): ApprovalTerms | null {
  let combined: ApprovalTerms | undefined;
  for (const terms of all) {
    if (terms === null) return null;
    combined = combined === undefined ? terms : bothTerms(combined, terms);
  }
  return combined === undefined || combined.by.length === 0 ? null : combined;
}

function bothTerms(one: ApprovalTerms, other: ApprovalTerms): ApprovalTerms {
  return {
    by: one.by.filter((name) => other.by.includes(name)),
    quorum: Math.max(one.quorum, other.quorum),
    expiresMs: Math.min(one.expiresMs, other.expiresMs),
  };
}
