/**
 * Matchers: what a rule says of an argument, compiled. They look at canonical values only; all keys of one matcher must
 * hold, alternatives stand under `anyOf`. Whatever a matcher throws makes the decision a denial (S2).
 */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import type { KindName } from '../kinds/kind.ts';
import { didYouMean } from '../problem.ts';
import type { Path } from '../yaml-source.ts';
import { compileHeaders } from './headers.ts';
import { compileMailAddress } from './mail-address.ts';
import { compileMethod } from './method.ts';
import { compilePath } from './path.ts';
import { compileText } from './text.ts';
import { compileUrl } from './url.ts';

/** Where and why a value does not match. */
export interface Miss {
  readonly at: string;
  readonly why: string;
}

/** Null for a match. */
export type Matcher = (value: Json, at: string) => Miss | null;

/** Collects what is wrong in the file. */
export type Complain = (path: Path, message: string, suggestion?: string) => void;

/** Compiles the keys of one kind; undefined for a key that the kind does not know. */
export type KeyCompiler = (key: string, value: Json, path: Path, complain: Complain) => Matcher | undefined;

export interface KindMatchers {
  readonly keys: readonly string[];
  readonly compileKey: KeyCompiler;
  /** Keys that must be there. */
  readonly required?: readonly string[];
  /** Keys that hold unless the matcher speaks of them. */
  readonly implied?: Readonly<Record<string, Json>>;
  /** What a list written directly means: the key it is short for. */
  readonly listMeans?: string;
}

const KINDS: Readonly<Record<KindName, KindMatchers>> = {
  path: compilePath,
  mailAddress: compileMailAddress,
  url: compileUrl,
  httpMethod: compileMethod,
  headers: compileHeaders,
  text: compileText,
};

const never: Matcher = (_, at) => ({ at, why: 'the rule is broken' });

/** Compiles what a rule says of one argument. A broken matcher complains and matches nothing. */
export function compileArgument(shape: ArgumentShape, spec: Json, path: Path, complain: Complain): Matcher {
  return shape.list ? compileList(shape.kind, spec, path, complain) : compileElement(shape.kind, spec, path, complain);
}

function compileList(kind: KindName, spec: Json, path: Path, complain: Complain): Matcher {
  if (!isRecord(spec)) {
    complain(path, 'this argument is a list: say { every: … } or { some: … }');
    return never;
  }
  const parts = Object.entries(spec as Readonly<Record<string, Json>>).map(([key, value]) =>
    compileListKey(kind, key, value, [...path, key], complain),
  );
  if (parts.length === 0) complain(path, 'an empty matcher matches nothing: say { every: { any: true } }');
  return all(parts);
}

function compileListKey(kind: KindName, key: string, value: Json, path: Path, complain: Complain): Matcher {
  switch (key) {
    case 'every':
      return everyOf(compileElement(kind, value, path, complain));
    case 'some':
      return someOf(compileElement(kind, value, path, complain));
    case 'max':
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return atMost(value);
      complain(path, '"max" is a whole number');
      return never;
    default:
      complain(
        path,
        `a list has no matcher "${key}"`,
        didYouMean(key, ['every', 'some', 'max']) ?? 'known: every, some, max',
      );
      return never;
  }
}

function compileElement(kind: KindName, spec: Json, path: Path, complain: Complain): Matcher {
  const { keys, compileKey, required = [], implied = {}, listMeans } = KINDS[kind];
  if (listMeans !== undefined && Array.isArray(spec)) return compileKey(listMeans, spec, path, complain) ?? never;
  if (!isRecord(spec)) {
    complain(path, `a matcher for a ${kind} is a map with some of: ${keys.join(', ')}, any, anyOf`);
    return never;
  }
  const entries = Object.entries(spec as Readonly<Record<string, Json>>);
  if (entries.length === 0) complain(path, 'an empty matcher matches nothing: say { any: true }');
  const whole = !entries.some(([key]) => key === 'anyOf' || key === 'any');
  const missing = required.find((key) => whole && !entries.some(([found]) => found === key));
  if (missing !== undefined) complain(path, `a matcher for a ${kind} needs "${missing}"`);
  const silent = whole ? Object.entries(implied).filter(([key]) => !entries.some(([found]) => found === key)) : [];
  return all([...entries, ...silent].map(([key, value]) => compileOne(kind, key, value, [...path, key], complain)));
}

function compileOne(kind: KindName, key: string, value: Json, path: Path, complain: Complain): Matcher {
  if (key === 'any') {
    if (value !== true) complain(path, '"any" can only be true');
    return () => null;
  }
  if (key === 'anyOf') return compileAlternatives(kind, value, path, complain);
  const { keys, compileKey } = KINDS[kind];
  const compiled = compileKey(key, value, path, complain);
  if (compiled !== undefined) return compiled;
  const known = [...keys, 'any', 'anyOf'];
  complain(path, `a ${kind} has no matcher "${key}"`, didYouMean(key, known) ?? `known: ${known.join(', ')}`);
  return never;
}

function compileAlternatives(kind: KindName, value: Json, path: Path, complain: Complain): Matcher {
  if (!Array.isArray(value) || value.length === 0) {
    complain(path, '"anyOf" is a list of matchers');
    return never;
  }
  const alternatives = (value as readonly Json[]).map((spec, index) =>
    compileElement(kind, spec, [...path, index], complain),
  );
  return (found, at) => {
    const misses = alternatives.map((matcher) => matcher(found, at));
    const first = misses[0] ?? null;
    if (misses.includes(null)) return null;
    return first === null ? null : { at, why: [...new Set(misses.map((miss) => miss?.why ?? ''))].join(', and ') };
  };
}

function all(matchers: readonly Matcher[]): Matcher {
  if (matchers.length === 0) return never;
  return (value, at) => {
    for (const matcher of matchers) {
      const miss = matcher(value, at);
      if (miss !== null) return miss;
    }
    return null;
  };
}

function everyOf(element: Matcher): Matcher {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, why: 'it is not a list' };
    for (const [index, item] of (value as readonly Json[]).entries()) {
      const miss = element(item, `${at}[${index}]`);
      if (miss !== null) return miss;
    }
    return null;
  };
}

function someOf(element: Matcher): Matcher {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, why: 'it is not a list' };
    const items = value as readonly Json[];
    return items.some((item, index) => element(item, `${at}[${index}]`) === null)
      ? null
      : { at, why: 'no element of it matches' };
  };
}

function atMost(max: number): Matcher {
  return (value, at) =>
    Array.isArray(value) && value.length <= max ? null : { at, why: `it has more than ${max} elements` };
}
