import type { ApprovalTerms } from '../domain/decision.ts';
import type { Json } from '../domain/json.ts';
import type { PolicySchema } from './policy-schema.ts';

/** How long a request waits where the file does not say: 24 h. */
export const DEFAULT_EXPIRY_MS = 24 * 60 * 60 * 1000;

/** The terms of an `approval`, or those of the file. */
export function termsOf(approval: PolicySchema['approval'], fallback: ApprovalTerms | null): ApprovalTerms | null {
  if (approval === undefined) return fallback;
  return {
    by: approval.by,
    quorum: approval.quorum ?? 1,
    expiresMs: approval.expires ?? fallback?.expiresMs ?? DEFAULT_EXPIRY_MS,
  };
}

/** A rule as written in the list `rules`, with the terms in force: what an approval's digest covers. */
export function documentOf(rules: unknown, index: number, terms: ApprovalTerms | null): Json {
  const written = Array.isArray(rules) ? (rules as readonly Json[])[index] : undefined;
  return { written: written ?? null, approval: terms === null ? null : { ...terms, by: [...terms.by] } };
}
