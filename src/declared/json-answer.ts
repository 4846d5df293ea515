/** The JSON of an answer; undefined for what is none, was cut short or was not read. Never throws. */
import type { Json } from '../domain/json.ts';
import { isTooDeep } from '../domain/json.ts';
import type { HttpAnswer } from '../tools/ports/http-client.ts';

export function jsonOf({ headers, body }: HttpAnswer): Json | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.+-]+\+json$/.test(type)) return undefined;
  try {
    const value = JSON.parse(body) as Json;
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
