/**
 * Matchers of the query of a URL: `none`, `any`, or a map. `only` says which parameters there may be, each at most once,
 * and with which values (compared decoded; "+" and "%20" are a space); none has to be there. `has` says that one of
 * these is there. Names are compared in the case that is written.
 *
 * What servers could read in two ways (`read-query.ts`) matches no `only` and no `has` that opens. It matches each `only`
 * that closes; and a `has` that closes, if in some reading such a parameter is there.
 */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { Canonical } from '../kinds/kind.ts';
import { canonical, none } from '../kinds/kind.ts';
import { didYouMean } from '../problem.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain, Purpose } from './matcher.ts';
import { oneOfWords } from './on-text.ts';
import { mayHold, namesToFind, readQuery } from './read-query.ts';
import { stringList } from './string-list.ts';

export interface QueryTest {
  readonly holds: (query: string) => boolean;
  readonly why: string;
}

const NEVER: QueryTest = { holds: () => false, why: 'has a query of which the rule is broken' };

export function compileQuery(spec: Json, path: Path, complain: Complain, purpose: Purpose): QueryTest {
  if (spec === 'any') return { holds: () => true, why: '' };
  if (spec === 'none') return { holds: (query) => query === '', why: 'has a query' };
  if (!isRecord(spec) || Object.keys(spec).length === 0) {
    complain(path, '"query" is "none", "any" or a map with "only" or "has"', namesOnly(spec));
    return NEVER;
  }
  // What else may be there would be left unsaid.
  if (purpose === 'opens' && !Object.hasOwn(spec, 'only')) complain(path, '"has" opens only with "only" beside it');
  const tests = Object.entries(spec as Readonly<Record<string, Json>>).map(([key, value]) =>
    compileQueryKey(key, value, [...path, key], complain, purpose),
  );
  return { holds: (query) => tests.every(({ holds }) => holds(query)), why: tests.map(({ why }) => why).join(', or ') };
}

/** What was meant by a plain list of names. */
function namesOnly(spec: Json): string | undefined {
  const names: readonly Json[] = Array.isArray(spec) ? (spec as readonly Json[]) : [];
  return names.length === 0 ? undefined : `say { only: [${names.map(String).join(', ').slice(0, 200)}] }`;
}

function compileQueryKey(key: string, value: Json, path: Path, complain: Complain, purpose: Purpose): QueryTest {
  switch (key) {
    case 'only':
      return only(allowedOf(value, path, complain), purpose);
    case 'has':
      return has(stringList(value, path, complain, parameterName), purpose);
    default:
      complain(path, `"query" has no "${key}"`, didYouMean(key, ['only', 'has']) ?? 'known: only, has');
      return NEVER;
  }
}

/** Null for any value. */
type Allowed = ReadonlyMap<string, ReadonlySet<string> | null>;

function allowedOf(spec: Json, path: Path, complain: Complain): Allowed {
  if (!isRecord(spec)) return new Map(stringList(spec, path, complain, parameterName).map((name) => [name, null]));
  const entries = Object.entries(spec as Readonly<Record<string, Json>>);
  if (entries.length === 0) complain(path, 'no parameter is named; say query: none');
  return new Map(
    entries.map(([name, values]) => {
      const place = [...path, name];
      stringList(name, place, complain, parameterName);
      return [name, values === 'any' ? null : new Set(stringList(values, place, complain, parameterValue))];
    }),
  );
}

function parameterName(raw: string): Canonical<string> {
  return /^[\w$.:@~[\]-]{1,100}$/.test(raw)
    ? canonical(raw)
    : none('a parameter is named by letters, digits and any of _ $ . : @ ~ - [ ]');
}

function parameterValue(raw: string): Canonical<string> {
  return /\p{Cc}/u.test(raw) || !raw.isWellFormed() ? none('it has control characters') : canonical(raw);
}

function only(allowed: Allowed, purpose: Purpose): QueryTest {
  const holds = (query: string): boolean => {
    const found = readQuery(query);
    if (found === undefined) return purpose === 'closes';
    return [...found].every(([name, value]) => {
      const values = allowed.get(name);
      return values === null || values?.has(value) === true;
    });
  };
  return { holds, why: `has a query with more than ${oneOfWords([...allowed.keys()])}, or other values` };
}

function has(names: readonly string[], purpose: Purpose): QueryTest {
  const why = `has no parameter ${oneOfWords(names)}`;
  if (purpose === 'closes') {
    const wanted = namesToFind(names);
    return { holds: (query) => mayHold(query, wanted), why };
  }
  return { holds: (query) => names.some((name) => readQuery(query)?.has(name) === true), why };
}
