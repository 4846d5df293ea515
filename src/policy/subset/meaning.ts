/** What one key of a matcher says, in atoms. */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { Canonical } from '../kinds/kind.ts';
import type { KindMatchers, Purpose } from '../matchers/matcher.ts';
import type { Atom } from './atom.ts';

/**
 * A value that is matched makes one of `outer` true, and a value that makes one of `inner` true is matched. They are the
 * same where atoms can say exactly what is matched.
 */
export interface Bracket {
  readonly inner: readonly Atom[];
  readonly outer: readonly Atom[];
}

/** All brackets hold. Undefined: not understood, and then nothing is claimed but what is written the same way. */
export type Meaning = readonly Bracket[] | undefined;

/**
 * Whoever changes what a matcher matches changes what is said of it here too. The property tests of `subset` try each
 * claim against the matchers.
 */
export interface KindMeaning {
  readonly matchers: KindMatchers;
  readonly meaningOf: (key: string, value: Json, purpose: Purpose) => Meaning;
  /** All values that there are, where they are few. */
  readonly universe?: readonly Json[];
}

export function exactly(atoms: readonly Atom[] | undefined): Meaning {
  return atoms === undefined || atoms.length === 0 ? undefined : [{ inner: atoms, outer: atoms }];
}

/** The texts of a value, one or a list, each in its canonical form; undefined if one has none. */
export function textsOf(
  value: Json,
  canonicalise: (raw: string) => Canonical<string> = (raw) => ({ kind: 'canonical', value: raw }),
): readonly string[] | undefined {
  const texts: string[] = [];
  for (const item of listOf(value)) {
    const result = typeof item === 'string' ? canonicalise(item) : undefined;
    if (result?.kind !== 'canonical') return undefined;
    texts.push(result.value);
  }
  return texts;
}

/** The entries of a map, if each holds texts. */
export function textEntries(value: Json): readonly (readonly [string, readonly string[]])[] | undefined {
  if (!isRecord(value)) return undefined;
  const entries: (readonly [string, readonly string[]])[] = [];
  for (const [name, listed] of Object.entries(value as Readonly<Record<string, Json>>)) {
    const texts = textsOf(listed);
    if (texts === undefined) return undefined;
    entries.push([name, texts]);
  }
  return entries;
}

export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
