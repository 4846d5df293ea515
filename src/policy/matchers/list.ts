/** Matchers of list arguments. A rule must say how it means a list: `every`, `some`, and how many. */
import type { Json } from '../../domain/json.ts';
import type { Matcher, Miss } from './matcher.ts';
import { matcherOf } from './matcher.ts';

export const LIST_KEYS: readonly string[] = ['every', 'some', 'max'];

const NO_LIST = (at: string): Miss => ({ at, why: 'it is not a list' });

/** Of an empty list nothing is true, lest a rule about its elements match none of them. */
export function everyOf(element: Matcher): Matcher {
  const { holds } = element;
  return matcherOf(
    (value) => Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every((item) => holds(item)),
    (value, at) => {
      if (!Array.isArray(value)) return NO_LIST(at);
      if (value.length === 0) return { at, why: 'the list is empty' };
      const index = (value as readonly Json[]).findIndex((item) => !holds(item));
      return element(value[index] as Json, `${at}[${index}]`) ?? { at, why: 'an element does not match' };
    },
  );
}

export function someOf(element: Matcher): Matcher {
  const { holds } = element;
  return matcherOf(
    (value) => Array.isArray(value) && (value as readonly Json[]).some((item) => holds(item)),
    (value, at) => (Array.isArray(value) ? { at, why: 'no element of it matches' } : NO_LIST(at)),
  );
}

export function atMost(max: number): Matcher {
  return matcherOf(
    (value) => Array.isArray(value) && value.length <= max,
    (_, at) => ({ at, why: `it has more than ${max} elements` }),
  );
}
