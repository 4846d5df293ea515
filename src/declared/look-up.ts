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
}

/** `ofArguments`: with the scope of what is known before it. */
export function compileLookUp(
  { url, headers = {}, fields = {}, require: required = [] }: DeclaredLookUp,
  at: Path,
  ofArguments: Compiling,
  compiling: Compiling,
): LookUp {
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
  { complain }: Pick<Compiling, 'complain'>,
): readonly Field[] {
  return Object.entries(fields).map(([name, spec]) => {
    const place = [...at, name];
    const kind = kindOf(spec, place, complain);
    const pointer = (text: string, key: string): Pointer => {
      const found = readPointer(text);
      if (found === undefined) complain([...place, key], 'this is no place in an answer', 'write it like /price');
      return found ?? [];
    };
    const { currency, currencyAt } = spec;
    if (currency !== undefined && currencyAt !== undefined)
      complain([...place, 'currencyAt'], 'a currency is given or read, not both');
    if (currency !== undefined && !MINOR_DIGITS.has(currency))
      complain([...place, 'currency'], `"${currency.slice(0, 20)}" is no currency`, 'give its ISO 4217 code, like EUR');
    const of =
      currencyAt === undefined
        ? currency === undefined
          ? undefined
          : { code: currency }
        : { at: pointer(currencyAt, 'currencyAt') };
    return { name, at: pointer(spec.at, 'at'), kind, optional: spec.optional === true, currency: of };
  });
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

/** The canonical values of the fields, and the entity tag where the server gave one. */
export function readFields({ fields }: LookUp, answer: HttpAnswer): Filled<Values> {
  if (answer.status < 200 || answer.status > 299) return refused(`the server answered ${answer.status}`);
  const json = jsonOf(answer);
  if (json === undefined) return refused('the answer is not JSON, or could not be read whole');
  const found = new Map<string, Json>();
  for (const field of fields) {
    const raw = rawValue(field, json);
    if (raw === undefined || raw === null) {
      if (field.optional) continue;
      return refused(`the answer has no "${field.name}"`);
    }
    const parsed = field.kind.schema.safeParse(raw);
    if (!parsed.success) return refused(`"${field.name}" of the answer is not what it should be (${field.kind.name})`);
    // The canonical form of a kind is JSON.
    found.set(field.name, parsed.data as Json);
  }
  // They are recorded with each pass and with the outcome, which must stay below what a server takes.
  if (utf8Length(JSON.stringify([...found])) > MAX_FIELDS_BYTES)
    return refused(`what the answer says is larger than ${MAX_FIELDS_BYTES} bytes`);
  const etag = answer.headers['etag'];
  if (etag === undefined) return filled(found);
  if (!/^(W\/)?"[\x21\x23-\x7e]{0,900}"$/.test(etag))
    return refused('the entity tag of the answer is not what it should be');
  return filled(found.set(ETAG, etag));
}

const MAX_FIELDS_BYTES = 64 * 1024;

function rawValue({ at, currency }: Field, json: Json): Json | undefined {
  const value = valueAt(json, at);
  if (currency === undefined || value === undefined || value === null) return value;
  const code = 'code' in currency ? currency.code : valueAt(json, currency.at);
  return { minor: value, currency: code ?? '' };
}
