/**
 * Headers of a declared call. Names are the file's, never a value's; a value that would end its line, or is not plain
 * ASCII, is refused and not repaired. Credentials are named, never held (S10).
 */
import { isCredentialHeader, mentionsSecret, readPlaceholder } from '../domain/secret-placeholder.ts';
import { PLACEHOLDER_WORDS } from '../policy/kinds/headers.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Compiling } from './compile-template.ts';
import { compileSent, compileTemplate } from './compile-template.ts';
import type { Filled } from './place.ts';
import { filled, refused } from './place.ts';
import type { Values } from './scope.ts';
import { ETAG } from './scope.ts';
import type { Template } from './template.ts';
import { joined, joinedPlain, loneValue, plainText } from './template.ts';

export interface HeaderTemplate {
  /** In lower case. */
  readonly name: string;
  readonly value: Template;
}

/** They end up in the hands of the client alone, or make another request of it on the way. */
const CLOSED =
  /^(host|connection|keep-alive|content-length|content-encoding|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|user-agent|cookie2?|set-cookie|via|forwarded|x-forwarded-.*|proxy-.*|x-(http-)?method(-override)?|x-original-.*|x-rewrite-.*)$/;

export function compileHeaders(
  headers: Readonly<Record<string, string>>,
  at: Path,
  compiling: Compiling,
): readonly HeaderTemplate[] {
  const seen = new Set<string>();
  return Object.entries(headers).map(([written, value]) => {
    const name = written.toLowerCase();
    const problem = problemOfName(written) ?? (seen.has(name) ? `the header "${name}" is there twice` : undefined);
    if (problem !== undefined) compiling.complain([...at, written], problem);
    seen.add(name);
    return { name, value: compileValue(name, value, [...at, written], compiling) };
  });
}

/** Undefined where the file may set it. */
export function problemOfName(name: string): string | undefined {
  if (/[{}]/.test(name)) return 'no placeholder may stand in the name of a header';
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,59}$/.test(name)) return `"${name.slice(0, 60)}" is no name of a header`;
  return CLOSED.test(name.toLowerCase()) ? `the header "${name}" may not be set` : undefined;
}

/** A key in one of these would say another thing, or be lost under what the call says there itself. */
const OF_ANOTHER_MEANING =
  /^(accept|accept-.*|access-control-.*|authorization|cache-control|content-.*|date|from|if-.*|link|max-forwards|origin|pragma|prefer|priority|range|referer|sec-.*|warning)$/;

/** Undefined where a key may stand in it: `taken` are the headers that have a value already. */
export function problemOfKeyName(name: string, taken: readonly string[]): string | undefined {
  const problem = problemOfName(name);
  if (problem !== undefined) return problem;
  if (taken.includes(name) || isCredentialHeader(name)) return `the header "${name}" has a value already`;
  return OF_ANOTHER_MEANING.test(name) ? `the header "${name}" says another thing than a key` : undefined;
}

function compileValue(name: string, text: string, at: Path, compiling: Compiling): Template {
  if (isCredentialHeader(name)) {
    // The value is never repeated: it may be a credential.
    if (readPlaceholder(text) === undefined)
      compiling.complain(at, `"${name}" names a secret and never holds one`, PLACEHOLDER_WORDS);
    return [{ kind: 'text', text }];
  }
  if (name === 'if-match' && text === `{${ETAG}}` && compiling.scope.has(ETAG))
    return compileTemplate(text, at, compiling);
  const template = compileSent(text, at, compiling);
  const fixed = joined(template, () => 'x');
  if (template.length > 0 && !VALUE.test(fixed))
    compiling.complain(at, 'the value of a header is visible ASCII and inner spaces');
  return template;
}

const VALUE = /^[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?$/;

export function fillHeaders(
  headers: readonly HeaderTemplate[],
  values: Values,
): Filled<Readonly<Record<string, string>>> {
  const all: [string, string][] = [];
  for (const { name, value } of headers) {
    const lone = loneValue(value);
    if (lone !== undefined && plainText(lone, values) === undefined) continue;
    const text = joinedPlain(value, values);
    if (!isCredentialHeader(name) && mentionsSecret(text)) return refused(`the header "${name}" cannot hold a secret`);
    if (!VALUE.test(text)) return refused(`what would stand in the header "${name}" is not one line of plain ASCII`);
    all.push([name, text]);
  }
  return filled(Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
