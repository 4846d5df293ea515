import { compileText } from '../matchers/text.ts';
import type { Purpose } from '../matchers/matcher.ts';
import type { Atom } from './atom.ts';
import { LENGTH } from './atom.ts';
import type { KindMeaning, Meaning } from './meaning.ts';
import { exactly, textsOf } from './meaning.ts';

export const textMeaning: KindMeaning = {
  matchers: compileText,
  meaningOf: (key, value, purpose) => {
    switch (key) {
      case 'oneOf':
        return inAnyForm(key, textsOf(value), purpose, (text) => ({ is: 'value', value: text }));
      case 'contains':
        return inAnyForm(key, textsOf(value), purpose, (text) => ({ is: 'contains', text }));
      case 'minLength':
        return typeof value === 'number'
          ? exactly([{ is: 'range', of: LENGTH, min: value, max: Infinity }])
          : undefined;
      case 'maxLength':
        return typeof value === 'number' ? exactly([{ is: 'range', of: LENGTH, min: 0, max: value }]) : undefined;
      default:
        return undefined;
    }
  },
};

/** What closes also sees texts that are written otherwise; of those nothing is known but that the rule sees them. */
function inAnyForm(
  key: string,
  texts: readonly string[] | undefined,
  purpose: Purpose,
  atomOf: (text: string) => Atom,
): Meaning {
  const written = texts?.map(atomOf);
  if (texts === undefined || written === undefined || purpose === 'opens') return exactly(written);
  const folded = texts.map((text): Atom => ({ is: 'asWritten', of: key, text }));
  return [{ inner: [...written, ...folded], outer: folded }];
}
