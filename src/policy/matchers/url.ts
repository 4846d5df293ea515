import type { Canonical } from '../kinds/kind.ts';
import { canonical, none } from '../kinds/kind.ts';
import type { UrlParts } from '../kinds/url.ts';
import { canonicalUrl, urlParts } from '../kinds/url.ts';
import { compileGlob, problemOfGlob } from './glob.ts';
import type { KindMatchers, Matcher, Purpose } from './matcher.ts';
import { isText } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';
import { pathReadings, patternForms } from './url-path.ts';
import { compileQuery } from './url-query.ts';
import { problemOfUrlBraces } from './wild-cards.ts';

/**
 * Matchers of URLs: exact origins, path patterns, and what query may be there. A matcher that opens must name origin
 * and path, and means no query unless it says so. The path of one that closes is compared in every reading of
 * `url-path.ts`; upper and lower case differ there too, as does one origin from another by its port or scheme.
 */
export const compileUrl: KindMatchers = {
  keys: ['origin', 'path', 'query'],
  required: ['origin', 'path'],
  implied: { query: 'none' },
  takes: isText,
  compileKey: (key, value, path, complain, purpose) => {
    switch (key) {
      case 'origin': {
        const origins = stringList(value, path, complain, canonicalOrigin);
        const set = new Set(origins);
        return onUrl(({ origin }) => set.has(origin), purpose, `is not at ${oneOfWords(origins)}`);
      }
      case 'path': {
        const patterns = stringList(value, path, complain, canonicalPattern);
        return onUrl(onPath(patterns, purpose), purpose, `has a path other than ${oneOfWords(patterns)}`);
      }
      case 'query': {
        const { holds, why } = compileQuery(value, path, complain, purpose);
        return onUrl(({ query }) => holds(query), purpose, why);
      }
      default:
        return undefined;
    }
  },
};

/** What has no parts is no canonical URL: it matches what closes. */
function onUrl(holds: (parts: UrlParts) => boolean, purpose: Purpose, why: string): Matcher {
  return onText((found) => {
    const parts = urlParts(found);
    return parts === undefined ? purpose === 'closes' : holds(parts);
  }, why);
}

function onPath(patterns: readonly string[], purpose: Purpose): (parts: UrlParts) => boolean {
  if (purpose === 'opens') {
    const exact = patterns.map(compileGlob);
    return ({ path }) => exact.some((test) => test(path));
  }
  const tests = [...new Set(patterns.flatMap(patternForms))].map(compileGlob);
  return ({ path }) => pathReadings(path).some((reading) => tests.some((test) => test(reading)));
}

function canonicalOrigin(raw: string): Canonical<string> {
  if (raw.includes('*')) return none('an origin has no wild cards: list the origins');
  const whole = canonicalUrl(raw.endsWith('/') ? raw : `${raw}/`);
  if (whole.kind === 'none') return whole;
  const parts = urlParts(whole.value);
  return parts?.path === '/' && parts.query === ''
    ? canonical(parts.origin)
    : none('an origin is scheme, host and port only, like https://api.example');
}

/** A pattern in the spelling that canonical URLs have, for another one would never match. */
function canonicalPattern(raw: string): Canonical<string> {
  if (!raw.startsWith('/')) return none(`a path pattern begins with "/": write /${raw}`);
  if (raw.includes('?')) return none('a path pattern has no query: name what follows "?" under "query", beside "path"');
  const braces = problemOfUrlBraces(raw);
  if (braces !== undefined) return none(braces);
  const whole = canonicalUrl(`https://pattern.example${raw}`);
  if (whole.kind === 'none') return whole;
  const pattern = urlParts(whole.value)?.path ?? '';
  if (pattern.toLowerCase() !== raw.toLowerCase()) return none(`write it as "${pattern}"`);
  const problem = problemOfGlob(pattern);
  return problem === undefined ? canonical(pattern) : none(problem);
}
