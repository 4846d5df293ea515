/** The arguments of an example in canonical form, each by the kind of its argument; none is required here. */
import type { Json, JsonObject } from '../domain/json.ts';
import type { ArgumentShapes } from './kinds/argument.ts';
import { wrongWords } from './kinds/argument-issues.ts';

export type ExampleArguments =
  | { readonly kind: 'canonical'; readonly args: JsonObject }
  | { readonly kind: 'invalid'; readonly at: string; readonly why: string };

export function canonicalArguments(shapes: ArgumentShapes, example: JsonObject): ExampleArguments {
  const args = new Map<string, Json>();
  for (const [name, value] of Object.entries(example)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined) return { kind: 'invalid', at: name, why: 'the tool has no such argument' };
    const parsed = shape.schema.safeParse(value, { reportInput: true });
    const [issue] = parsed.error?.issues ?? [];
    if (issue !== undefined) return { kind: 'invalid', at: name, why: wrongWords(issue) };
    // A kind’s canonical form is JSON; that of what has a default, or is empty, may be to be left out.
    if (parsed.data !== undefined) args.set(name, parsed.data as Json);
  }
  return { kind: 'canonical', args: Object.fromEntries(args) };
}
