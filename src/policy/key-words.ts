/** What is said of a policy file that has the wrong shape. */
import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import { PolicySchema } from './policy-schema.ts';
import type { FileWords } from './schema-issues.ts';
import { SHAPE_WORDS } from './shape-words.ts';
import type { ToolShape } from './tool-shape.ts';

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

const SCHEMA = z.toJSONSchema(PolicySchema, { io: 'input', unrepresentable: 'any' }) as JsonObject;

export function policyWords(tools: readonly ToolShape[]): FileWords {
  return { schema: SCHEMA, notBuiltYet: NOT_BUILT_YET, shapes: SHAPE_WORDS, tools };
}
