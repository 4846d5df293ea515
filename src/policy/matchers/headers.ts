import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import { isCredentialHeader, mentionsSecret, readPlaceholder } from '../../domain/secret-placeholder.ts';
import { HEADER_NAMES, PLACEHOLDER_WORDS, PLAIN_HEADERS } from '../kinds/headers.ts';
import type { Canonical } from '../kinds/kind.ts';
import { canonical, none } from '../kinds/kind.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain, KindMatchers, Matcher, Miss, Purpose } from './matcher.ts';
import { matcherOf, never } from './matcher.ts';
import { oneOfWords } from './on-text.ts';
import { stringList } from './string-list.ts';

/**
 * Matchers of request headers: only these names, and of some names only these values. A matcher that opens must name
 * all headers that may be there; each that is given and named under `values` must have one of the values exactly. In
 * one that closes, one such header suffices, in upper or lower case, among others (`a, b`), with parameters (`a; q=1`),
 * and a secret whatever scheme stands before it.
 *
 * To open a header that authenticates, a rule names the secrets it may hold (S10): `any` is any but these headers, and
 * `only` names one only with its values. Which origins may get them, `bound-secrets.ts` sees to.
 */
export const compileHeaders: KindMatchers = {
  keys: ['only', 'values'],
  required: ['only'],
  takes: isRecord,
  anyOpens: { only: PLAIN_HEADERS },
  problemOfKeys: (keys, path, complain, purpose) => {
    if (purpose === 'closes') return;
    for (const name of listedNames(keys['only'])) {
      if (!isCredentialHeader(name) || (isRecord(keys['values']) && Object.hasOwn(keys['values'], name))) continue;
      complain(
        [...path, 'only'],
        `the rule lets "${name}" be set and does not say to which secret`,
        `add values: { ${name}: 'Bearer {{secret:name}}' }`,
      );
    }
  },
  compileKey: (key, value, path, complain, purpose) => {
    switch (key) {
      case 'only': {
        const names = stringList(value, path, complain, knownHeader);
        const set: ReadonlySet<string> = new Set(names);
        const other = (found: Found): string | undefined => Object.keys(found).find((name) => !set.has(name));
        return onHeaders(
          (found) => other(found) === undefined,
          (found, at) => ({ at: `${at}.${other(found) ?? ''}`, why: `the header is not one of ${names.join(', ')}` }),
        );
      }
      case 'values':
        return compileValues(value, path, complain, purpose);
      default:
        return undefined;
    }
  },
};

function knownHeader(raw: string): Canonical<string> {
  return HEADER_NAMES.some((name) => name === raw) ? canonical(raw) : none(`known: ${HEADER_NAMES.join(', ')}`);
}

function compileValues(spec: Json, path: Path, complain: Complain, purpose: Purpose): Matcher {
  if (!isRecord(spec) || Object.keys(spec).length === 0) {
    complain(path, '"values" is a map of header names to lists of values');
    return never;
  }
  const values = new Map<string, readonly string[]>();
  for (const [name, listed] of Object.entries(spec)) {
    const known = knownHeader(name);
    if (known.kind === 'none') complain([...path, name], `"${name}" is no header that a call may set; ${known.why}`);
    complainOfCredentials(name, listed as Json, [...path, name], complain);
    const valueOf = (raw: string): Canonical<string> => headerValue(name, raw);
    values.set(name, stringList(listed as Json, [...path, name], complain, valueOf));
  }
  return purpose === 'opens' ? everyGiven(values) : someGiven(values);
}

function listedNames(value: Json | undefined): readonly string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

/** What no call can have would open and close nothing. */
function headerValue(name: string, raw: string): Canonical<string> {
  return !isCredentialHeader(name) && mentionsSecret(raw)
    ? none(`the header "${name}" never holds a secret`)
    : canonical(raw);
}

/** What is none is not repeated: it may be the credential itself. */
function complainOfCredentials(name: string, listed: Json, path: Path, complain: Complain): void {
  if (!isCredentialHeader(name)) return;
  const values = [listed].flat().filter((one) => typeof one === 'string');
  if (values.every((value) => readPlaceholder(value) !== undefined)) return;
  complain(path, `"${name}" names a secret and never holds one`, PLACEHOLDER_WORDS);
}

function everyGiven(values: ReadonlyMap<string, readonly string[]>): Matcher {
  const wrong = (found: Found): readonly [string, readonly string[]] | undefined =>
    [...values].find(([name, allowed]) => Object.hasOwn(found, name) && !allowed.includes(String(found[name])));
  return onHeaders(
    (found) => wrong(found) === undefined,
    (found, at) => {
      const [name, allowed] = wrong(found) ?? ['', []];
      return { at: `${at}.${name}`, why: `the value is not ${oneOfWords(allowed)}` };
    },
  );
}

function someGiven(values: ReadonlyMap<string, readonly string[]>): Matcher {
  const folded = [...values].map(([name, denied]) => [name, new Set(denied.map(foldValue))] as const);
  return onHeaders(
    (found) =>
      folded.some(
        ([name, denied]) =>
          Object.hasOwn(found, name) && readingsOf(String(found[name])).some((reading) => denied.has(reading)),
      ),
    (_, at) => ({ at, why: 'no header of it has one of the values' }),
  );
}

/** The value as a whole, its elements, and the elements without parameters; a secret without its scheme. */
function readingsOf(value: string): readonly string[] {
  const secret = readPlaceholder(value);
  const elements = value.split(',');
  return [
    value,
    ...(secret === undefined ? [] : [`{{secret:${secret.name}}}`]),
    ...elements,
    ...elements.map((element) => element.split(';')[0] ?? ''),
  ].map(foldValue);
}

function foldValue(value: string): string {
  // ASCII by the kind, so that folding cannot join what is different.
  return value.toLowerCase().replaceAll(/\s/g, '');
}

type Found = Readonly<Record<string, unknown>>;

function onHeaders(holds: (found: Found) => boolean, missAt: (found: Found, at: string) => Miss): Matcher {
  return matcherOf(
    (value) => isRecord(value) && holds(value),
    (value, at) => (isRecord(value) ? missAt(value, at) : { at, why: 'it is no map of headers' }),
  );
}
