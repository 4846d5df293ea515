/**
 * The URL of a call with values in it.
 * 1. Values stand in segments of the path and in values of the query: never in scheme, host, port or a parameter's name.
 * 2. Each is percent-encoded there, and completes no escape that the file begins; an empty one is refused in the path, where it would name another thing.
 * 3. What comes out must be a canonical URL as it stands: without dot segments, encoded slashes and the like, at any
 *    level of escapes. So a value can neither leave its segment nor be read by a server as if it had.
 */
import { canonicalUrl } from '../policy/kinds/url.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Compiling } from './compile-template.ts';
import { compileSent } from './compile-template.ts';
import type { Filled } from './place.ts';
import { filled, refused } from './place.ts';
import type { Values } from './scope.ts';
import type { Template, ValuePiece } from './template.ts';
import { joined, loneValue, plainText } from './template.ts';

export interface UrlTemplate {
  /** `https://shop.example` */
  readonly origin: string;
  readonly path: Template;
  readonly query: readonly QueryPart[];
}

interface QueryPart {
  /** As it is written. */
  readonly name: string;
  /** Undefined: the name stands alone. */
  readonly value: Template | undefined;
}

const SHAPE = /^(https?:\/\/[^/?#{}]+)(\/[^?#]*)?(?:\?([^#]*))?$/;

export function compileUrl(text: string, at: Path, compiling: Compiling): UrlTemplate {
  const [whole, origin = '', path = '/', query] = SHAPE.exec(text) ?? [];
  if (whole === undefined) {
    compiling.complain(at, problemOf(text), 'write it like https://shop.example/items/{item}');
    return { origin: '', path: [], query: [] };
  }
  const parts = query === undefined ? [] : query.split('&').map((part) => compileQueryPart(part, at, compiling));
  const url = { origin, path: compileSent(path, at, compiling), query: parts };
  const said = text.slice(origin.length).split(/\{[^{}]*\}/);
  if (said.some((piece) => /%(?![0-9a-f]{2})/i.test(piece)))
    compiling.complain(at, 'a "%" stands here that is no whole escape', 'write it as %25, and values as {name} alone');
  else complainOfForm(url, at, compiling);
  return url;
}

function problemOf(text: string): string {
  if (/^[^/]*\{/.test(text) || /^https?:\/\/[^/?#]*[{}]/.test(text))
    return 'no placeholder may stand in the scheme, the host or the port';
  return text.includes('#') ? 'the URL has a fragment ("#…"); leave it out' : 'this is no http or https URL';
}

function compileQueryPart(part: string, at: Path, compiling: Compiling): QueryPart {
  const equals = part.indexOf('=');
  const name = equals === -1 ? part : part.slice(0, equals);
  if (/[{}]/.test(name)) compiling.complain(at, 'no placeholder may stand in the name of a query parameter');
  return { name, value: equals === -1 ? undefined : compileSent(part.slice(equals + 1), at, compiling) };
}

/** With a harmless value everywhere it must be a URL as rules know them. */
function complainOfForm(url: UrlTemplate, at: Path, { complain }: Compiling): void {
  const found = written(url, () => 'x');
  if (found.kind === 'refused') complain(at, found.why);
}

/** Refused, in words, where a value cannot stand there. */
export function fillUrl(url: UrlTemplate, values: Values): Filled<string> {
  return written(url, (piece) => plainText(piece, values));
}

type TextOf = (piece: ValuePiece) => string | undefined;

function written({ origin, path, query }: UrlTemplate, textOf: TextOf): Filled<string> {
  const written: string[] = [];
  for (const piece of path) {
    if (piece.kind !== 'value') written.push(piece.kind === 'text' ? piece.text : '');
    else {
      const text = textOf(piece);
      if (text === undefined || text === '') return refused(`"${piece.name}" is empty, and it stands in a path`);
      if (!text.isWellFormed()) return refused(`"${piece.name}" is not well-formed`);
      written.push(encodeURIComponent(text));
    }
  }
  const asked = query.map((part) => queryPart(part, textOf)).filter((part) => part !== undefined);
  const whole = `${origin}${written.join('')}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
  const canonical = canonicalUrl(whole);
  return canonical.kind === 'canonical' ? filled(canonical.value) : refused(canonical.why);
}

/** Undefined where its only value is not given. */
function queryPart({ name, value }: QueryPart, textOf: TextOf): string | undefined {
  if (value === undefined) return name;
  const lone = loneValue(value);
  if (lone !== undefined && textOf(lone) === undefined) return undefined;
  const text = joined(value, (piece) =>
    piece.kind === 'value' ? encodeURIComponent(textOf(piece)?.toWellFormed() ?? '') : '',
  );
  return `${name}=${text}`;
}
