import type { JsonObject } from '../../domain/json.ts';

/** The one place where a schema gets a key `then`. */
export function whenThen(condition: JsonObject, consequence: JsonObject): JsonObject {
  // Nothing ever awaits a schema.
  // oxlint-disable-next-line unicorn/no-thenable
  return { if: condition, then: consequence };
}

/** Where `tool`, one name or a list, names this one. */
export function namesTool(name: string): JsonObject {
  const named = { anyOf: [{ const: name }, { type: 'array', contains: { const: name } }] };
  return { required: ['tool'], properties: { tool: named } };
}
