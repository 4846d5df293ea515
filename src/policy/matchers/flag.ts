import type { KindMatchers } from './matcher.ts';
import { matcherOf, never } from './matcher.ts';

/** The matcher of flags: `is: true` or `is: false`. */
export const compileFlag: KindMatchers = {
  keys: ['is'],
  takes: (value) => typeof value === 'boolean',
  compileKey: (key, value, path, complain) => {
    if (key !== 'is') return undefined;
    if (typeof value === 'boolean') {
      return matcherOf(
        (found) => found === value,
        (_, at) => ({ at, why: `it is not ${String(value)}` }),
      );
    }
    complain(path, '"is" is true or false, without quotes');
    return never;
  },
};
