/** The keys of the policy file, for what is said of a wrong one. */
import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import { isRecord, own } from '../domain/json.ts';
import { PolicySchema } from './policy-schema.ts';
import type { KeyWords } from './schema-issues.ts';

/** Keys that the language will have; used now, they are refused with that reason. */
const NOT_BUILT_YET: ReadonlySet<string> = new Set([
  'grants',
  'remind',
  'escalate',
  'editable',
  'remember',
  'preview',
  'sandbox',
]);

export const POLICY_KEYS: KeyWords = {
  known: [...new Set(keysOf(z.toJSONSchema(PolicySchema, { io: 'input', unrepresentable: 'any' }) as JsonObject))],
  notBuiltYet: NOT_BUILT_YET,
};

/** The names of all properties in a JSON Schema. */
function keysOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (!isRecord(schema)) return [];
  const properties = own(schema, 'properties');
  return [...(isRecord(properties) ? Object.keys(properties) : []), ...Object.values(schema).flatMap(keysOf)];
}
