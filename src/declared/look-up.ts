/**
 * What is looked up before anybody is asked, and again right before it is done: one GET whose answer has fields of
 * known kinds. Whatever else it is (a redirect, another status, another type, a field that is missing or odd), the
 * action fails in words that repeat nothing of the answer.
 */
import type { Json } from '../domain/json.ts';
import { utf8Length } from '../domain/text-size.ts';
import type { Kind } from '../policy/kinds/kind.ts';
import { MINOR_DIGITS } from '../policy/kinds/currencies.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { HttpAnswer, HttpCall } from '../tools/ports/http-client.ts';
import type { Compiling } from './compile-template.ts';
import type { HeaderTemplate } from './header-templates.ts';
import { compileHeaders, fillHeaders } from './header-templates.ts';
import { jsonOf } from './json-answer.ts';
import type { Pointer } from './json-pointer.ts';
import { readPointer, valueAt } from './json-pointer.ts';
import type { Filled } from './place.ts';
import { filled, refused } from './place.ts';
import type { Requirement } from './requirements.ts';
import { compileRequirements } from './requirements.ts';
import type { Values } from './scope.ts';
import { ETAG } from './scope.ts';
import type { Field as Declared, LookUp as DeclaredLookUp } from './tools-schema.ts';
import type { UrlTemplate } from './url-template.ts';
import { compileUrl, fillUrl } from './url-template.ts';
import { kindOf } from './value-kind.ts';

export interface Field {
  readonly name: string;
  readonly at: Pointer;
  readonly kind: Kind<unknown>;
  readonly optional: boolean;
  /** Of an amount whose minor units stand alone: where its currency is, or which. */
  readonly currency: { readonly at: Pointer } | { readonly code: string } | undefined;
}

export interface LookUp {
  readonly url: UrlTemplate;
  readonly headers: readonly HeaderTemplate[];
  readonly fields: readonly Field[];
  readonly requirements: readonly Requirement[];
  /** Whether the request will name the entity tag; else nobody looks at it. */
  readonly sendsTag: boolean;
}

/** `ofArguments`: with the scope of what is known before it. */
export function compileLookUp(
  { url, headers = {}, fields = {}, require: required = [] }: DeclaredLookUp,
  at: Path,
  ofArguments: Compiling,
  compiling: Compiling,
): Omit<LookUp, 'sendsTag'> {
  return {
    url: compileUrl(url, [...at, 'url'], ofArguments),
    headers: compileHeaders(headers, [...at, 'headers'], ofArguments),
    fields: compileFields(fields, [...at, 'fields'], compiling),
    requirements: compileRequirements(required, [...at, 'require'], compiling),
  };
}

function compileFields(
  fields: Readonly<Record<string, Declared>>,
  at: Path,
  compiling: Pick<Compiling, 'complain'>,
): readonly Field[] {
  return Object.entries(fields).map(([name, spec]) => {
    const place = [...at, name];
    return {
      name,
      at: pointerOf(spec.at, [...place, 'at'], compiling),
      kind: kindOf(spec, place, compiling.complain),
      optional: spec.optional === true,
      currency: currencyOf(spec, place, compiling),
    };
  });
}

function currencyOf(
  { currency, currencyAt }: Declared,
  at: Path,
  compiling: Pick<Compiling, 'complain'>,
): Field['currency'] {
  const { complain } = compiling;
  if (currency !== undefined && currencyAt !== undefined)
    complain([...at, 'currencyAt'], 'a currency is given or read, not both');
  if (currency !== undefined && !MINOR_DIGITS.has(currency))
    complain([...at, 'currency'], `"${currency.slice(0, 20)}" is no currency`, 'give its ISO 4217 code, like EUR');
  if (currencyAt !== undefined) return { at: pointerOf(currencyAt, [...at, 'currencyAt'], compiling) };
  return currency === undefined ? undefined : { code: currency };
}

function pointerOf(text: string, at: Path, { complain }: Pick<Compiling, 'complain'>): Pointer {
  const found = readPointer(text);
  if (found === undefined) complain(at, 'this is no place in an answer', 'write it like /price');
  return found ?? [];
}

/** The call, with the names of its secrets. */
export function lookUpCall({ url, headers }: LookUp, values: Values): Filled<HttpCall> {
  const filledUrl = fillUrl(url, values);
  if (filledUrl.kind === 'refused') return filledUrl;
  const filledHeaders = fillHeaders(headers, values);
  if (filledHeaders.kind === 'refused') return filledHeaders;
  const named = { accept: 'application/json', ...filledHeaders.value };
  return filled({ method: 'GET', url: filledUrl.value, headers: named, body: undefined });
}

/** The canonical values of the fields, and the entity tag where it is wanted and the server gave one. */
export function readFields({ fields, sendsTag }: LookUp, answer: HttpAnswer): Filled<Values> {
  if (answer.status < 200 || answer.status > 299) return refused(`the server answered ${answer.status}`);
  const json = jsonOf(answer);
  if (json === undefined) return refused('the answer is not JSON, or could not be read whole');
  const found = new Map<string, Json>();
  for (const field of fields) {
    const value = readField(field, json);
    if (value.kind === 'refused') return value;
    if (value.value !== undefined) found.set(field.name, value.value);
  }
  // They are recorded with each pass and with the outcome, which must stay below what a server takes.
  if (utf8Length(JSON.stringify([...found])) > MAX_FIELDS_BYTES)
    return refused(`what the answer says is larger than ${MAX_FIELDS_BYTES} bytes`);
  const etag = answer.headers['etag'];
  if (!sendsTag || etag === undefined) return filled(found);
  return ENTITY_TAG.test(etag)
    ? filled(found.set(ETAG, etag))
    : refused('the entity tag of the answer is not what it should be');
}

/** RFC 9110 section 8.8.3, in ASCII. */
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e]{0,900}"$/;

/** Undefined: an optional one is not there. */
function readField(field: Field, json: Json): Filled<Json | undefined> {
  const raw = rawValue(field, json);
  if (raw === undefined || raw === null)
    return field.optional ? filled(undefined) : refused(`the answer has no "${field.name}"`);
  const parsed = field.kind.schema.safeParse(raw);
  // The canonical form of a kind is JSON.
  return parsed.success
    ? filled(parsed.data as Json)
    : refused(`"${field.name}" of the answer is not what it should be (${field.kind.name})`);
}

const MAX_FIELDS_BYTES = 64 * 1024;

function rawValue({ at, currency }: Field, json: Json): Json | undefined {
  const value = valueAt(json, at);
  if (currency === undefined || value === undefined || value === null) return value;
  const code = 'code' in currency ? currency.code : valueAt(json, currency.at);
  return { minor: value, currency: code ?? '' };
}
