/**
 * What was and what will be, of one value (S11). The values themselves are compared, never how they are written: an amount
 * and a text that reads like it are two things, and so are no value and the words for none.
 */
import type { Json } from '../domain/json.ts';
import { visibleLine } from '../domain/visible-text.ts';
import type { Values } from './scope.ts';
import type { Template } from './template.ts';
import { joined, loneValue, valueOf } from './template.ts';
import { inWords, NOT_GIVEN } from './words.ts';

export interface Comparison {
  readonly name: string;
  readonly before: Template;
  readonly after: Template;
}

/** Values on one line each: a line break in one must not begin a line that looks like another. */
export function change({ name, before, after }: Comparison, values: Values): string {
  const was = shown(before, values);
  if (isMissing(after, values)) return `${name}: not sent, was: ${was}`;
  if (identity(before, values) === identity(after, values)) return `${name}: unchanged: ${was}`;
  const will = shown(after, values);
  const [one, other] = was === will ? [exact(before, values), exact(after, values)] : [was, will];
  return `${name}: changes\n  before: ${one}\n  after:  ${other}`;
}

function isMissing(template: Template, values: Values): boolean {
  const lone = loneValue(template);
  return lone !== undefined && valueOf(lone, values) === undefined;
}

function shown(template: Template, values: Values): string {
  const words = visibleLine(inWords(template, values));
  return words === NOT_GIVEN && !isMissing(template, values) ? exact(template, values) : words;
}

/** The same for two templates only where they stand for the same: fixed text is as a value that is that text. */
function identity(template: Template, values: Values): string {
  return template
    .map((piece) => {
      if (piece.kind !== 'value') return inOrder([piece.kind === 'text' ? piece.text : '']);
      const value = valueOf(piece, values);
      return value === undefined ? '-' : inOrder([value]);
    })
    .join('');
}

/** With the members of an object by their names: an amount is the same in whatever order it was made. */
function inOrder(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** As JSON in ASCII: no two values are written alike. */
function exact(template: Template, values: Values): string {
  return joined(template, (piece) => {
    const value = piece.kind === 'value' ? valueOf(piece, values) : undefined;
    if (value === undefined) return NOT_GIVEN;
    const code = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, code);
  });
}
