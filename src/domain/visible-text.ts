/**
 * Makes characters that could deceive a reader visible (S11): C0 and C1 controls, bidi controls, zero-width and other
 * format characters, line and paragraph separators, variation and tag characters, lone surrogates and private use.
 * Newline and tab stay where `multiline` says so. Total and idempotent on its own output.
 */
export function visibleText(text: string, options: { readonly multiline: boolean } = { multiline: true }): string {
  let shown = '';
  for (const character of text) {
    shown += mayStay(character, options.multiline) ? character : name(character);
  }
  return shown;
}

/** As `visibleText`, on one line. */
export function visibleLine(text: string): string {
  return visibleText(text, { multiline: false });
}

const DECEIVING =
  /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800\uFE00-\uFE0F\u{E0100}-\u{E01EF}\u034F\u17B4\u17B5\u180B-\u180F]$/u;
const OTHER_SPACE = /^[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]$/u;

function mayStay(character: string, multiline: boolean): boolean {
  if (multiline && (character === '\n' || character === '\t')) return true;
  return !DECEIVING.test(character) && !OTHER_SPACE.test(character);
}

function name(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
