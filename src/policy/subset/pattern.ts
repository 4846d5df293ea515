/**
 * Patterns over sequences, compared without trying values: over the segments of a path, and over the characters of a
 * segment. What is said here is proven; `false` means no more than "not proven". The time is bounded by the product of
 * the lengths.
 */
export type Token<T> =
  | { readonly is: 'item'; readonly item: T }
  /** Any one item. */
  | { readonly is: 'one' }
  /** Any number of items, none too. */
  | { readonly is: 'many' };

export type TextPattern = readonly Token<string>[];
/** Over the segments of a path, or over the labels of a domain. */
export type Pattern = readonly Token<TextPattern>[];

/** Proven: whatever `narrow` matches, `wide` matches. */
export function patternCovers(wide: Pattern, narrow: Pattern): boolean {
  return sequenceCovers(wide, narrow, (one, other) => sequenceCovers(one, other, Object.is));
}

/** Proven: nothing matches both. */
export function patternsDisjoint(one: Pattern, other: Pattern): boolean {
  return endsDiffer(one, other) || !sequencesMeet(one, other, meet);
}

function meet(one: TextPattern, other: TextPattern): boolean {
  return !(isLiteral(one) && isLiteral(other) && one.length !== other.length) && sequencesMeet(one, other, Object.is);
}

/** What most pairs differ in, looked at before all else: plain items at the beginning or the end. */
function endsDiffer(one: Pattern, other: Pattern): boolean {
  return differAt(one[0], other[0]) || differAt(one.at(-1), other.at(-1));
}

function differAt(one: Token<TextPattern> | undefined, other: Token<TextPattern> | undefined): boolean {
  return one?.is === 'item' && other?.is === 'item' && isLiteral(one.item) && isLiteral(other.item)
    ? !isSameText(one.item, other.item)
    : false;
}

function isLiteral(pattern: TextPattern): boolean {
  return pattern.every(({ is }) => is === 'item');
}

function isSameText(one: TextPattern, other: TextPattern): boolean {
  return one.length === other.length && one.every((token, index) => isSameToken(token, other[index]));
}

function isSameToken(one: Token<string>, other: Token<string> | undefined): boolean {
  return one.is === 'item' && other?.is === 'item' && one.item === other.item;
}

/** Token by token of `narrow`: `reached[w]` says that the first `w` tokens of `wide` cover those so far. */
function sequenceCovers<T>(
  wide: readonly Token<T>[],
  narrow: readonly Token<T>[],
  coversItem: (wide: T, narrow: T) => boolean,
): boolean {
  let reached = skipMany(wide, [true]);
  for (const token of narrow) {
    const next: boolean[] = [];
    wide.forEach((pattern, index) => {
      if (reached[index] !== true) return;
      if (pattern.is === 'many') next[index] = true;
      else if (tokenCovers(pattern, token, coversItem)) next[index + 1] = true;
    });
    reached = skipMany(wide, next);
  }
  return reached[wide.length] === true;
}

function skipMany<T>(patterns: readonly Token<T>[], reached: boolean[]): boolean[] {
  patterns.forEach((pattern, index) => {
    if (reached[index] === true && pattern.is === 'many') reached[index + 1] = true;
  });
  return reached;
}

/** For a `wide` that stands for exactly one item: `many` is more than that. */
function tokenCovers<T>(wide: Token<T>, narrow: Token<T>, coversItem: (wide: T, narrow: T) => boolean): boolean {
  if (narrow.is === 'many' || wide.is === 'many') return false;
  if (wide.is === 'one') return true;
  return narrow.is === 'item' && coversItem(wide.item, narrow.item);
}

/** From the end: `meets[j]` says that the rest of `one` and the rest of `other` from `j` have a sequence in common. */
function sequencesMeet<T>(
  one: readonly Token<T>[],
  other: readonly Token<T>[],
  itemsMeet: (a: T, b: T) => boolean,
): boolean {
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j -= 1) {
      const [a, b] = [one[i], other[j]];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a?.is === 'many' || b?.is === 'many') row[j] = below[j] === true || row[j + 1] === true;
      else row[j] = a !== undefined && b !== undefined && tokensMeet(a, b, itemsMeet) && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}

function tokensMeet<T>(a: Token<T>, b: Token<T>, itemsMeet: (a: T, b: T) => boolean): boolean {
  return a.is !== 'item' || b.is !== 'item' || itemsMeet(a.item, b.item);
}
