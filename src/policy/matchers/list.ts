/** Matchers of list arguments. A rule must say how it means a list: `every`, `some`, and how many. */
import type { Json } from '../../domain/json.ts';
import type { Matcher } from './matcher.ts';

export const LIST_KEYS: readonly string[] = ['every', 'some', 'max'];

/** Of an empty list nothing is true, lest a rule about its elements match none of them. */
export function everyOf(element: Matcher): Matcher {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, why: 'it is not a list' };
    if (value.length === 0) return { at, why: 'the list is empty' };
    for (const [index, item] of (value as readonly Json[]).entries()) {
      const miss = element(item, `${at}[${index}]`);
      if (miss !== null) return miss;
    }
    return null;
  };
}

export function someOf(element: Matcher): Matcher {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, why: 'it is not a list' };
    const items = value as readonly Json[];
    return items.some((item, index) => element(item, `${at}[${index}]`) === null)
      ? null
      : { at, why: 'no element of it matches' };
  };
}

export function atMost(max: number): Matcher {
  return (value, at) =>
    Array.isArray(value) && value.length <= max ? null : { at, why: `it has more than ${max} elements` };
}
