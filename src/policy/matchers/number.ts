import type { Json } from '../../domain/json.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain, KindMatchers, Matcher } from './matcher.ts';
import { matcherOf, never } from './matcher.ts';

/** Matchers of numbers: inclusive bounds and exact values; a plain value or list means `oneOf`. */
export const compileNumber: KindMatchers = {
  keys: ['min', 'max', 'oneOf'],
  listMeans: 'oneOf',
  takes: (value) => typeof value === 'number',
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'min':
        return isBound(value, path, complain) ? onNumber((found) => found >= value, `is below ${value}`) : never;
      case 'max':
        return isBound(value, path, complain) ? onNumber((found) => found <= value, `is above ${value}`) : never;
      case 'oneOf': {
        const items: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
        if (items.length === 0) complain(path, 'the list is empty');
        const known = new Set(
          items.filter((item, index) => isBound(item, Array.isArray(value) ? [...path, index] : path, complain)),
        );
        return onNumber((found) => known.has(found), `is not ${items.slice(0, 5).map(String).join(' or ')}`);
      }
      default:
        return undefined;
    }
  },
};

function isBound(value: Json, path: Path, complain: Complain): value is number {
  if (typeof value === 'number' && Number.isFinite(value)) return true;
  complain(path, 'a number is expected here, without quotes');
  return false;
}

function onNumber(holds: (found: number) => boolean, why: string): Matcher {
  return matcherOf(
    (value) => typeof value === 'number' && holds(value),
    (value, at) => ({ at, why: typeof value === 'number' ? `${value} ${why}` : 'it is not a number' }),
  );
}
