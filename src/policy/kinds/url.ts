import { mentionsSecret } from '../../domain/secret-placeholder.ts';
import { decodings, foldCharacters } from './escapes.ts';
import type { Canonical } from './kind.ts';
import { canonical, hasHiddenCharacters, none, stringKind } from './kind.ts';

const MAX_LENGTH = 2048;

/**
 * A web address as the WHATWG URL standard serialises it, with the escapes of its path in upper case: what a rule
 * compares, what a person is shown and what is requested is one string. What servers are known to read differently is
 * refused, not repaired: other schemes, user names, fragments, white space, backslashes, non-ASCII, hosts in disguise
 * (other bases, escapes, full-width), and the paths that `problemOfPath` names. Upper and lower case of a path differ.
 */
export const url = stringKind('url', MAX_LENGTH, canonicalUrl);

export function canonicalUrl(raw: string): Canonical<string> {
  if (hasHiddenCharacters(raw) || !/^[\x21-\x7e]*$/.test(raw)) {
    return none('a URL has only visible ASCII characters and no spaces; escape others as %XX');
  }
  const split = /^(https?):\/\/([^/?#]+)([/?#].*)?$/.exec(raw);
  if (split === null) return none('the URL must begin with http:// or https:// and a host, in lower case');
  const [, , authority = '', rest = ''] = split;
  if (raw.includes('\\')) return none('the URL has a backslash');
  if (mentionsSecret(raw))
    return none('a secret never stands in a URL, where servers write it down; name it in a header');
  if (authority.includes('@')) return none('the URL has a user name or password before its host');
  if (rest.includes('#')) return none('the URL has a fragment ("#…"); leave it out');
  if (rest.endsWith('?') && rest.indexOf('?') === rest.length - 1) return none('the URL ends in an empty query ("?")');
  const hidden = problemOfPath(rest.split('?')[0] ?? '');
  return hidden === undefined ? parsed(raw, authority) : none(hidden);
}

function parsed(raw: string, authority: string): Canonical<string> {
  const address = parse(raw);
  if (address === undefined) return none('this is not a URL');
  if (!HOST.test(address.hostname)) return none('the host of the URL is not canonical');
  const port = address.port === '' ? '' : `:${address.port}`;
  const defaultPort = address.protocol === 'http:' ? ':80' : ':443';
  const host = authority.toLowerCase();
  if (host !== `${address.hostname}${port}` && host !== `${address.hostname}${defaultPort}`) {
    return none(`the host is written in disguise; its plain form is "${address.hostname}${port}"`);
  }
  const pathname = address.pathname.replaceAll(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
  const whole = `${address.origin}${pathname}${address.search}`;
  return whole.length > MAX_LENGTH ? none(`the URL is longer than ${MAX_LENGTH} once escaped`) : canonical(whole);
}

/** Names and IPv4 without empty parts; IPv6 but for IPv4 in disguise (::ffff:0:0/96), which reaches the same machine. */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[(?!::ffff:)[0-9a-f:]+\])$/;
/** One dot or two; or dots and blanks alone, for some servers drop those at the ends of a name. */
const DOT_SEGMENT = /^(?:\.{1,2}|(?=[.\s]*\s)\s*\.[.\s]*)(?:;.*)?$/s;
/** Letters, digits, "-", ".", "_", "~": RFC 3986 section 2.3 wants them plain, and servers read both alike. */
const ESCAPED_PLAIN = /%(2[de]|5f|7e|3\d|[46][1-9a-f]|[57][\da])/i;

/**
 * Spellings of one path that pass a rule as another, at whatever level of escapes, with the characters as
 * they are and folded. Without them no reading of a path leaves the folder that it stands in.
 */
function problemOfPath(pathname: string): string | undefined {
  const segments = pathname.split('/');
  const escaped = decodings(pathname);
  const levels = escaped?.flatMap((level) => [level, foldCharacters(level)]);
  if (levels === undefined) return 'the path of the URL is escaped too many times over';
  if (levels.some((level) => level.split('/').some((segment) => DOT_SEGMENT.test(segment))))
    return 'the path of the URL has a dot segment';
  if (segments.slice(1, -1).includes('')) return 'the path of the URL has an empty segment ("//")';
  if (levels.some((level) => /[\p{Cc}\\]/u.test(level) || level.split('/').length !== segments.length))
    return 'the path of the URL has an encoded slash, backslash or control character';
  if (ESCAPED_PLAIN.test(pathname)) return 'the path of the URL escapes plain characters; write them as they are';
  const broken = levels.some((level) => level.includes('\uFFFD')) || !isEscaped(pathname);
  return broken ? 'the path of the URL has a "%" that is not an escape of UTF-8' : undefined;
}

function isEscaped(pathname: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(pathname);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

export interface UrlParts {
  readonly origin: string;
  /** With its leading "/". */
  readonly path: string;
  /** With its leading "?"; empty without a query. */
  readonly query: string;
}

/**
 * The parts of a canonical URL, undefined for what cannot be one. Its form is so narrow that they are cut out of the
 * text; each of hundreds of rules would parse it anew otherwise.
 */
export function urlParts(text: string): UrlParts | undefined {
  if (text !== lastUrl.text) lastUrl = { text, parts: cutApart(text) };
  return lastUrl.parts;
}

/** One entry: all rules look at the URL of one action. */
let lastUrl: { readonly text: string; readonly parts: UrlParts | undefined } = { text: '', parts: undefined };

function cutApart(text: string): UrlParts | undefined {
  const afterScheme = text.indexOf('://') + 3;
  const start = text.indexOf('/', afterScheme);
  if (afterScheme < 3 || start === -1) return undefined;
  const end = text.indexOf('?', start);
  const origin = text.slice(0, start);
  return end === -1
    ? { origin, path: text.slice(start), query: '' }
    : { origin, path: text.slice(start, end), query: text.slice(end) };
}
