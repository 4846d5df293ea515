/**
 * Matchers: what a rule says of an argument, compiled. They look at canonical values only, for the guard makes values
 * canonical before it decides; all keys of one matcher must hold, alternatives stand under `anyOf`. They are total;
 * should one throw all the same, the decision is a denial (S2).
 */
import type { Json } from '../../domain/json.ts';
import type { Path } from '../yaml-source.ts';

/** Where and why a value does not match. */
export interface Miss {
  readonly at: string;
  readonly why: string;
}

/** `holds` decides; calling it says why not, null for a match. Of hundreds of rules that do not hold, one is explained. */
export interface Matcher {
  (value: Json, at: string): Miss | null;
  readonly holds: (value: Json) => boolean;
}

/** `missAt` is asked only about values that do not hold. */
export function matcherOf(holds: (value: Json) => boolean, missAt: (value: Json, at: string) => Miss): Matcher {
  return Object.assign((value: Json, at: string) => (holds(value) ? null : missAt(value, at)), { holds });
}

/** Collects what is wrong in the file. */
export type Complain = (path: Path, message: string, suggestion?: string) => void;

/**
 * What a match leads to. `opens` (allow, ask, the exceptions of a denial): what the matcher leaves unsaid must not be
 * there, and what could be read in two ways does not match. `closes` (deny, the exceptions of allow and ask): what it
 * leaves unsaid may be anything, for else an addition to the arguments, such as a query, would evade the denial; and
 * what could be read in two ways matches if one of them does.
 */
export type Purpose = 'opens' | 'closes';

/** Compiles the keys of one kind; undefined for a key that the kind does not know. */
export type KeyCompiler = (
  key: string,
  value: Json,
  path: Path,
  complain: Complain,
  purpose: Purpose,
) => Matcher | undefined;

export interface KindMatchers {
  readonly keys: readonly string[];
  readonly compileKey: KeyCompiler;
  /** Whether a value has the JSON type of this kind’s canonical form. */
  readonly takes: (value: Json) => boolean;
  /** Keys that must be there in a matcher that opens. */
  readonly required?: readonly string[];
  /** Keys that hold in a matcher that opens, unless it speaks of them. */
  readonly implied?: Readonly<Record<string, Json>>;
  /** What `any: true` means in a matcher that opens, where it is less than everything: these keys. */
  readonly anyOpens?: Readonly<Record<string, Json>>;
  /** Complains of keys that cannot stand together, and says so. */
  readonly problemOfKeys?: (
    keys: Readonly<Record<string, Json>>,
    path: Path,
    complain: Complain,
    purpose: Purpose,
  ) => void;
  /** What a list, or one value of it, written directly means: the key it is short for. */
  readonly listMeans?: string;
}

/** What may be short for a key: values, one or a list. */
export function isPlain(spec: Json): boolean {
  return Array.isArray(spec) || typeof spec === 'string' || typeof spec === 'number';
}

/** Stands for what could not be compiled; its file does not load. */
export const never: Matcher = matcherOf(
  () => false,
  (_, at) => ({ at, why: 'the rule is broken' }),
);

/** All of them must match; none at all never does. */
export function all(matchers: readonly Matcher[]): Matcher {
  const [only] = matchers;
  if (only === undefined) return never;
  if (matchers.length === 1) return only;
  return matcherOf(
    (value) => {
      for (const { holds } of matchers) if (!holds(value)) return false;
      return true;
    },
    (value, at) =>
      (matchers.find(({ holds }) => !holds(value)) ?? never)(value, at) ?? { at, why: 'it does not match' },
  );
}

/**
 * A second lock before the matchers: a value of another type than the kind’s is none that the guard hands over, and
 * nothing can be said of it. So it matches what closes, and nothing that opens.
 */
export function ifTaken(takes: (value: Json) => boolean, purpose: Purpose, matcher: Matcher): Matcher {
  const { holds } = matcher;
  return matcherOf(
    (value) => (takes(value) ? holds(value) : purpose === 'closes'),
    (value, at) =>
      (takes(value) ? matcher(value, at) : null) ?? { at, why: 'it is of another type than the rule speaks of' },
  );
}

export function isText(value: Json): boolean {
  return typeof value === 'string';
}
