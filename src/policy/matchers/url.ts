import type { Canonical } from '../kinds/kind.ts';
import { canonical, none } from '../kinds/kind.ts';
import { canonicalUrl, parseUrl } from '../kinds/url.ts';
import { matchesGlob } from './glob.ts';
import type { KindMatchers } from './matcher.ts';
import { onText } from './path.ts';
import { stringList } from './string-list.ts';

/** Matchers of URLs: exact origins, path patterns, and whether a query may be there (`none` unless said). */
export const compileUrl: KindMatchers = {
  keys: ['origin', 'path', 'query'],
  required: ['origin', 'path'],
  implied: { query: 'none' },
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'origin': {
        const origins = stringList(value, path, complain, canonicalOrigin);
        return onText((found) => origins.includes(parseUrl(found)?.origin ?? ''), `is not at ${origins.join(' or ')}`);
      }
      case 'path': {
        const patterns = stringList(value, path, complain, canonicalPattern);
        const holds = (found: string): boolean =>
          patterns.some((pattern) => matchesPath(pattern, parseUrl(found)?.pathname));
        return onText(holds, `has a path other than ${patterns.join(' or ')}`);
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

function canonicalPattern(raw: string): Canonical<string> {
  return raw.startsWith('/') && !/[?#\s\\]/.test(raw)
    ? canonical(raw)
    : none('a path pattern begins with "/" and has no query');
}

function matchesPath(pattern: string, pathname: string | undefined): boolean {
  return pathname !== undefined && matchesGlob(pattern.slice(1), pathname.slice(1));
}
