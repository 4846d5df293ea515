/** Bytes of `text` in UTF-8; a lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** `text` whole, or as many of its first characters as fit in `limit` bytes with an ellipsis. For labels only (S11). */
export function withinBytes(text: string, limit: number): string {
  if (utf8Length(text) <= limit) return text;
  let kept = '';
  let bytes = utf8Length('…');
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > limit) break;
    kept += character;
  }
  return `${kept}…`;
}
