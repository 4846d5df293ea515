/** A long text in pages for the model: on line ends where lines allow it, the same pages for the same text. */
import { utf8Length } from '../domain/text-size.ts';

const PAGE_BYTES = 40 * 1024;

/** At least one page; together they are the text. A line longer than a page is cut between characters. */
export function pagesOf(text: string): readonly string[] {
  const pages: string[] = [];
  let [page, size] = ['', 0];
  for (const part of partsOf(text)) {
    const bytes = utf8Length(part);
    if (size > 0 && size + bytes > PAGE_BYTES) {
      pages.push(page);
      [page, size] = ['', 0];
    }
    [page, size] = [page + part, size + bytes];
  }
  return page === '' && pages.length > 0 ? pages : [...pages, page];
}

/** Lines with their ends; of a line that fits on no page, pieces that do. */
function* partsOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const line = text.slice(start, newline < 0 ? text.length : newline + 1);
    start += line.length;
    // A character has at most 3 bytes for each of its code units.
    if (line.length * 3 <= PAGE_BYTES || utf8Length(line) <= PAGE_BYTES) yield line;
    else yield* piecesOf(line);
  }
}

function* piecesOf(line: string): Generator<string> {
  const units = Math.floor(PAGE_BYTES / 3);
  for (let start = 0; start < line.length;) {
    const isCutPair = /[\uD800-\uDBFF]/.test(line.charAt(start + units - 1));
    const piece = line.slice(start, start + units - (isCutPair ? 1 : 0));
    start += piece.length;
    yield piece;
  }
}
