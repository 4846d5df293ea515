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
  const crlf = usesCrlf(text);
  const variants = oldText.includes('\n') ? [oldText, withCrlf(oldText)] : [oldText];
  const found = variants
    .map((variant) => ({ variant, starts: startsOf(variant, text) }))
    .filter(({ starts }) => starts.length > 0);
  if (found.length === 0) return none('the old text does not stand there; look at it with read_file');
  // Places that overlap are two.
  if (!all && (found.length > 1 || (found[0]?.starts.length ?? 0) > 1)) {
    return none('the old text stands there more than once; give more of what is around it, or replace_all');
  }
  let edited = text;
  for (const { variant } of found) {
    const ends = oldText.includes('\n') ? variant !== oldText : crlf;
    const parts = partsBetween(edited, variant);
    const fresh = ends ? withCrlf(newText) : newText;
    if (edited.length + (parts.length - 1) * (fresh.length - variant.length) > MAX_LENGTH) {
      return none('the file would become too large');
    }
    edited = parts.join(fresh);
  }
  return edited === text ? none('nothing would change') : { kind: 'edited', text: edited };
}

function none(why: string): Edited {
  return { kind: 'none', why };
}

/** As `split` does it, in time that grows with the text alone. */
function partsBetween(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let end = 0;
  for (const start of startsOf(separator, text)) {
    if (start < end) continue;
    parts.push(text.slice(end, start));
    end = start + separator.length;
  }
  return [...parts, text.slice(end)];
}

function usesCrlf(text: string): boolean {
  const crlf = text.split('\r\n').length - 1;
  return crlf * 2 > text.split('\n').length - 1;
}

function withCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
