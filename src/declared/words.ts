/**
 * Values in words for people (S11). A text stands as it is where it stands alone; among other words it is quoted, so that
 * it cannot pass for them: a title may say "kettle for 1.00 EUR".
 */
import type { Json } from '../domain/json.ts';
import { amountInWords } from '../policy/kinds/money.ts';
import type { Values } from './scope.ts';
import type { Template, ValuePiece } from './template.ts';
import { asMoney, isEtag, joined, loneValue, textOf, valueOf, valuesIn } from './template.ts';

export const NOT_GIVEN = '(none)';

export function inWords(template: Template, values: Values): string {
  const lone = loneValue(template);
  if (lone !== undefined) return wordsOf(lone, values, asItIs, '\n');
  return joined(template, (piece) => (piece.kind === 'value' ? wordsOf(piece, values, quoted, ', ') : ''));
}

/** A part of a line that code writes: quoted even where it stands alone. */
export function inQuotedWords(template: Template, values: Values): string {
  return joined(template, (piece) => (piece.kind === 'value' ? wordsOf(piece, values, quoted, ', ') : ''));
}

function wordsOf(piece: ValuePiece, values: Values, write: (text: string) => string, between: string): string {
  const value = valueOf(piece, values);
  if (value === undefined) return piece.of.origin === 'field' && !piece.of.optional ? `(${piece.name})` : NOT_GIVEN;
  const one = (each: Json): string => {
    if (piece.of.kind === 'money' && piece.part === null) return amountInWords(asMoney(each));
    return typeof each === 'string' ? write(each) : textOf(each);
  };
  return Array.isArray(value) ? (value as readonly Json[]).map(one).join(between) : one(value);
}

const asItIs = (text: string): string => text;

/** One run of letters, digits and a few signs is plain enough to tell from the words around it. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_.:/@+-]{0,59}$/.test(text) ? text : JSON.stringify(text);
}

/** The names of those values that a server said. */
export function saidByServer(template: Template): readonly string[] {
  return valuesIn(template)
    .filter((piece) => piece.of.origin === 'field' && !isEtag(piece))
    .map(({ name }) => name);
}
