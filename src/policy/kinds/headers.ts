import { z } from 'zod';
import { isRecord } from '../../domain/json.ts';
import type { Canonical, Kind } from './kind.ts';
import { canonical, none } from './kind.ts';

/** Header names a call may set; all others could redirect, authenticate or smuggle (facts: URLs). */
export const HEADER_NAMES = ['accept', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'] as const;

export type Headers = Readonly<Record<string, string>>;

/** More than any request has: a larger map is refused before its members are looked at. */
const MAX_MEMBERS = 40;

/** Request headers: lower-case names of a short list, sorted; values of visible ASCII and inner spaces. */
export const headers: Kind<Headers, 'headers'> = {
  name: 'headers',
  schema: z.preprocess(withFewMembers, z.record(z.string().max(40), z.string().max(1000))).transform((raw, context) => {
    const result = canonicalHeaders(raw);
    if (result.kind === 'canonical') return result.value;
    context.addIssue({ code: 'custom', message: result.why });
    return z.NEVER;
  }),
};

function withFewMembers(raw: unknown, context: z.core.$RefinementCtx): unknown {
  if (!isRecord(raw) || Object.keys(raw).length <= MAX_MEMBERS) return raw;
  context.addIssue({ code: 'custom', message: `more than ${MAX_MEMBERS} headers` });
  return z.NEVER;
}

export function canonicalHeaders(raw: Headers): Canonical<Headers> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(raw)) {
    const lower = name.toLowerCase();
    // Looked at before folding: U+212A (Kelvin) would become "k".
    if (!/^[a-zA-Z-]+$/.test(name) || !HEADER_NAMES.some((allowed) => allowed === lower)) {
      return none(`the header "${name}" may not be set; allowed: ${HEADER_NAMES.join(', ')}`);
    }
    if (found.has(lower)) return none(`the header "${name}" is there twice`);
    if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value))
      return none(`the header "${name}" has a value that is not plain ASCII`);
    found.set(lower, value);
  }
  return canonical(Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
