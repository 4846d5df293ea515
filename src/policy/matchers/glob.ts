/**
 * Globs over canonical paths: `**` stands for any number of whole segments, `*` for any characters of one segment, `?`
 * for one. No regular expressions: the time is bounded by pattern length times path length.
 */
export function matchesGlob(glob: string, path: string): boolean {
  return matchSequence(segmentsOf(glob), segmentsOf(path), (pattern) => pattern === '**', matchesSegment);
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

function matchesSegment(pattern: string, segment: string): boolean {
  const same = (one: string, other: string): boolean => one === '?' || one === other;
  return matchSequence([...pattern], [...segment], (character) => character === '*', same);
}

/** Row by row over `items`: `reached[p]` says that the first `p` patterns match the items so far. */
function matchSequence(
  patterns: readonly string[],
  items: readonly string[],
  isWild: (pattern: string) => boolean,
  matches: (pattern: string, item: string) => boolean,
): boolean {
  const skipWild = (reached: boolean[]): boolean[] => {
    patterns.forEach((pattern, index) => {
      if (reached[index] === true && isWild(pattern)) reached[index + 1] = true;
    });
    return reached;
  };
  let reached = skipWild([true]);
  for (const item of items) {
    const next: boolean[] = [];
    patterns.forEach((pattern, index) => {
      if (reached[index] !== true) return;
      if (isWild(pattern)) next[index] = true;
      else if (matches(pattern, item)) next[index + 1] = true;
    });
    reached = skipWild(next);
  }
  return reached[patterns.length] === true;
}
