/** The parameters of the query of a canonical URL, read strictly (for what opens) or in every way (for what closes). */
import { decodings } from '../kinds/escapes.ts';

/**
 * The parameters by name. Undefined for a query that servers could read in two ways: `;`, an empty name or one that is
 * there twice, escapes that are no UTF-8, control characters, a name with (escaped) separators.
 */
export function readQuery(query: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  if (query === '') return found;
  if (query.includes(';')) return undefined;
  for (const piece of query.slice(1).split('&')) {
    const end = piece.indexOf('=');
    const name = decodeStrictly(end === -1 ? piece : piece.slice(0, end));
    const value = decodeStrictly(end === -1 ? '' : piece.slice(end + 1));
    if (name === undefined || value === undefined || found.has(name) || !/^[^&=;+%\s]+$/.test(name)) return undefined;
    found.set(name, value);
  }
  return found;
}

function decodeStrictly(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/**
 * True if some server might read a parameter of such a name: after undoing escapes of any depth, also within values;
 * between `&` or `;`; as a list or map (`token[]`, `token[a]`); with the blanks, dots and brackets that PHP makes to
 * "_". And true where a name cannot be read at all. The names are folded by `foldName`.
 */
export function mayHold(query: string, folded: ReadonlySet<string>): boolean {
  if (query === '') return false;
  const decoded = decodings(query.slice(1))?.at(-1);
  if (decoded === undefined) return true;
  return decoded.split(/[&;?#]/).some((piece) => {
    const name = piece.split('=')[0] ?? '';
    if (/[\p{Cc}\uFFFD%]/u.test(name)) return true;
    return folded.has(foldName(name)) || folded.has(foldName(name.split('[')[0] ?? ''));
  });
}

export function foldName(name: string): string {
  return name.replaceAll('+', ' ').trim().replaceAll(/[ .[]/g, '_');
}
