/** Arguments of a call as canonical values, or in words why there are none. Total. */
import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { placeOf } from '../schema-place.ts';
import { argumentIssueWords } from './argument-issues.ts';
import type { ArgumentShapes } from './argument.ts';

/** Canonical arguments, or in words why there are none. */
export type ParsedArguments =
  { readonly kind: 'parsed'; readonly args: JsonObject } | { readonly kind: 'invalid'; readonly why: string };

/** The schema of a tool's input: strict, each argument by its kind. */
export function argumentsSchema(shapes: ArgumentShapes): z.ZodType {
  return z.strictObject(Object.fromEntries(Object.entries(shapes).map(([key, one]) => [key, one.schema])));
}

export function parseArguments(schema: z.ZodType, input: unknown): ParsedArguments {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { kind: 'parsed', args: withoutUndefined(result.data) };
  const why = result.error.issues.map((issue) => argumentIssueWords(issue, (path) => namesAt(schema, path))).join('; ');
  return { kind: 'invalid', why: why.slice(0, 2000) };
}

function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const names = path.filter((part): part is string | number => typeof part !== 'symbol');
  return [...placeOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject, names).keys];
}

function withoutUndefined(data: unknown): JsonObject {
  return Object.fromEntries(Object.entries(data as JsonObject).filter(([, value]) => value !== undefined));
}
