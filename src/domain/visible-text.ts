/**
 * Makes characters that could deceive a reader visible (S11): controls, bidi controls, zero-width and other format
 * characters, whatever fonts draw as nothing or as a blank, white space but the plain space, lone surrogates, private
 * use and unassigned code points. Newline and tab stay where `multiline` says so. Total and idempotent on its own output.
 */
export function visibleText(text: string, options: { readonly multiline: boolean } = { multiline: true }): string {
  return replaceHidden(text, (hidden) =>
    options.multiline && (hidden === '\n' || hidden === '\t') ? hidden : name(hidden),
  );
}

/** As `visibleText`, on one line. */
export function visibleLine(text: string): string {
  return visibleText(text, { multiline: false });
}

/** `text` with each character that a reader may not see, newline and tab among them, as `write` writes it. */
export function replaceHidden(text: string, write: (hidden: string) => string): string {
  return text.replaceAll(HIDDEN, write);
}

/** By their properties in Unicode; at the end those that are drawn as a blank though no property says so. */
const HIDDEN =
  /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800\uFFFC\u{13441}\u{13442}\u{16FE4}\u{1D159}]/gu;

function name(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
