/**
 * How else a server might read the path of a canonical URL: without `;parameters`, with escapes undone more than once,
 * with compatibility characters mapped, without what nobody sees, without empty or dot segments, without the dots and
 * blanks at the ends of a name that some file systems drop. A denial holds if any reading matches; an opening matcher
 * never looks here, and need not: no reading has more dot segments, slashes or backslashes, for `kinds/url.ts` refuses
 * such paths.
 */
import { decodings, foldCharacters } from '../kinds/escapes.ts';

/** The path as it stands first. */
export function pathReadings(path: string): readonly string[] {
  // What most paths are: nothing in them could be read in another way.
  if (!/[%;]|[/.](?:\/|$)/.test(path)) return [path];
  if (path !== lastPath.path) lastPath = { path, readings: readingsOf(path) };
  return lastPath.readings;
}

/** One entry: all rules look at the URL of one action. */
let lastPath: { readonly path: string; readonly readings: readonly string[] } = { path: '/', readings: ['/'] };

function readingsOf(path: string): readonly string[] {
  const readings = formsOf(path).flatMap((form) => {
    const plain = resolved(form, (segment) => segment.replace(/;.*$/s, ''));
    const trimmed = resolved(plain, (segment) => segment.replace(/[.\s]+$/, ''));
    return [plain, trimmed, resolved(trimmed, (segment) => segment.trimStart())];
  });
  return [...new Set([path, ...readings])];
}

/** A pattern as it stands and in the forms of the readings. A "*" that it escapes becomes a wild card: in a denial wider is safe. */
export function patternForms(pattern: string): readonly string[] {
  return [...new Set([pattern, ...formsOf(pattern).map((form) => form.replace(/(?<=.)\/$/s, ''))])];
}

function formsOf(path: string): readonly string[] {
  const decoded = decodings(path)?.at(-1) ?? path;
  return [...new Set([decoded.normalize('NFKC'), foldCharacters(decoded)])];
}

function resolved(path: string, read: (segment: string) => string): string {
  const kept: string[] = [];
  for (const segment of path.split(/[/\\]/)) {
    const name = read(segment);
    if (segment === '..' || name === '..') kept.pop();
    else if (name !== '' && name !== '.') kept.push(name);
  }
  return `/${kept.join('/')}`;
}
