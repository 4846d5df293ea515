/** What a rule says of arguments, for people: matchers as written in half sentences. Total. */
import type { Json } from '../domain/json.ts';
import { isRecord, own, ownList } from '../domain/json.ts';
import type { ArgumentShape } from './kinds/argument.ts';
import type { KindName } from './kinds/kind.ts';
import { isOptional, withoutOptional } from './optional-mention.ts';
import type { Spec } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

/** How a value of the file is set apart from our words. */
export type Quote = (value: string) => string;

/** Like `each of to is at example.com`, all of which must hold; null where the matchers say nothing. `opens`: in an allow or ask. */
export function matchersInWords(tool: ToolShape | undefined, spec: Spec, opens: boolean, quote: Quote): string | null {
  const parts = Object.entries(spec).map(([name, matcher]) => {
    const shape = tool !== undefined && Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    return argumentWords(name, shape, matcher, opens, quote);
  });
  return parts.length === 0 ? null : parts.join(', and ');
}

function argumentWords(
  name: string,
  shape: ArgumentShape | undefined,
  spec: Json,
  opens: boolean,
  quote: Quote,
): string {
  if (isOptional(spec)) return `${argumentWords(name, shape, withoutOptional(spec), opens, quote)}, if it is given`;
  if (shape === undefined) return `${quote(name)}: ${quote(JSON.stringify(spec))}`;
  if (!shape.list) return `${quote(name)} ${elementWords(shape.kind, spec, opens, quote)}`;
  const said = Object.entries(isRecord(spec) ? (spec as Readonly<Record<string, Json>>) : {}).map(([key, value]) => {
    if (key === 'max') return `${quote(name)} has at most ${JSON.stringify(value)}`;
    const which = key === 'every' ? 'each of' : 'at least one of';
    return `${which} ${quote(name)} ${elementWords(shape.kind, value, opens, quote)}`;
  });
  return said.join(' and ');
}

function elementWords(kind: KindName, spec: Json, opens: boolean, quote: Quote): string {
  if (Array.isArray(spec)) return `is ${list(spec, quote)}`;
  if (!isRecord(spec)) return `is ${list([spec], quote)}`;
  const entries = Object.entries(spec as Readonly<Record<string, Json>>);
  const keys = entries.map(([key]) => key);
  // What a rule that opens leaves unsaid of a query must not be there.
  const implied = kind === 'url' && opens && !['query', 'any', 'anyOf'].some((key) => keys.includes(key));
  const parts = entries.map(([key, value]) => keyWords(kind, key, value, opens, quote));
  return [...parts, ...(implied ? ['has no query'] : [])].join(' and ');
}

function keyWords(kind: KindName, key: string, value: Json, opens: boolean, quote: Quote): string {
  if (key === 'any') return kind === 'headers' && opens ? 'is anything without a secret' : 'is anything';
  if (key === 'anyOf')
    return `either ${ownList({ value }, 'value')
      .map((one) => elementWords(kind, one as Json, opens, quote))
      .join(', or ')}`;
  if (kind === 'url' && key === 'query') return queryWords(value, quote);
  if (kind === 'headers' && key === 'values') return headerValueWords(value, quote);
  const words = WORDS[key];
  return words === undefined ? `${key} ${quote(JSON.stringify(value))}` : words(list(value, quote), kind);
}

const WORDS: Readonly<Record<string, (values: string, kind: KindName) => string>> = {
  under: (values) => `is in or under ${values}`,
  is: (values) => `is ${values}`,
  oneOf: (values) => `is ${values}`,
  glob: (values) => `matches ${values}`,
  extension: (values) => `ends in ${values}`,
  domain: (values) => `is at ${values} exactly`,
  subdomainOf: (values) => `is at a subdomain of ${values}`,
  origin: (values) => `goes to ${values}`,
  path: (values) => `has the path ${values}`,
  only: (values) => `has none but ${values}`,
  contains: (values) => `contains ${values}`,
  minLength: (values) => `has at least ${values} characters`,
  maxLength: (values) => `has at most ${values} characters`,
  min: (values) => `is at least ${values}`,
  max: (values) => `is at most ${values}`,
  currency: (values) => `is in ${values}`,
};

function list(value: Json, quote: Quote): string {
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.map((one) => quote(typeof one === 'string' ? one : JSON.stringify(one))).join(' or ');
}

function queryWords(value: Json, quote: Quote): string {
  if (value === 'none') return 'has no query';
  if (value === 'any') return 'may have any query';
  const only = own(value, 'only') as Json | undefined;
  const has = own(value, 'has') as Json | undefined;
  const parts = [
    ...(only === undefined ? [] : [`has no query parameter but ${onlyWords(only, quote)}`]),
    ...(has === undefined ? [] : [`has a query parameter ${list(has, quote)}`]),
  ];
  return parts.join(' and ');
}

function onlyWords(only: Json, quote: Quote): string {
  if (!isRecord(only)) return list(only, quote);
  return Object.entries(only as Readonly<Record<string, Json>>)
    .map(([name, values]) => (values === 'any' ? quote(name) : `${quote(name)} (${list(values, quote)})`))
    .join(', ');
}

function headerValueWords(values: Json, quote: Quote): string {
  const entries = Object.entries(isRecord(values) ? (values as Readonly<Record<string, Json>>) : {});
  return entries.map(([name, allowed]) => `${quote(name)} is ${list(allowed, quote)}`).join(' and ');
}
