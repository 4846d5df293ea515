/**
 * How else a server might read the path of a canonical URL: without `;parameters`, with escapes undone more than once,
 * with compatibility characters mapped, without empty or dot segments, without the dots and blanks at the end of a name
 * that some file systems drop. A denial holds if any reading matches; an opening matcher never looks here.
 */
import { decodings } from '../kinds/escapes.ts';

/** The path as it stands first. */
export function pathReadings(path: string): readonly string[] {
  // What most paths are: nothing in them could be read in another way.
  if (!/[%;]|[/.](?:\/|$)/.test(path)) return [path];
  const plain = resolved(decoded(path), (segment) => segment.replace(/;.*$/s, ''));
  const trimmed = resolved(plain, (segment) => segment.replace(/[. ]+$/, ''));
  return [...new Set([path, plain, trimmed])];
}

/** A pattern in the form of the readings. A "*" that it escapes becomes a wild card: in a denial wider is safe. */
export function foldPattern(pattern: string): string {
  return decoded(pattern).replace(/(?<=.)\/$/s, '');
}

function decoded(path: string): string {
  return (decodings(path)?.at(-1) ?? path).normalize('NFKC');
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
