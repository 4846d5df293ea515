/** Which place of a file a path leads to, by the JSON Schema of the file. */
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord, own, ownList } from '../domain/json.ts';
import type { Path } from './yaml-source.ts';

export interface SchemaPlace {
  /** Like `rules[].tool`: `[]` is any item, `*` any name that the file gives. */
  readonly place: string;
  /** The keys that may stand there; none where the file gives the names. */
  readonly keys: readonly string[];
}

export function placeOf(schema: JsonObject, path: Path): SchemaPlace {
  let nodes = branches(schema);
  let place = '';
  for (const part of path) {
    const [step, next] = stepInto(nodes, part, place);
    place = step;
    nodes = next.flatMap(branches);
  }
  return { place, keys: [...new Set(nodes.flatMap((node) => Object.keys(own(node, 'properties') ?? {})))] };
}

function stepInto(nodes: readonly JsonObject[], part: string | number, place: string): [string, readonly Json[]] {
  if (typeof part === 'number') return [`${place}[]`, found(nodes.map((node) => own(node, 'items')))];
  const inside = place === '' ? '' : `${place}.`;
  const named = found(nodes.map((node) => own(own(node, 'properties'), part)));
  if (named.length > 0) return [`${inside}${part}`, named];
  return [`${inside}*`, found(nodes.map((node) => own(node, 'additionalProperties')))];
}

function found(values: readonly unknown[]): readonly Json[] {
  return values.filter((value): value is Json => isRecord(value));
}

/** The schema itself and each of its forms. */
function branches(schema: Json): readonly JsonObject[] {
  if (!isRecord(schema)) return [];
  return [schema as JsonObject, ...ownList(schema, 'anyOf').flatMap((one) => branches(one as Json))];
}
