/**
 * What a rule says of one argument, made comparable: any of some cases, each of them facts that all hold. A claim about
 * a plain argument is one about the only element of a list, so that both are compared the same way.
 */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import type { Matcher, Purpose } from '../matchers/matcher.ts';
import { isPlain } from '../matchers/matcher.ts';
import { ALWAYS } from './atom.ts';
import { KIND_MEANINGS } from './kind-meanings.ts';
import type { Bracket, KindMeaning } from './meaning.ts';

export interface Fact extends Bracket {
  /** Facts with one text are one fact. */
  readonly text: string;
  /** Of the key that says it; null where nothing can be tried. */
  readonly matcher: Matcher | null;
}

export type Case = readonly Fact[];
export type Cases = readonly Case[];

/** Of a list with at least one element, which the kinds of lists see to. */
export interface Claim {
  readonly every: Cases;
  /** For each of these there is an element. */
  readonly some: readonly Cases[];
  readonly max: number;
  /** All values an element can have, where they are few. */
  readonly universe: readonly Json[] | undefined;
}

const ANY: Cases = [[]];

interface Reading {
  readonly kind: KindMeaning;
  readonly purpose: Purpose;
}

/** Total: of what is broken nothing is claimed. */
export function readClaim(shape: ArgumentShape, spec: Json, purpose: Purpose): Claim {
  const reading: Reading = { kind: KIND_MEANINGS[shape.kind], purpose };
  const { universe } = reading.kind;
  if (!shape.list) return { every: readCases(reading, spec), some: [], max: 1, universe };
  if (!isRecord(spec) || Object.keys(spec).length === 0)
    return { ...anything(shape), every: [[unclear('list', spec)]] };
  const { every, some, max, ...unknown } = spec as Readonly<Record<string, Json>>;
  const odd = Object.entries(unknown).map(([key, value]) => unclear(key, value));
  if (max !== undefined && typeof max !== 'number') odd.push(unclear('max', max));
  return {
    every: (every === undefined ? ANY : readCases(reading, every)).map((facts) => [...facts, ...odd]),
    some: some === undefined ? [] : [readCases(reading, some)],
    max: typeof max === 'number' ? max : Infinity,
    universe,
  };
}

/** What every value of the argument fulfils. */
export function anything({ kind, list }: ArgumentShape): Claim {
  return { every: ANY, some: [], max: list ? Infinity : 1, universe: KIND_MEANINGS[kind].universe };
}

/** About an argument that there is not. */
export function unclearClaim(spec: Json): Claim {
  return { every: [[unclear('argument', spec)]], some: [], max: 1, universe: undefined };
}

/** More cases than this are not multiplied out. */
const MAX_CASES = 512;

/** What fulfils both; where that would be too much to write down, what fulfils the first, which claims less. */
export function both(one: Cases, other: Cases): Cases {
  if (one.length * other.length > MAX_CASES) return one;
  return one.flatMap((a) => other.map((b) => [...a, ...b]));
}

/** For narrow sides only: it may stand for more than both do. */
export function bothClaims(one: Claim, other: Claim): Claim {
  return {
    every: both(one.every, other.every),
    some: [...one.some, ...other.some],
    max: Math.min(one.max, other.max),
    universe: one.universe,
  };
}

function readCases(reading: Reading, spec: Json): Cases {
  const { matchers } = reading.kind;
  if (matchers.listMeans !== undefined && isPlain(spec)) return [factsOf(reading, matchers.listMeans, spec)];
  if (!isRecord(spec) || Object.keys(spec).length === 0) return [[unclear('matcher', spec)]];
  const { any, anyOf, ...keys } = spec as Readonly<Record<string, Json>>;
  const said = Object.entries(keys).flatMap(([key, value]) => factsOf(reading, key, value));
  if (any !== undefined && any !== true) said.push(unclear('any', any));
  const facts = [...said, ...unsaid(reading, spec as Readonly<Record<string, Json>>)];
  if (anyOf === undefined) return [facts];
  if (!Array.isArray(anyOf)) return [[...facts, unclear('anyOf', anyOf)]];
  return (anyOf as readonly Json[]).flatMap((one) => readCases(reading, one).map((rest) => [...facts, ...rest]));
}

/** As `compile-argument.ts` does: what nobody wrote, and what `any` means where it is less than everything. */
function unsaid(reading: Reading, spec: Readonly<Record<string, Json>>): Fact[] {
  if (reading.purpose === 'closes') return [];
  const { anyOpens = {}, implied = {} } = reading.kind.matchers;
  const has = (key: string): boolean => Object.hasOwn(spec, key);
  const meant = has('any') ? (spec['any'] === true ? anyOpens : {}) : has('anyOf') ? {} : implied;
  return Object.entries(meant).flatMap(([key, value]) => (has(key) ? [] : factsOf(reading, key, value)));
}

function factsOf({ kind, purpose }: Reading, key: string, value: Json): Fact[] {
  let broken = false;
  const matcher = kind.matchers.compileKey(key, value, [], () => (broken = true), purpose);
  if (broken || matcher === undefined) return [unclear(key, value)];
  const text = `${purpose} ${key} ${JSON.stringify(value)}`;
  const meaning = kind.meaningOf(key, value, purpose) ?? [{ inner: [], outer: [ALWAYS] }];
  return meaning.map((bracket) => ({ ...bracket, text, matcher }));
}

/** Nothing implies it, and it implies nothing. */
function unclear(key: string, value: Json): Fact {
  return { inner: [], outer: [ALWAYS], text: `unclear ${key} ${JSON.stringify(value)}`, matcher: null };
}
