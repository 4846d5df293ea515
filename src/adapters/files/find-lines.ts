/**
 * Lines of a text that hold a literal, in time linear in the text whatever both are (Knuth, Morris, Pratt): neither the
 * model nor a file can make a search slow. Works on bytes, so a position never falls within a character.
 */
export interface FoundLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface Literal {
  readonly bytes: Uint8Array;
  readonly fallback: Uint16Array;
  readonly fold: Uint8Array;
}

/** `ignoreCase`: of the letters A to Z alone, for no other folding keeps lengths. At most 4,096 bytes, no line break. */
export function literalOf(text: string, ignoreCase: boolean): Literal {
  const fold = Uint8Array.from({ length: 256 }, (_, byte) =>
    ignoreCase && byte >= 65 && byte <= 90 ? byte + 32 : byte,
  );
  const bytes = Uint8Array.from(Buffer.from(text, 'utf8'), (byte) => fold[byte] ?? byte);
  const fallback = new Uint16Array(bytes.length);
  for (let at = 1, matched = 0; at < bytes.length; at += 1) {
    while (matched > 0 && bytes[at] !== bytes[matched]) matched = fallback[matched - 1] ?? 0;
    if (bytes[at] === bytes[matched]) matched += 1;
    fallback[at] = matched;
  }
  return { bytes, fallback, fold };
}

/** At most `max` lines, in order; each cut to about `maxLineBytes` around its first match. */
export function findLines(text: Uint8Array, literal: Literal, max: number, maxLineBytes = 240): readonly FoundLine[] {
  const found: FoundLine[] = [];
  const { bytes, fallback, fold } = literal;
  let [line, lineStart, matched] = [1, 0, 0];
  for (let at = 0; at < text.length && found.length < max; at += 1) {
    const byte = fold[text[at] ?? 0] ?? 0;
    while (matched > 0 && byte !== bytes[matched]) matched = fallback[matched - 1] ?? 0;
    if (byte === bytes[matched]) matched += 1;
    if (matched === bytes.length) {
      found.push({ line, text: lineAround(text, lineStart, at, maxLineBytes) });
      const end = text.indexOf(10, at);
      if (end < 0) break;
      [at, matched] = [end, 0];
    }
    if (text[at] === 10) [line, lineStart] = [line + 1, at + 1];
  }
  return found;
}

function lineAround(text: Uint8Array, lineStart: number, matchEnd: number, maxBytes: number): string {
  const newline = text.indexOf(10, matchEnd);
  const lineEnd = newline < 0 ? text.length : newline;
  const start = Math.max(lineStart, matchEnd - maxBytes);
  const end = Math.min(lineEnd, Math.max(matchEnd + 1, start + maxBytes));
  const shown = Buffer.from(text.subarray(onCharacter(text, start), onCharacter(text, end))).toString('utf8');
  return `${start > lineStart ? '…' : ''}${shown}${end < lineEnd ? '…' : ''}`;
}

/** The first position from `at` on that is no continuation byte. */
function onCharacter(text: Uint8Array, at: number): number {
  let position = at;
  while (position < text.length && ((text[position] ?? 0) & 0xc0) === 0x80) position += 1;
  return position;
}
