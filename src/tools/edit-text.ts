/**
 * A literal replacement in a text that keeps its line ends: what the model writes has LF, and stands for CRLF in a file
 * that has it. Nothing is ever read as a pattern, neither the old text nor the new one (`$&`).
 */
import { startsOf } from '../domain/find-text.ts';

export type Edited =
  { readonly kind: 'edited'; readonly text: string } | { readonly kind: 'none'; readonly why: string };

const MAX_LENGTH = 4 * 1024 * 1024;

export function editText(text: string, oldText: string, newText: string, all: boolean): Edited {
  if (oldText === '') return none('the old text is empty; write_file writes a whole file');
  if (oldText === newText) return none('old and new text are the same');
  const places = placesOf(oldText, text);
  if (places.length === 0) return none('the old text does not stand there; look at it with read_file');
  // Places that overlap are two.
  if (!all && places.length > 1) {
    return none('the old text stands there more than once; give more of what is around it, or replace_all');
  }
  const byBreaks = oldText.includes('\n') ? undefined : usesCrlf(text);
  const fresh = { lf: newText, crlf: withCrlf(newText) };
  const parts: string[] = [];
  let [from, length] = [0, text.length];
  for (const { start, end, hasCrlf } of places) {
    if (start < from) continue;
    const instead = (byBreaks ?? hasCrlf) ? fresh.crlf : fresh.lf;
    length += instead.length - (end - start);
    if (length > MAX_LENGTH) return none('the file would become too large');
    parts.push(text.slice(from, start), instead);
    from = end;
  }
  const edited = [...parts, text.slice(from)].join('');
  return edited === text ? none('nothing would change') : { kind: 'edited', text: edited };
}

function none(why: string): Edited {
  return { kind: 'none', why };
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly hasCrlf: boolean;
}

/** In order, all in the text as it is: what is put in is never looked at again. */
function placesOf(oldText: string, text: string): readonly Place[] {
  const placesWith = (variant: string, hasCrlf: boolean): readonly Place[] =>
    startsOf(variant, text)
      // The second half of a CRLF is no line break of its own.
      .filter((start) => !(variant.startsWith('\n') && text[start - 1] === '\r'))
      .map((start) => ({ start, end: start + variant.length, hasCrlf }));
  if (!oldText.includes('\n')) return placesWith(oldText, false);
  return [...placesWith(oldText, false), ...placesWith(withCrlf(oldText), true)].toSorted((a, b) => a.start - b.start);
}

function usesCrlf(text: string): boolean {
  const crlf = text.split('\r\n').length - 1;
  return crlf * 2 > text.split('\n').length - 1;
}

function withCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
