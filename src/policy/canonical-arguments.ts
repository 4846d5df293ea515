/** The arguments of an example in canonical form, each by the kind of its argument; none is required here. */
import { z } from 'zod';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ArgumentShapes } from './kinds/argument.ts';

export type ExampleArguments =
  | { readonly kind: 'canonical'; readonly args: JsonObject }
  | { readonly kind: 'invalid'; readonly at: string; readonly why: string };

export function canonicalArguments(shapes: ArgumentShapes, example: JsonObject): ExampleArguments {
  const args = new Map<string, Json>();
  for (const [name, value] of Object.entries(example)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined) return { kind: 'invalid', at: name, why: 'the tool has no such argument' };
    const parsed = shape.schema.safeParse(value);
    if (!parsed.success)
      return { kind: 'invalid', at: name, why: z.prettifyError(parsed.error).split('\n')[0] ?? 'invalid' };
    // A kind’s canonical form is JSON.
    args.set(name, parsed.data as Json);
  }
  return { kind: 'canonical', args: Object.fromEntries(args) };
}
