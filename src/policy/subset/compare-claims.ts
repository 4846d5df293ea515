/**
 * Claims compared. True is proven, and holds for each canonical value of the argument; false means no more than "not
 * proven".
 */
import type { Json } from '../../domain/json.ts';
import type { Atom } from './atom.ts';
import { ALWAYS } from './atom.ts';
import type { Case, Cases, Claim, Fact } from './claim.ts';
import { both, bothClaims } from './claim.ts';
import { atomsExclude, impliesAtom } from './compare-atoms.ts';

/** Whatever fulfils `narrow` fulfils `wide`. */
export function covers(wide: Claim, narrow: Claim): boolean {
  if (neverMatches(narrow)) return true;
  // An element that `some` speaks of is one of those that `every` speaks of; the only element is both.
  const some = narrow.some.map((cases) => both(narrow.every, cases));
  const every = narrow.max === 1 ? some.reduce(both, narrow.every) : narrow.every;
  return (
    narrow.max <= wide.max &&
    coversCases(wide.every, every, narrow.universe) &&
    wide.some.every((cases) => [every, ...some].some((found) => coversCases(cases, found, narrow.universe)))
  );
}

/** Nothing fulfils both. */
export function disjoint(one: Claim, other: Claim): boolean {
  return neverMatches(bothClaims(one, other));
}

/** Answers about claims, which never change: each is compared with many others. */
const answered = new WeakMap<Claim, boolean>();

/** Nothing fulfils it. */
export function neverMatches(claim: Claim): boolean {
  const known = answered.get(claim);
  if (known !== undefined) return known;
  const answer = isContradictory(claim);
  answered.set(claim, answer);
  return answer;
}

function isContradictory({ every, some, max, universe }: Claim): boolean {
  if (max < 1) return true;
  const elements = some.map((cases) => both(every, cases));
  if (max === 1) elements.push(elements.reduce(both, every));
  return [every, ...elements].some((cases) => cases.every((facts) => caseNever(facts, universe)));
}

/** `value` fulfils it, for a plain argument: true and false are sure, undefined is not. */
export function fulfils({ every }: Claim, value: Json): boolean | undefined {
  if (Array.isArray(value)) return undefined;
  if (every.some((facts) => facts.every(({ matcher }) => matcher !== null && matches(matcher, value)))) return true;
  return every.every((facts) => !mayFulfil(facts, value)) ? false : undefined;
}

function coversCases(wide: Cases, narrow: Cases, universe: readonly Json[] | undefined): boolean {
  return narrow.every(
    (facts) =>
      wide.some((wanted) => wanted.every((fact) => isImplied(fact, facts))) ||
      split(facts).every((part) => coversPart(wide, part, universe)),
  );
}

function coversPart(wide: Cases, part: Case, universe: readonly Json[] | undefined): boolean {
  const values = valuesOf(part, universe);
  const fulfilled = (value: Json): boolean =>
    wide.some((facts) => facts.every(({ matcher }) => matcher !== null && matches(matcher, value)));
  return (
    wide.some((wanted) => wanted.every((fact) => isImplied(fact, part))) ||
    (values !== undefined && values.every(fulfilled)) ||
    partNever(part, universe)
  );
}

function isImplied(wanted: Fact, given: Case): boolean {
  return [NOTHING, ...given].some(
    ({ text, outer }) =>
      text === wanted.text || outer.every((atom) => wanted.inner.some((other) => impliesAtom(atom, other))),
  );
}

/** For what is always true, also where nothing is given. */
const NOTHING: Fact = { inner: [], outer: [ALWAYS], text: '', matcher: null };

/** More parts than this are not looked at one by one. */
const MAX_PARTS = 256;

/** The case cut into parts of which each fact says one thing. */
function split(facts: Case): Cases {
  let parts: Cases = [[]];
  for (const fact of facts) {
    const single = fact.outer.map((atom): Fact => ({ ...fact, outer: [atom] }));
    parts =
      parts.length * single.length > MAX_PARTS
        ? both(parts, [[fact]])
        : both(
            parts,
            single.map((one) => [one]),
          );
  }
  return parts;
}

function caseNever(facts: Case, universe: readonly Json[] | undefined): boolean {
  return partNever(facts, universe) || split(facts).every((part) => partNever(part, universe));
}

function partNever(facts: Case, universe: readonly Json[] | undefined): boolean {
  // Patterns last: they cost most, and most cases that cannot be are seen without them.
  const plain = facts.filter(({ outer }) => !outer.some(isPattern));
  return (
    holdExclusion(plain) ||
    (plain.length < facts.length && holdExclusion(facts)) ||
    valuesOf(facts, universe)?.length === 0
  );
}

function isPattern({ is }: Atom): boolean {
  return is === 'pattern' || is === 'reading';
}

/** Some fact excludes another, or itself. */
function holdExclusion(facts: Case): boolean {
  return facts.some((one, index) =>
    facts.some((other, at) => at >= index && one.outer.every((a) => other.outer.every((b) => atomsExclude(a, b)))),
  );
}

/** All values that can fulfil the case, where they are few. */
function valuesOf(facts: Case, universe: readonly Json[] | undefined): readonly Json[] | undefined {
  const named = facts.map(({ outer }) => valuesNamed(outer)).find((values) => values !== undefined);
  return (named ?? universe)?.filter((value) => mayFulfil(facts, value));
}

function valuesNamed(outer: Fact['outer']): readonly Json[] | undefined {
  const values = outer.flatMap((atom) => (atom.is === 'value' ? [atom.value] : []));
  return values.length === outer.length ? values : undefined;
}

function mayFulfil(facts: Case, value: Json): boolean {
  return facts.every(({ matcher }) => matcher === null || matches(matcher, value));
}

function matches(matcher: NonNullable<Fact['matcher']>, value: Json): boolean {
  return matcher(value, '') === null;
}
