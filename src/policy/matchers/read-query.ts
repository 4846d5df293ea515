/** The parameters of the query of a canonical URL, read strictly (for what opens) or in every way (for what closes). */
import { decodings, foldCharacters } from '../kinds/escapes.ts';

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
 * between `&` or `;`; as a list or map (`token[]`, `token[a]`); in brackets (`[token]`, by the "qs" of Express) or quotes
 * of its own; with full-width characters, or such as nobody sees; with the blanks, dots and brackets that PHP makes to
 * "_". And true where a name cannot be read at all. The names are those of `namesToFind`.
 */
export function mayHold(query: string, names: ReadonlySet<string>): boolean {
  if (query === '') return false;
  const decoded = decodings(query.slice(1))?.at(-1);
  if (decoded === undefined) return true;
  const pieces = [...new Set([decoded, foldCharacters(decoded)])].flatMap((text) => text.split(/[&;?#]/));
  return pieces.some((piece) => {
    const name = piece.split('=')[0] ?? '';
    if (/[\p{Cc}\uFFFD%]/u.test(name)) return true;
    const bare = bared(name);
    return [name, name.split('[')[0] ?? '', bare, bare.split(/[[\]]/)[0] ?? ''].some((one) => names.has(foldName(one)));
  });
}

/** The names of a rule in the forms that `mayHold` looks for. */
export function namesToFind(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => [name, bared(name)]).map(foldName));
}

/** Without the brackets, quotes and blanks around it. */
function bared(name: string): string {
  return name.replaceAll(/^[\s+[\]"'`\\]+|[\s+[\]"'`\\]+$/g, '');
}

function foldName(name: string): string {
  return name.replaceAll('+', ' ').trim().replaceAll(/[ .[]/g, '_');
}
