import type { Json } from '../../domain/json.ts';
import { own } from '../../domain/json.ts';

/** Texts of `spec[key]`, one or a list. */
export function textsOf(spec: Json, key: string): readonly string[] {
  const value = own(spec, key);
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}
