/**
 * A text with its escapes taken out (JSON, percent, HTML entities), level by level, and for each character where it
 * stands in the text as it came. Letters are small, and base64url is as base64, so that each finds the other.
 *
 * 1. Linear: no pattern looks at a character more than a fixed number of times, whatever the text; levels are bounded.
 * 2. Backslashes that escape nothing of ours are left out: how many there are says only how often a text was quoted.
 */
export interface Layer {
  readonly text: string;
  /** Of each character of `text`, where in the first text it begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** JSON in a query in a page are three. */
const MAX_LEVELS = 6;

const CODE = '([2-7][0-9a-f])';
const ESCAPE = new RegExp(
  [
    // A run is always taken whole, so the search never comes back into it.
    `\\\\+(?:u00${CODE}|x${CODE})?`,
    `%${CODE}`,
    `&#x0{0,16}${CODE}(?![0-9a-f]);?`,
    '&#0{0,16}(\\d{2,3})(?!\\d);?',
    '&(amp|lt|gt|quot|apos|sol|plus|equals);',
  ].join('|'),
  'g',
);

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['sol', '/'],
  ['plus', '+'],
  ['equals', '='],
]);

/** The text itself first, then each level until nothing changes. */
export function layersOf(text: string): readonly Layer[] {
  const starts = Int32Array.from({ length: text.length }, (_, at) => at);
  const layers: Layer[] = [{ text: folded(text), starts, ends: starts.map((at) => at + 1) }];
  while (layers.length <= MAX_LEVELS) {
    const next = decodeOnce(layers[layers.length - 1]);
    if (next === undefined) break;
    layers.push(next);
  }
  return layers;
}

/** Only ASCII: the length of other text may change with its case, and the places would be wrong. */
function folded(text: string): string {
  return text.replace(/[\0-\x7f]+/g, (ascii) => ascii.toLowerCase().replaceAll('-', '+').replaceAll('_', '/'));
}

function decodeOnce(layer: Layer | undefined): Layer | undefined {
  if (layer === undefined) return undefined;
  const { text } = layer;
  const pieces: string[] = [];
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let length = 0;
  let from = 0;
  const keepUpTo = (to: number): void => {
    pieces.push(text.slice(from, to));
    starts.set(layer.starts.subarray(from, to), length);
    ends.set(layer.ends.subarray(from, to), length);
    length += to - from;
  };
  for (const found of text.matchAll(ESCAPE)) {
    const character = characterOf(found);
    if (character === undefined) continue;
    keepUpTo(found.index);
    from = found.index + found[0].length;
    if (character === '') continue;
    pieces.push(character);
    starts[length] = layer.starts[found.index] ?? 0;
    ends[length] = layer.ends[from - 1] ?? 0;
    length += 1;
  }
  if (from === 0) return undefined;
  keepUpTo(text.length);
  return { text: pieces.join(''), starts: starts.subarray(0, length), ends: ends.subarray(0, length) };
}

/** Empty for backslashes alone; undefined for what is no character of ours. */
function characterOf([, json, hex, percent, hexEntity, decimal, name]: RegExpMatchArray): string | undefined {
  const code = json ?? hex ?? percent ?? hexEntity;
  if (code !== undefined) return folded(String.fromCharCode(Number.parseInt(code, 16)));
  if (decimal !== undefined) return Number(decimal) < 0x7f ? folded(String.fromCharCode(Number(decimal))) : undefined;
  return name === undefined ? '' : ENTITIES.get(name);
}
