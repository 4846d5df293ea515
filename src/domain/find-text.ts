/**
 * Every place of one text in another, in time that grows with the sum of both (Knuth, Morris, Pratt). The search of the
 * engine takes their product where a long text repeats itself, and what is searched a server or a model wrote.
 */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export type Find = (text: string) => readonly Place[];

/** Places that overlap are one. */
export function finderOf(sought: string): Find {
  const borders = bordersOf(sought);
  return (text) => {
    const places: { start: number; end: number }[] = [];
    for (const start of startsBy(sought, borders, text)) {
      const last = places.at(-1);
      if (last !== undefined && start < last.end) last.end = start + sought.length;
      else places.push({ start, end: start + sought.length });
    }
    return places;
  };
}

/** Where each place begins, in order; places may overlap. None of an empty text. */
export function startsOf(sought: string, text: string): readonly number[] {
  return sought === '' ? [] : startsBy(sought, bordersOf(sought), text);
}

function startsBy(sought: string, borders: Uint32Array, text: string): readonly number[] {
  const starts: number[] = [];
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    matched = longer(sought, borders, matched, text.charCodeAt(at));
    if (matched < sought.length) continue;
    starts.push(at + 1 - matched);
    matched = borders[matched] ?? 0;
  }
  return starts;
}

/** How much of the beginning of `sought` is matched once `code` follows on `matched` characters of it. */
function longer(sought: string, borders: Uint32Array, matched: number, code: number): number {
  let length = matched;
  while (length > 0 && sought.charCodeAt(length) !== code) length = borders[length] ?? 0;
  return sought.charCodeAt(length) === code ? length + 1 : length;
}

/** For each length of a beginning, the longest shorter beginning that it ends in. */
function bordersOf(sought: string): Uint32Array {
  const borders = new Uint32Array(sought.length + 1);
  for (let at = 1; at < sought.length; at += 1) {
    borders[at + 1] = longer(sought, borders, borders[at] ?? 0, sought.charCodeAt(at));
  }
  return borders;
}
