/** JSON pointers (RFC 6901): one place in an answer. */
import type { Json } from '../domain/json.ts';
import { own } from '../domain/json.ts';

export type Pointer = readonly string[];

/** Undefined for what is no pointer: it is empty or begins with "/", and "~" stands only in "~0" and "~1". */
export function readPointer(text: string): Pointer | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands there; undefined where nothing does. Never through the prototype. */
export function valueAt(value: Json, pointer: Pointer): Json | undefined {
  let found: unknown = value;
  for (const part of pointer) {
    found = Array.isArray(found)
      ? /^(0|[1-9]\d{0,8})$/.test(part)
        ? found[Number(part)]
        : undefined
      : own(found, part);
  }
  return found as Json | undefined;
}
