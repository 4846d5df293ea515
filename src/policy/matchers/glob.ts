/**
 * Globs over canonical paths: `**` stands for any number of whole segments, `*` for any characters of one segment, `?`
 * for one. No regular expressions: the time is bounded by pattern length times path length.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const segments = segmentsOf(glob);
  const patterns = segments.map(compileSegment);
  const plain = segments.findIndex(isPattern);
  if (plain === -1) return (path) => path === glob;
  // What most paths fail at, looked at before anything is cut apart.
  const start = segments.slice(0, plain).join('/');
  return (path) =>
    path.startsWith(start) && fitsAll(patterns, segmentsOf(path), isNull, (pattern, segment) => pattern?.(segment));
}

export function matchesGlob(glob: string, path: string): boolean {
  return compileGlob(glob)(path);
}

/** In words, why a glob is refused when the file is loaded. */
export function problemOfGlob(glob: string): string | undefined {
  if (glob.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const mixed = glob.split('/').find((segment) => segment !== '**' && segment.includes('**'));
  return mixed === undefined ? undefined : `in "${mixed}" the "**" does not stand for whole segments; say "*"`;
}

const MAX_LENGTH = 1024;

function segmentsOf(path: string): readonly string[] {
  return path === '.' ? [] : path.split('/');
}

function isPattern(segment: string): boolean {
  return segment.includes('*') || segment.includes('?');
}

/** Null for `**`. */
function compileSegment(pattern: string): ((segment: string) => boolean) | null {
  if (pattern === '**') return null;
  if (!isPattern(pattern)) return (segment) => segment === pattern;
  const same = (one: string, other: string): boolean => one === '?' || one === other;
  // Only "?" has to know where a character ends: an emoji is one.
  if (!pattern.includes('?')) return (segment) => fitsAll(pattern, segment, isStar, same);
  const characters = [...pattern];
  return (segment) => fitsAll(characters, [...segment], isStar, same);
}

function isStar(character: string): boolean {
  return character === '*';
}

function isNull(pattern: unknown): boolean {
  return pattern === null;
}

/** Greedy, going back to the last wild card only: what an earlier one could take, the last one can take as well. */
function fitsAll<Pattern>(
  patterns: ArrayLike<Pattern>,
  items: ArrayLike<string>,
  isWild: (pattern: Pattern) => boolean,
  fits: (pattern: Pattern, item: string) => boolean | undefined,
): boolean {
  let at = 0;
  let afterWild = -1;
  let taken = 0;
  for (let item = 0; item < items.length;) {
    const pattern = patterns[at] as Pattern;
    if (at < patterns.length && isWild(pattern)) {
      at += 1;
      afterWild = at;
      taken = item;
    } else if (at < patterns.length && fits(pattern, items[item] ?? '') === true) {
      at += 1;
      item += 1;
    } else if (afterWild === -1) return false;
    else {
      taken += 1;
      at = afterWild;
      item = taken;
    }
  }
  while (at < patterns.length && isWild(patterns[at] as Pattern)) at += 1;
  return at === patterns.length;
}
