import { canonical, none } from '../kinds/kind.ts';
import type { KindMatchers } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/** Matchers of text: exact values, contained words (case as written), length in UTF-16 code units. */
export const compileText: KindMatchers = {
  keys: ['oneOf', 'contains', 'maxLength'],
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'oneOf': {
        const values = stringList(value, path, complain);
        return onText((found) => values.includes(found), `is not ${oneOfWords(values)}`);
      }
      case 'contains': {
        const parts = stringList(value, path, complain, (raw) =>
          raw === '' ? none('every text contains the empty one') : canonical(raw),
        );
        return onText((found) => parts.some((part) => found.includes(part)), `does not contain ${oneOfWords(parts)}`);
      }
      case 'maxLength':
        if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
          complain(path, '"maxLength" is a whole number');
        return onText(
          (found) => typeof value === 'number' && found.length <= value,
          `is longer than ${typeof value === 'number' ? value : '?'}`,
        );
      default:
        return undefined;
    }
  },
};
