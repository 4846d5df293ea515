/** How many cases the fuzz targets try, and of what: texts put together from fragments of known attacks, and any text. */
import * as fc from 'fast-check';

const asked = process.env['COUNTERSIGN_FUZZ_CASES'];
const seed = process.env['COUNTERSIGN_FUZZ_SEED'];

/** Some hundred cases, the same each time; with COUNTERSIGN_FUZZ_CASES that many new ones, or those of a seed. */
export function settings<T>(): fc.Parameters<T> {
  const numRuns = asked === undefined ? 500 : Number(asked);
  if (!Number.isSafeInteger(numRuns) || numRuns < 1)
    throw new Error('COUNTERSIGN_FUZZ_CASES is a whole number above 0.');
  if (seed !== undefined) return { numRuns, seed: Number(seed) };
  return asked === undefined ? { numRuns, seed: 20_261_125 } : { numRuns };
}

/**
 * Tries the property. A case that was refused, and so says nothing of it, calls `refused`; most may, but not all, lest
 * the property hold of nothing.
 */
export function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T, refused: () => void) => void): void {
  let tried = 0;
  let refused = 0;
  const refuse = (): void => {
    refused += 1;
  };
  fc.assert(
    fc.property(arbitrary, (value) => {
      tried += 1;
      property(value, refuse);
    }),
    settings(),
  );
  if (tried - refused < tried / 50) throw new Error(`${refused} of ${tried} cases were refused: mend the generator.`);
}

const ANYWHERE = [
  ...['', 'a', 'B', 'Z', '0', '9', '-', '_', '~', '.', '..', '...', ' ', '+', '%', '*', '?', '#', '&', '=', ';', ':'],
  ...['\0', '\t', '\n', '\r', '\r\n', '\u007f', '\u0085', '\u00A0', '\u2028', '\uFEFF', '\u200B', '\u00AD', '\u202E'],
  ...['\ud800', '\udfff', '\u{1F600}', '\u{E0041}', 'é', 'e\u0301', 'ß', '\u0130', '\u0131', '\u017F', '\u212A'],
  ...['\uFF0E', '\uFF0F', '\uFF20', '\uFF41', '\u3002', '\u2025', '\u0430', '"', "'", '(', ')', '<', '>', '[', ']'],
  ...['\\', '/', '//', '@', ',', '|', '!', '`', '{', '}', '^', '__proto__', 'constructor', 'toString'],
  ...['%2e', '%2E', '%2f', '%5c', '%00', '%0a', '%61', '%25', '%2561', '%252f', '%C3%A9', '%c3%a9', '%ff', '%c0%af'],
] as const;

/** Texts of fragments, of these more often than of those that any kind is attacked with. */
export function attacks(...fragments: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...fragments) },
    { weight: 2, arbitrary: fc.constantFrom(...ANYWHERE) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  );
  return fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''));
}

/** A good value, most often with a fragment put somewhere into it. */
export function nearly(good: fc.Arbitrary<string>, ...fragments: readonly string[]): fc.Arbitrary<string> {
  const spoilt = fc
    .tuple(good, fc.constantFrom('', ...fragments, ...ANYWHERE), fc.nat(), fc.nat({ max: 2 }))
    .map(([text, fragment, place, dropped]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + fragment + text.slice(at + dropped);
    });
  return fc.oneof({ weight: 1, arbitrary: good }, { weight: 4, arbitrary: spoilt });
}

/** Letters in upper or lower case by chance. */
export function cased(text: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((letter, index) => (upper[index] === true ? asciiUpper(letter) : letter)).join(''));
}

export function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function asciiUpper(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}
