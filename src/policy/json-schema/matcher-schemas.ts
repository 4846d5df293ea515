/**
 * JSON Schemas of what rules say of one argument, by kind. They help whoever writes the file and never refuse what the
 * loader takes: spellings of values (paths, domains, amounts) are for the loader to judge.
 */
import type { JsonObject } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import { HEADER_NAMES } from '../kinds/headers.ts';
import { HTTP_METHODS } from '../kinds/http-method.ts';
import { KIND_NAMES } from '../kinds/kind.ts';
import type { KindName } from '../kinds/kind.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { whenThen } from './conditions.ts';
import { MATCHER_WORDS } from './schema-words.ts';

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };
const COUNT = { type: 'integer', minimum: 0 };
export const AMOUNT = { type: 'string', pattern: '^[0-9][0-9.]* [A-Z]{3}$' };

export function listed(item: JsonObject): JsonObject {
  return { type: 'array', items: item, minItems: 1 };
}

export function oneOrMore(item: JsonObject): JsonObject {
  return { anyOf: [item, listed(item)] };
}

/** Its keys, each with its words. */
function keysOf(kind: string, keys: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(keys).map(([key, schema]) => [
      key,
      { description: MATCHER_WORDS[`${kind}.${key}`] ?? MATCHER_WORDS[key] ?? '', ...(schema as JsonObject) },
    ]),
  );
}

function strict(properties: JsonObject): JsonObject {
  return { type: 'object', minProperties: 1, additionalProperties: false, properties };
}

const TEXTS = { $ref: '#/$defs/texts' };
const METHODS: JsonObject = { enum: [...HTTP_METHODS] };
const HEADER: JsonObject = { enum: [...HEADER_NAMES] };
const NAMED_VALUES: JsonObject = { type: 'object', minProperties: 1, additionalProperties: TEXTS };

function queryOf(purpose: Purpose): JsonObject {
  const map = strict(keysOf('url.query', { only: { anyOf: [TEXTS, NAMED_VALUES] }, has: TEXTS }));
  return { anyOf: [{ enum: ['none', 'any'] }, purpose === 'opens' ? { ...map, required: ['only'] } : map] };
}

function keysByKind(purpose: Purpose): Readonly<Record<KindName, JsonObject>> {
  return {
    path: { under: TEXTS, is: TEXTS, glob: TEXTS, extension: TEXTS },
    mailAddress: { oneOf: TEXTS, domain: TEXTS, subdomainOf: TEXTS },
    url: { origin: TEXTS, path: TEXTS, query: queryOf(purpose) },
    httpMethod: { oneOf: oneOrMore(METHODS) },
    headers: { only: oneOrMore(HEADER), values: { ...NAMED_VALUES, propertyNames: HEADER } },
    text: { oneOf: TEXTS, contains: TEXTS, minLength: COUNT, maxLength: COUNT },
    money: {
      max: oneOrMore(AMOUNT),
      min: oneOrMore(AMOUNT),
      currency: oneOrMore({ type: 'string', pattern: '^[A-Z]{3}$' }),
    },
    number: { min: NUMBER, max: NUMBER, oneOf: oneOrMore(NUMBER) },
    flag: { is: { type: 'boolean' } },
  };
}

/** Keys that a matcher must have to open; where it says `any`, or leaves it to alternatives, it need not. */
const REQUIRED: Readonly<Partial<Record<KindName, readonly string[]>>> = { url: ['origin', 'path'], headers: ['only'] };
/** Kinds of which plain values may be said, one or a list. */
const PLAIN_LISTS: Readonly<Partial<Record<KindName, JsonObject>>> = { httpMethod: METHODS, number: NUMBER };

function nameOf(kind: KindName, purpose: Purpose): string {
  return REQUIRED[kind] === undefined ? kind : `${kind}-${purpose}`;
}

function reference(kind: KindName, purpose: Purpose): JsonObject {
  return { $ref: `#/$defs/${nameOf(kind, purpose)}` };
}

/** `optional`: the argument may be left out, and the matcher may say so. */
function matcherOf(kind: KindName, purpose: Purpose, optional: boolean): JsonObject {
  const more = {
    any: { const: true },
    anyOf: listed(reference(kind, purpose)),
    ...(optional ? { optional: { const: true } } : {}),
  };
  const map = {
    ...strict(keysOf(kind, { ...keysByKind(purpose)[kind], ...more })),
    ...whenThen({ required: ['any'] }, { maxProperties: optional ? 2 : 1 }),
  };
  const required = purpose === 'opens' ? REQUIRED[kind] : undefined;
  const plain = PLAIN_LISTS[kind];
  if (plain !== undefined) return { anyOf: [plain, listed(plain), map] };
  if (required === undefined) return map;
  return { ...map, anyOf: [{ required }, { required: ['any'] }, { required: ['anyOf'] }] };
}

/** Every matcher of these kinds, by the name under which `argumentSchema` refers to it. The names of tools have no hyphen. */
export function matcherDefinitions(kinds: ReadonlySet<KindName>): JsonObject {
  const named = KIND_NAMES.filter((kind) => kinds.has(kind)).flatMap(
    (kind): readonly (readonly [string, JsonObject])[] => [
      [nameOf(kind, 'opens'), matcherOf(kind, 'opens', false)],
      [nameOf(kind, 'closes'), matcherOf(kind, 'closes', false)],
      [`${kind}-optional`, matcherOf(kind, 'opens', true)],
    ],
  );
  return { texts: oneOrMore(TEXT), ...Object.fromEntries(named) };
}

/** What a rule may say of an argument. */
export function argumentSchema({ kind, list, optional }: ArgumentShape, purpose: Purpose): JsonObject {
  const element = reference(kind, purpose);
  const mayBeLeftOut = optional && purpose === 'opens';
  if (!list) return mayBeLeftOut ? { $ref: `#/$defs/${kind}-optional` } : element;
  const said = mayBeLeftOut ? { optional: { const: true } } : {};
  const map = strict(keysOf('', { every: element, some: element, max: COUNT, ...said }));
  return purpose === 'opens' ? { ...map, required: ['every'] } : map;
}
