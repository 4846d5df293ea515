import type { Json } from '../../domain/json.ts';
import { canonical, none } from '../kinds/kind.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain, KindMatchers, Purpose } from './matcher.ts';
import { isText, never } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/**
 * Matchers of text: exact values, contained words (case as written), length in UTF-16 code units. One that closes sees
 * words also in other forms of their characters (full-width, composed or not) and through invisible ones, and takes a
 * text with more than 30 marks in a row for one that holds them. Words are still no boundary: the same can be said in
 * others.
 */
export const compileText: KindMatchers = {
  keys: ['oneOf', 'contains', 'minLength', 'maxLength'],
  takes: isText,
  compileKey: (key, value, path, complain, purpose) => {
    switch (key) {
      case 'oneOf': {
        const values = stringList(value, path, complain);
        return onText(inAnyForm(purpose, values, isOneOf), `is not ${oneOfWords(values)}`);
      }
      case 'contains': {
        const parts = stringList(value, path, complain, (raw) =>
          raw === '' ? none('every text contains the empty one') : canonical(raw),
        );
        return onText(inAnyForm(purpose, parts, containsOneOf), `does not contain ${oneOfWords(parts)}`);
      }
      case 'minLength':
      case 'maxLength': {
        const length = lengthOf(key, value, path, complain);
        if (length === undefined) return never;
        return key === 'minLength'
          ? onText((found) => found.length >= length, `is shorter than ${length}`)
          : onText((found) => found.length <= length, `is longer than ${length}`);
      }
      default:
        return undefined;
    }
  },
};

function lengthOf(key: string, value: Json, path: Path, complain: Complain): number | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  complain(path, `"${key}" is a whole number`);
  return undefined;
}

type TestOf = (values: readonly string[]) => (found: string) => boolean;

const isOneOf: TestOf = (values) => {
  const set = new Set(values);
  return (found) => set.has(found);
};

const containsOneOf: TestOf = (parts) => (found) => parts.some((part) => found.includes(part));

/**
 * As written; in what closes also with both sides folded. A text that cannot be folded may hold any words: what closes
 * sees them in it.
 */
function inAnyForm(purpose: Purpose, values: readonly string[], testOf: TestOf): (found: string) => boolean {
  const written = testOf(values);
  if (purpose === 'opens') return written;
  const folded = testOf(values.flatMap((value) => fold(value) ?? []).filter((value) => value !== ''));
  return (found) => {
    if (written(found)) return true;
    const form = foldedOnce(found);
    return form === undefined || folded(form);
  };
}

/** One entry: all rules look at the text of one action, and folding takes longer than looking. */
let last: { readonly text: string; readonly folded: string | undefined } = { text: '', folded: '' };

function foldedOnce(text: string): string | undefined {
  if (text !== last.text) last = { text, folded: fold(text) };
  return last.folded;
}

/** One form of what looks alike: compatibility characters mapped, composed, what nobody sees left out. */
function fold(text: string): string | undefined {
  if (isAscii(text)) return text;
  const seen = text.replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  return MANY_MARKS.test(seen) ? undefined : seen.normalize('NFKC');
}

/**
 * More marks on one letter than any language has (UAX #15 bounds them at 30). Normal forms sort such a run in time that
 * grows with its square: seconds for one argument. The two at the end become marks when they are mapped.
 */
export const MANY_MARKS = /[\p{M}\uFF9E\uFF9F]{31}/u;

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
