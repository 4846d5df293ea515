/**
 * Breaking lines before the terminal does (S11): a line that wraps by itself goes on at the left margin, where it can
 * pass for a line of ours.
 */

/** What stands before the rest of a line that was broken. */
export const GOES_ON = '  ┊ ';

/** Our own styles take no room; there are none in foreign text. */
// eslint-disable-next-line no-control-regex -- what node:util writes for a style
const PARTS = /\u001b\[[0-9;]*m|[^]/gu;

/** `text` in pieces: the first of at most `first` columns, each further one of at most `rest`. Nothing is lost. */
export function foldLine(text: string, first: number, rest: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let left = Math.max(first, LEAST);
  for (const part of text.match(PARTS) ?? []) {
    const width = columnsOf(part);
    if (width > left) {
      pieces.push(piece);
      piece = '';
      left = Math.max(rest, LEAST);
    }
    piece += part;
    left -= width;
  }
  return [...pieces, piece];
}

/** In fewer nothing can be read. */
const LEAST = 16;

/** At most what a terminal takes for it: two where East Asian fonts may draw it wide, up to eight for a tab. */
function columnsOf(part: string): number {
  if (part.startsWith('\u001b')) return 0;
  if (part === '\t') return 8;
  return (part.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2;
}
