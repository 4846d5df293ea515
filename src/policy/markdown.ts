/** Words of the file in Markdown, so that they are read as words: no value leaves its line or its code span (S11). */
import { visibleLine } from '../domain/visible-text.ts';

/** No text of the file is read as Markdown or HTML; within a line, for what only means something where one begins is let be. */
export function escaped(text: string): string {
  return visibleLine(text).replaceAll(MEANS_SOMETHING, (character) => `\\${character}`);
}

/** An underscore between letters means nothing, nor does an ampersand that begins no entity. */
const MEANS_SOMETHING = /[\\`*[<~]|&(?=[#\w]+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** A value of the file on one line, what nobody sees made visible, in a code span that it cannot end. */
export function code(value: string): string {
  // Without anything between them, backticks would begin a span that ends who knows where.
  if (value === '') return '(nothing)';
  const shown = visibleLine(value);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // Markdown takes one blank away from either side.
  const space = longest > 0 || shown.startsWith(' ') || shown.endsWith(' ') ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** Words of the file as one plain sentence. */
export function sentence(text: string): string {
  const words = escaped(text.replaceAll(/\s+/g, ' ').trim());
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
