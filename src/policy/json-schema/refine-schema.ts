/** Walks the schema that comes from zod, and gives each place of the file its words and what the tools add to it. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord } from '../../domain/json.ts';
import { FILE_WORDS, LIMIT_WORDS } from './schema-words.ts';

/** By place, like `rules[].tool`: `[]` is any item, `*` any name. */
export type Changes = Readonly<Record<string, (schema: JsonObject) => JsonObject>>;

export function refineSchema(schema: JsonObject, changes: Changes): JsonObject {
  return walk(schema, '', changes) as JsonObject;
}

function walk(node: Json, place: string, changes: Changes): Json {
  if (!isRecord(node)) return node;
  const inner = walkInto(node as JsonObject, place, changes);
  const words = wordsOf(place);
  const told = words === undefined ? inner : { description: words, ...inner };
  const change = Object.hasOwn(changes, place) ? changes[place] : undefined;
  return change?.(told) ?? told;
}

function wordsOf(place: string): string | undefined {
  // An approval is the same wherever it stands, and so is a limit.
  const own = FILE_WORDS[place] ?? FILE_WORDS[place.replace(/^.*\.approval/, 'approval')];
  return own ?? (place.startsWith('limits.') ? LIMIT_WORDS[place.replace(/^.*\./, '')] : undefined);
}

function walkInto(node: JsonObject, place: string, changes: Changes): JsonObject {
  // Any JSON at all, which zod spells out: a schema of JSON need not say it.
  if (typeof node['$ref'] === 'string') return {};
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]): readonly [string, Json][] => {
      switch (key) {
        case 'properties':
          return [[key, eachProperty(value as JsonObject, place, changes)]];
        case 'items':
          return [[key, walk(value, `${place}[]`, changes)]];
        case 'additionalProperties':
          return [[key, walk(value, `${place}.*`, changes)]];
        case 'anyOf':
          return [[key, (value as readonly JsonObject[]).map((branch) => walkInto(branch, place, changes))]];
        case '$defs':
          return [];
        case 'propertyNames':
          return Object.keys(value as JsonObject).join() === 'type' ? [] : [[key, value]];
        default:
          return [[key, value]];
      }
    }),
  );
}

function eachProperty(properties: JsonObject, place: string, changes: Changes): JsonObject {
  const inside = place === '' ? '' : `${place}.`;
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, walk(schema, `${inside}${name}`, changes)]),
  );
}
