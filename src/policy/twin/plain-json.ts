/** What a program may hold and JSON leaves out, changes or runs: refused with its place, for a rule without it is another. */

/** Throws for the first thing in `value` that is no plain JSON, naming where it stands. */
export function assertPlainJson(value: unknown): void {
  look(value, '', []);
}

function look(value: unknown, place: string, within: readonly unknown[]): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(place, String(value));
      return;
    case 'object':
      if (value !== null) lookInto(value, place, within);
      return;
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      refuse(place, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function lookInto(value: object, place: string, within: readonly unknown[]): void {
  if (within.includes(value)) refuse(place, 'what holds itself');
  if (Array.isArray(value)) complainOfHoles(value, place);
  else if (!isPlain(value)) refuse(place, `an instance of ${classOf(value)}`);
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'symbol') refuse(place, 'a key that is a symbol');
    if (Array.isArray(value) && key === 'length') continue;
    const inner = placeOf(value, key, place);
    if (Array.isArray(value) && !/^\d+$/.test(key)) refuse(inner, 'a named part of a list');
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property?.enumerable !== true || !('value' in property)) refuse(inner, 'a hidden or computed key');
    look(property.value, inner, [...within, value]);
  }
}

function complainOfHoles(list: readonly unknown[], place: string): void {
  for (let index = 0; index < list.length; index += 1) if (!(index in list)) refuse(`${place}[${index}]`, 'nothing');
}

function placeOf(holder: object, key: string, place: string): string {
  if (Array.isArray(holder)) return `${place}[${key}]`;
  return place === '' ? key : `${place}.${key}`;
}

/** Made by braces, in this realm or another. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'))
  );
}

function classOf(value: object): string {
  const { name } = (value.constructor ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? name : 'a class';
}

function refuse(place: string, what: string): never {
  throw new TypeError(
    `${place === '' ? 'the policy' : place}: ${what} cannot stand in a policy; leave it out, or write what it stands for`,
  );
}
