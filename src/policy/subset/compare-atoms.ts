/** What follows from one atom for another. True is proven; false means no more than "not proven". */
import type { Allowed, Atom, Bounded, Membered, Named, Patterned, Range } from './atom.ts';
import { LENGTH } from './atom.ts';
import { patternCovers, patternsDisjoint } from './pattern.ts';

/** For each value of which `given` is true, `wanted` is true. */
export function impliesAtom(given: Atom, wanted: Atom): boolean {
  switch (wanted.is) {
    case 'always':
      return true;
    case 'value':
      // Of scalars; any others count as different, which claims less.
      return isValue(given, wanted.value);
    case 'same':
    case 'has':
    case 'mayHave':
    case 'asWritten':
      return isNamed(given, wanted);
    case 'pattern':
    case 'reading':
      return impliesPattern(given, wanted);
    case 'range':
    case 'amount':
    case 'otherCurrency':
      return impliesBounds(given, wanted);
    case 'contains':
      return containsText(given, wanted.text);
    case 'members':
    case 'memberValues':
      return impliesMembers(given, wanted);
  }
}

function isValue(given: Atom, value: unknown): boolean {
  return given.is === 'value' && Object.is(given.value, value);
}

function containsText(given: Atom, text: string): boolean {
  return given.is === 'contains' && given.text.includes(text);
}

function isNamed(given: Atom, { is, of, text }: Named): boolean {
  return given.is === is && given.of === of && given.text === text;
}

function impliesPattern(given: Atom, { is, of, pattern }: Patterned): boolean {
  // A property as it stands is one of its readings.
  const comparable = given.is === 'pattern' || (given.is === 'reading' && is === 'reading');
  return comparable && given.of === of && patternCovers(pattern, given.pattern);
}

function impliesBounds(given: Atom, wanted: Bounded): boolean {
  switch (wanted.is) {
    case 'range': {
      const range = rangeOf(given, wanted.of);
      return range !== undefined && isWithin(range, wanted);
    }
    case 'amount':
      return given.is === 'amount' && given.currency === wanted.currency && isWithin(given, wanted);
    case 'otherCurrency':
      if (given.is === 'otherCurrency') return isSubset(wanted.than, given.than);
      return given.is === 'amount' && !wanted.than.includes(given.currency);
  }
}

function impliesMembers(given: Atom, wanted: Membered): boolean {
  switch (wanted.is) {
    case 'members':
      if (given.is !== 'members' || given.of !== wanted.of || (given.orUnreadable && !wanted.orUnreadable))
        return false;
      return [...given.allowed].every(([name, values]) => allows(wanted.allowed, name, values));
    case 'memberValues':
      if (given.is === 'members')
        return given.of === wanted.of && !given.orUnreadable && !given.allowed.has(wanted.name);
      if (given.is !== 'memberValues' || given.of !== wanted.of) return false;
      return given.name === wanted.name && isSubset(given.values, wanted.values);
  }
}

function allows(allowed: Allowed, name: string, values: readonly string[] | null): boolean {
  const wanted = allowed.get(name);
  return wanted === null || (wanted !== undefined && values !== null && isSubset(values, wanted));
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

function isWithin(inner: Range, outer: Range): boolean {
  return outer.min <= inner.min && inner.max <= outer.max;
}

/** What contains a text is at least as long. */
function rangeOf(atom: Atom, of: string): Range | undefined {
  if (atom.is === 'range' && atom.of === of) return atom;
  return atom.is === 'contains' && of === LENGTH ? { min: atom.text.length, max: Infinity } : undefined;
}

/** No value makes both true. */
export function atomsExclude(one: Atom, other: Atom): boolean {
  return excludes(one, other) || excludes(other, one);
}

function excludes(one: Atom, other: Atom): boolean {
  switch (one.is) {
    case 'same':
    case 'has':
    case 'mayHave':
    case 'asWritten':
      return excludesNamed(one, other);
    case 'pattern':
    case 'reading':
      return excludesPattern(one, other);
    case 'range':
    case 'amount':
    case 'otherCurrency':
      return excludesBounds(one, other);
    // Values are tried one by one where claims are compared; the rest can be true together with anything.
    case 'value':
    case 'always':
    case 'contains':
    case 'members':
    case 'memberValues':
      return false;
  }
}

function excludesNamed({ is, of, text }: Named, other: Atom): boolean {
  if (is === 'same') return other.is === 'same' && of === other.of && text !== other.text;
  if (other.is !== 'members' || of !== other.of) return false;
  // What only may be there is surely not where nothing may be.
  return is === 'has' ? !other.allowed.has(text) : is === 'mayHave' && other.allowed.size === 0 && !other.orUnreadable;
}

/** Two readings may be of one value. */
function excludesPattern({ is, of, pattern }: Patterned, other: Atom): boolean {
  return is === 'pattern' && other.is === 'pattern' && of === other.of && patternsDisjoint(pattern, other.pattern);
}

function excludesBounds(one: Bounded, other: Atom): boolean {
  if (one.is === 'range') return isApart(one, rangeOf(other, one.of));
  if (one.is !== 'amount') return false;
  if (other.is === 'otherCurrency') return other.than.includes(one.currency);
  return other.is === 'amount' && (one.currency !== other.currency || isApart(one, other));
}

function isApart(one: Range, other: Range | undefined): boolean {
  return one.min > one.max || (other !== undefined && (other.max < one.min || one.max < other.min));
}
