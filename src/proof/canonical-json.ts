import type { Json } from '../domain/json.ts';

/**
 * RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, ECMAScript numbers and strings, no white
 * space. Throws on what has no canonical form: undefined, functions, non-finite numbers, lone surrogates, cycles.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value as { readonly [key: string]: Json });
  throw new Error(`no canonical JSON for a ${typeof value}`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error('no canonical JSON for a number that is not finite');
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new Error('no canonical JSON for a string with a lone surrogate');
  return JSON.stringify(value);
}

function canonicalObject(value: { readonly [key: string]: Json }): string {
  const keys = Object.keys(value).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const members = keys.map((key) => `${canonicalString(key)}:${canonicalJson(own(value, key))}`);
  return `{${members.join(',')}}`;
}

function own(value: { readonly [key: string]: Json }, key: string): Json {
  const found = value[key];
  if (found === undefined) throw new Error(`no canonical JSON for an undefined member "${key}"`);
  return found;
}
