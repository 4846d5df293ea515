import { z } from 'zod';
import { isRecord } from '../../domain/json.ts';
import {
  CREDENTIAL_HEADERS,
  isCredentialHeader,
  mentionsSecret,
  readPlaceholder,
} from '../../domain/secret-placeholder.ts';
import type { Canonical, Kind } from './kind.ts';
import { canonical, none } from './kind.ts';

/** Headers whose value a call may say in plain words. */
export const PLAIN_HEADERS = ['accept', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'] as const;

/** Header names a call may set; all others could redirect, name another host or method, or smuggle a second request. */
export const HEADER_NAMES = [...PLAIN_HEADERS, ...CREDENTIAL_HEADERS] as const;

/** Canonical headers: values by lower-case names, sorted. */
export type Headers = Readonly<Record<string, string>>;

/** More than any request has: a larger map is refused before its members are looked at. */
const MAX_MEMBERS = 40;

/**
 * Request headers: lower-case names of a short list, sorted; values of visible ASCII and inner spaces. The value of one
 * that authenticates is a placeholder, never the credential itself, and no other header holds one (S10).
 */
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
    const problem = problemOfSecret(lower, value);
    if (problem !== undefined) return none(problem);
    found.set(lower, value);
  }
  return canonical(Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function problemOfSecret(name: string, value: string): string | undefined {
  if (!isCredentialHeader(name))
    return mentionsSecret(value) ? `the header "${name}" cannot hold a secret; ${WHERE}` : undefined;
  if (readPlaceholder(value) !== undefined) return undefined;
  // The value is never repeated: it may be a credential.
  return `the header "${name}" names a secret and never holds one: ${PLACEHOLDER_WORDS}`;
}

/** What to do instead, for models and for people who write rules. */
export const PLACEHOLDER_WORDS = 'write {{secret:name}}, or a scheme before it as in Bearer {{secret:name}}';
const WHERE = `secrets stand only in ${CREDENTIAL_HEADERS.join(', ')}`;
