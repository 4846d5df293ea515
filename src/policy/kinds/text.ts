import type { Kind } from './kind.ts';
import { canonical, none, stringKind } from './kind.ts';

/** The bounds of a text. */
export interface TextOptions {
  /** UTF-16 code units. */
  readonly maxLength: number;
  /** Line breaks and tabs may stand in it. */
  readonly multiline: boolean;
}

/** Free text: well-formed Unicode, line ends as "\n"; control characters are refused, all else is shown as it is. */
export function text({ maxLength, multiline }: TextOptions): Kind<string, 'text'> {
  return stringKind('text', maxLength, (raw) => {
    if (!raw.isWellFormed()) return none('the text has half a character (a lone surrogate)');
    const unified = multiline ? raw.replaceAll(/\r\n?/g, '\n') : raw;
    const allowed = multiline ? unified.replaceAll(/[\n\t]/g, '') : unified;
    if ((multiline ? /\p{Cc}/u : /[\p{Cc}\p{Zl}\p{Zp}]/u).test(allowed))
      return none(
        multiline ? 'the text has control characters' : 'the text must be one line without control characters',
      );
    return canonical(unified);
  });
}
