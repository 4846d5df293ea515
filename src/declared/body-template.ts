/**
 * The body of a declared call: JSON made of JSON values, or a form. A value is always one value: it can end no string and
 * add no member. A member whose only content is a value that is not given is left out.
 */
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord } from '../domain/json.ts';
import { mentionsSecret } from '../domain/secret-placeholder.ts';
import { utf8Length } from '../domain/text-size.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Compiling } from './compile-template.ts';
import { compileSent } from './compile-template.ts';
import type { Filled } from './place.ts';
import { filled, refused } from './place.ts';
import type { Values } from './scope.ts';
import type { Template } from './template.ts';
import { joinedPlain, loneValue, plainText, valueOf } from './template.ts';
import type { Request } from './tools-schema.ts';

export type BodyTemplate =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly json: JsonTemplate }
  | { readonly kind: 'form'; readonly fields: readonly (readonly [name: string, value: Template])[] };

type JsonTemplate =
  | { readonly kind: 'fixed'; readonly value: Json }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'list'; readonly items: readonly JsonTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: JsonTemplate])[] };

const MAX_BYTES = 200_000;

export function compileBody({ json, form }: Request, at: Path, compiling: Compiling): BodyTemplate {
  if (json !== undefined && form !== undefined)
    compiling.complain([...at, 'form'], 'a request has "json" or "form", not both');
  if (json !== undefined) return { kind: 'json', json: compileJson(json as Json, [...at, 'json'], compiling) };
  if (form === undefined) return { kind: 'none' };
  const fields = Object.entries(form).map(([name, text]) => {
    const place = [...at, 'form', name];
    complainOfKey(name, place, compiling);
    return [name, compileSent(text, place, compiling)] as const;
  });
  return { kind: 'form', fields };
}

function compileJson(value: Json, at: Path, compiling: Compiling): JsonTemplate {
  if (typeof value === 'string') return { kind: 'text', template: compileSent(value, at, compiling, true) };
  if (Array.isArray(value))
    return {
      kind: 'list',
      items: (value as readonly Json[]).map((item, index) => compileJson(item, [...at, index], compiling)),
    };
  if (!isRecord(value)) return { kind: 'fixed', value };
  const members = Object.entries(value as JsonObject).map(([key, member]) => {
    complainOfKey(key, [...at, key], compiling);
    return [key, compileJson(member, [...at, key], compiling)] as const;
  });
  return { kind: 'object', members };
}

function complainOfKey(key: string, at: Path, { complain }: Compiling): void {
  if (/[{}]/.test(key) || mentionsSecret(key)) complain(at, 'no placeholder may stand in a name; values have them');
}

export interface Body {
  readonly type: string;
  readonly text: string;
}

/** Undefined: the call has no body. */
export function fillBody(body: BodyTemplate, values: Values): Filled<Body | undefined> {
  if (body.kind === 'none') return filled(undefined);
  const made =
    body.kind === 'json'
      ? { type: 'application/json', text: JSON.stringify(fillJson(body.json, values) ?? null) }
      : { type: 'application/x-www-form-urlencoded', text: formText(body.fields, values) };
  return utf8Length(made.text) > MAX_BYTES ? refused(`the body would be larger than ${MAX_BYTES} bytes`) : filled(made);
}

/** Undefined where it is nothing but a value that is not given. */
function fillJson(json: JsonTemplate, values: Values): Json | undefined {
  switch (json.kind) {
    case 'fixed':
      return json.value;
    case 'text': {
      const lone = loneValue(json.template);
      return lone === undefined ? joinedPlain(json.template, values) : valueOf(lone, values);
    }
    case 'list':
      return json.items.map((item) => fillJson(item, values)).filter((item) => item !== undefined);
    case 'object':
      return Object.fromEntries(
        json.members.flatMap(([key, member]) => {
          const value = fillJson(member, values);
          return value === undefined ? [] : [[key, value]];
        }),
      );
  }
}

function formText(fields: readonly (readonly [string, Template])[], values: Values): string {
  const form = new URLSearchParams();
  for (const [name, template] of fields) {
    const lone = loneValue(template);
    const text = lone === undefined ? joinedPlain(template, values) : plainText(lone, values);
    if (text !== undefined) form.append(name, text);
  }
  return form.toString();
}
