/** What a person is shown of a declared call: the parts that the file names; the request itself follows, whole (S11). */
import type { PreviewPart } from '../domain/request.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Comparison } from './comparison.ts';
import { change } from './comparison.ts';
import type { Compiling } from './compile-template.ts';
import { compileTemplate } from './compile-template.ts';
import type { Values } from './scope.ts';
import type { Template } from './template.ts';
import type { PreviewPart as Declared } from './tools-schema.ts';
import { inWords, saidByServer } from './words.ts';

export type PartTemplate =
  | { readonly kind: 'text'; readonly label: string; readonly text: Template }
  | { readonly kind: 'compare'; readonly label: string; readonly lines: readonly Comparison[] };

export function compilePreview(parts: readonly Declared[], at: Path, compiling: Compiling): readonly PartTemplate[] {
  return parts.map(({ label, text, compare }, index) => {
    const place = [...at, index];
    if (/[{}]/.test(label)) compiling.complain([...place, 'label'], 'no placeholder may stand in a label');
    if ((text === undefined) === (compare === undefined))
      compiling.complain(place, 'a part of the preview has "text" or "compare", one of the two');
    if (compare === undefined)
      return { kind: 'text', label, text: compileTemplate(text ?? '', [...place, 'text'], compiling) };
    const lines = compare.map(({ name, before, after }, line) => ({
      name,
      before: compileTemplate(before, [...place, 'compare', line, 'before'], compiling),
      after: compileTemplate(after, [...place, 'compare', line, 'after'], compiling),
    }));
    return { kind: 'compare', label, lines };
  });
}

/** Marked in the label, into which no value is written: which of the values `server` said. */
export function showParts(parts: readonly PartTemplate[], values: Values, server: string): readonly PreviewPart[] {
  return parts.map((part) => {
    const templates = part.kind === 'text' ? [part.text] : part.lines.flatMap(({ before, after }) => [before, after]);
    const said = [...new Set(templates.flatMap(saidByServer))];
    const mark = said.length === 0 ? '' : ` (${said.join(', ')}: as ${server} says)`;
    const text =
      part.kind === 'text' ? inWords(part.text, values) : part.lines.map((line) => change(line, values)).join('\n');
    return { label: `${part.label}${mark}`, text };
  });
}
