/** Characters that mean something elsewhere: a rule that is read otherwise than it was meant closes or opens nothing. */
import type { Canonical } from '../kinds/kind.ts';
import { canonicalPath } from '../kinds/path.ts';
import { none } from '../kinds/kind.ts';

/** For `under` and `is`, which take names: a path in its form, without wild cards. */
export function plainPath(key: 'under' | 'is'): (raw: string) => Canonical<string> {
  return (raw) => {
    const blank = problemOfBlankEnds(raw);
    if (blank !== undefined) return none(blank);
    const wild = /[*?]/.exec(raw)?.[0];
    if (wild === undefined && /\{[^/]*,[^/]*\}/.test(raw)) return none('braces mean nothing here: list the paths');
    return wild === undefined
      ? canonicalPath(raw)
      : none(`"${wild}" means nothing under "${key}": say ${insteadOf(key, raw)}`);
  };
}

/**
 * A name that seems to be another, for it begins or ends with what nobody sees: refused in a rule, though a file may be
 * called so. By the properties of Unicode, and U+2800, which is drawn as a blank though none says so.
 */
export function problemOfBlankEnds(path: string): string | undefined {
  return BLANK_END.test(path) ? 'a name in it begins or ends with a blank, or with what nobody sees' : undefined;
}

const BLANK_END =
  /(?<=^|\/)[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]|[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800](?=\/|$)/u;

function insteadOf(key: 'under' | 'is', raw: string): string {
  if (key === 'is') return `glob: '${raw}'`;
  const glob = raw.endsWith('*') ? raw : `${raw.replace(/\/$/, '')}/**`;
  const folder = /^(?:[^*?/]+\/)+/.exec(raw)?.[0].slice(0, -1);
  return folder === undefined ? `glob: '${glob}'` : `under: '${folder}', or glob: '${glob}'`;
}

/** What other patterns have (`{a,b}`, `[ab]`) is taken for itself here: refused, whatever it was meant to be. */
export function problemOfBraces(pattern: string): string | undefined {
  const found = /[{}[\]]/.exec(pattern)?.[0];
  if (found === undefined) return undefined;
  return `"${found}" has no meaning in a pattern: list the patterns; for such a character in a name write ?`;
}

/** In a path of a URL `{id}` stands for one segment, by the habit of API descriptions. */
export function problemOfUrlBraces(pattern: string): string | undefined {
  const found = /[{}[\]]/.exec(pattern)?.[0];
  if (found === undefined) return undefined;
  const starred = pattern.replaceAll(/\{[^{}/]*\}/g, '*');
  const instead = /[{}[\]]/.test(starred) ? 'list the patterns' : `for one segment write *, like ${starred}`;
  return `"${found}" has no meaning in a pattern: ${instead}`;
}
