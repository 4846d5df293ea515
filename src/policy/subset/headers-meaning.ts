import type { Json } from '../../domain/json.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { compileHeaders } from '../matchers/headers.ts';
import type { Atom } from './atom.ts';
import type { KindMeaning, Meaning } from './meaning.ts';
import { exactly, textEntries, textsOf } from './meaning.ts';

export const headersMeaning: KindMeaning = {
  matchers: compileHeaders,
  meaningOf: (key, value, purpose) => {
    switch (key) {
      case 'only': {
        const names = textsOf(value);
        if (names === undefined) return undefined;
        const allowed = new Map(names.map((name) => [name, null]));
        return exactly([{ is: 'members', of: 'headers', allowed, orUnreadable: false }]);
      }
      case 'values':
        return meaningOfValues(value, purpose);
      default:
        return undefined;
    }
  },
};

/** In what opens every header that is named has one of its values; in what closes one such header suffices. */
function meaningOfValues(value: Json, purpose: Purpose): Meaning {
  const entries = textEntries(value);
  if (entries === undefined || entries.length === 0) return undefined;
  if (purpose === 'opens')
    return entries.flatMap(([name, values]) => exactly([{ is: 'memberValues', of: 'headers', name, values }]) ?? []);
  const atoms = entries.flatMap(([name, values]) =>
    values.map((one): Atom => ({ is: 'asWritten', of: name, text: one })),
  );
  return exactly(atoms);
}
