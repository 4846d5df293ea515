import { visibleLine } from '../../domain/visible-text.ts';
import type { Matcher } from './matcher.ts';
import { matcherOf } from './matcher.ts';

/** A matcher of strings; `why` follows the value in the explanation. */
export function onText(holds: (found: string) => boolean, why: string): Matcher {
  return matcherOf(
    (value) => typeof value === 'string' && holds(value),
    (value, at) => ({ at, why: typeof value === 'string' ? `"${inBrief(value)}" ${why}` : 'it is not a text' }),
  );
}

/** The first of the values a rule names, for an explanation. */
export function oneOfWords(values: readonly string[]): string {
  const shown = values.slice(0, 5).map((value) => inBrief(value));
  return values.length > 5 ? `${shown.join(' or ')} or ${values.length - 5} more` : shown.join(' or ');
}

/** Explanations are hints, not previews: what is long is shortened, and what could deceive is shown (S11). */
function inBrief(value: string): string {
  const characters = [...value.slice(0, 240)];
  const cut = characters.length > 120 || value.length > 240;
  return visibleLine(characters.slice(0, 120).join('')) + (cut ? '…' : '');
}
