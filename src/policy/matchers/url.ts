import type { Canonical } from '../kinds/kind.ts';
import { canonical, none } from '../kinds/kind.ts';
import { canonicalUrl, parseUrl } from '../kinds/url.ts';
import { matchesGlob, problemOfGlob } from './glob.ts';
import type { KindMatchers } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/**
 * Matchers of URLs: exact origins, path patterns, and whether a query may be there. A matcher that opens must name
 * origin and path, and means no query unless it says so.
 */
export const compileUrl: KindMatchers = {
  keys: ['origin', 'path', 'query'],
  required: ['origin', 'path'],
  implied: { query: 'none' },
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'origin': {
        const origins = stringList(value, path, complain, canonicalOrigin);
        return onText((found) => origins.includes(parseUrl(found)?.origin ?? ''), `is not at ${oneOfWords(origins)}`);
      }
      case 'path': {
        const patterns = stringList(value, path, complain, canonicalPattern);
        const holds = (found: string): boolean =>
          patterns.some((pattern) => matchesPath(pattern, parseUrl(found)?.pathname));
        return onText(holds, `has a path other than ${oneOfWords(patterns)}`);
      }
      case 'query':
        if (value !== 'any' && value !== 'none') complain(path, '"query" is "none" or "any"');
        return onText((found) => value === 'any' || (parseUrl(found)?.search ?? '?') === '', 'has a query');
      default:
        return undefined;
    }
  },
};

function canonicalOrigin(raw: string): Canonical<string> {
  const whole = canonicalUrl(raw.endsWith('/') ? raw : `${raw}/`);
  if (whole.kind === 'none') return whole;
  const address = parseUrl(whole.value);
  return address?.pathname === '/' && address.search === ''
    ? canonical(address.origin)
    : none('an origin is scheme, host and port only, like https://api.example');
}

/** A pattern in the spelling that canonical URLs have, for another one would never match. */
function canonicalPattern(raw: string): Canonical<string> {
  if (!raw.startsWith('/') || /[?#]/.test(raw)) return none('a path pattern begins with "/" and has no query');
  const whole = canonicalUrl(`https://pattern.example${raw}`);
  if (whole.kind === 'none') return whole;
  const pattern = parseUrl(whole.value)?.pathname ?? '';
  if (pattern.toLowerCase() !== raw.toLowerCase()) return none(`write it as "${pattern}"`);
  const problem = problemOfGlob(pattern);
  return problem === undefined ? canonical(pattern) : none(problem);
}

function matchesPath(pattern: string, pathname: string | undefined): boolean {
  return pathname !== undefined && matchesGlob(pattern.slice(1), pathname.slice(1));
}
