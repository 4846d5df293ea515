/**
 * Matchers: what a rule says of an argument, compiled. They look at canonical values only; all keys of one matcher must
 * hold, alternatives stand under `anyOf`. Whatever a matcher throws makes the decision a denial (S2).
 */
import type { Json } from '../../domain/json.ts';
import type { Path } from '../yaml-source.ts';

/** Where and why a value does not match. */
export interface Miss {
  readonly at: string;
  readonly why: string;
}

/** Null for a match. */
export type Matcher = (value: Json, at: string) => Miss | null;

/** Collects what is wrong in the file. */
export type Complain = (path: Path, message: string, suggestion?: string) => void;

/**
 * What a match leads to. `opens` (allow, ask, the exceptions of a denial): what the matcher leaves unsaid must not be
 * there. `closes` (deny, the exceptions of allow and ask): what it leaves unsaid may be anything, for else an addition
 * to the arguments, such as a query, would evade the denial.
 */
export type Purpose = 'opens' | 'closes';

/** Compiles the keys of one kind; undefined for a key that the kind does not know. */
export type KeyCompiler = (key: string, value: Json, path: Path, complain: Complain) => Matcher | undefined;

export interface KindMatchers {
  readonly keys: readonly string[];
  readonly compileKey: KeyCompiler;
  /** Keys that must be there in a matcher that opens. */
  readonly required?: readonly string[];
  /** Keys that hold in a matcher that opens, unless it speaks of them. */
  readonly implied?: Readonly<Record<string, Json>>;
  /** What a list written directly means: the key it is short for. */
  readonly listMeans?: string;
}

/** Stands for what could not be compiled; its file does not load. */
export const never: Matcher = (_, at) => ({ at, why: 'the rule is broken' });

/** All of them must match; none at all never does. */
export function all(matchers: readonly Matcher[]): Matcher {
  if (matchers.length === 0) return never;
  return (value, at) => {
    for (const matcher of matchers) {
      const miss = matcher(value, at);
      if (miss !== null) return miss;
    }
    return null;
  };
}
