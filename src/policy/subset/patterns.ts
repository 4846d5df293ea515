/** What rules say of paths and domains, as patterns. They mirror the matchers of `matchers/path.ts` and its like. */
import type { Pattern, TextPattern, Token } from './pattern.ts';

const ONE = { is: 'one' } as const;
const MANY = { is: 'many' } as const;

/** Of a glob without its leading slash; in `matchers/glob.ts` the workspace itself, ".", has no segments. */
export function globPattern(glob: string): Pattern {
  return segmentsOf(glob).map((segment) => (segment === '**' ? MANY : item(wildcards(segment))));
}

/** The folder and all beneath it; a star in its name is refused when the file is loaded. */
export function folderPattern(folder: string): Pattern {
  return [...pathPattern(folder), MANY];
}

export function pathPattern(path: string): Pattern {
  return segmentsOf(path).map((segment) => item(literal(segment)));
}

/**
 * Names that end so and are more than the ending. Both patterns match the same: the first is seen to cover `report-*.md`,
 * the second `*-draft.md`.
 */
export function endingPatterns(ending: string): readonly Pattern[] {
  return [
    [MANY, item([ONE, MANY, ...literal(ending)])],
    [MANY, item([MANY, ONE, ...literal(ending)])],
  ];
}

export function domainPattern(domain: string): Pattern {
  return domain.split('.').map((label) => item(literal(label)));
}

export function subdomainPattern(domain: string): Pattern {
  return [MANY, ONE, ...domainPattern(domain)];
}

function segmentsOf(path: string): readonly string[] {
  return path === '.' ? [] : path.split('/');
}

function literal(text: string): TextPattern {
  return [...text].map(item);
}

function wildcards(segment: string): TextPattern {
  return [...segment].map((character) => (character === '*' ? MANY : character === '?' ? ONE : item(character)));
}

function item<T>(of: T): Token<T> {
  return { is: 'item', item: of };
}
