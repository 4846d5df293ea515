import type { Canonical } from './kind.ts';
import { canonical, hasHiddenCharacters, none, stringKind } from './kind.ts';

/**
 * A web address as the WHATWG URL standard serialises it, and only if the raw text already said so: what a rule
 * compares, what a person is shown and what is requested is one string. Refused, not repaired: other schemes, user
 * names, fragments, white space, backslashes, non-ASCII, hosts in disguise (other bases, escapes, full-width), encoded
 * slashes and dot segments.
 */
export const url = stringKind('url', 2048, canonicalUrl);

export function canonicalUrl(raw: string): Canonical<string> {
  if (hasHiddenCharacters(raw) || !/^[\x21-\x7e]*$/.test(raw)) {
    return none('a URL has only visible ASCII characters and no spaces; escape others as %XX');
  }
  const split = /^(https?):\/\/([^/?#]+)([/?#].*)?$/.exec(raw);
  if (split === null) return none('the URL must begin with http:// or https:// and a host, in lower case');
  const [, , authority = '', rest = ''] = split;
  if (raw.includes('\\')) return none('the URL has a backslash');
  if (authority.includes('@')) return none('the URL has a user name or password before its host');
  if (rest.includes('#')) return none('the URL has a fragment ("#…"); leave it out');
  const hidden = problemOfPath(rest.split('?')[0] ?? '');
  if (hidden !== undefined) return none(hidden);
  return parsed(raw, authority);
}

function parsed(raw: string, authority: string): Canonical<string> {
  const address = parseUrl(raw);
  if (address === undefined) return none('this is not a URL');
  if (address.hostname.endsWith('.') || address.hostname.includes('%'))
    return none('the host of the URL is not canonical');
  const port = address.port === '' ? '' : `:${address.port}`;
  const defaultPort = address.protocol === 'http:' ? ':80' : ':443';
  const host = authority.toLowerCase();
  if (host !== `${address.hostname}${port}` && host !== `${address.hostname}${defaultPort}`) {
    return none(`the host is written in disguise; its plain form is "${address.hostname}${port}"`);
  }
  return canonical(address.href);
}

function problemOfPath(pathname: string): string | undefined {
  if (/%(2f|5c|00)/i.test(pathname)) return 'the path of the URL has an encoded slash, backslash or NUL';
  const segments = pathname.split('/').map((segment) => segment.replaceAll(/%2e/gi, '.'));
  if (segments.includes('.') || segments.includes('..')) return 'the path of the URL has a dot segment';
  return undefined;
}

/** The parsed URL, or undefined. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
