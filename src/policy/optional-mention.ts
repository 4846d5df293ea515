/** `optional: true` beside a matcher of an allow or ask: the argument may be left out; if it is given, it must match. */
import type { Json } from '../domain/json.ts';
import { isRecord, own } from '../domain/json.ts';
import type { Complain } from './matchers/matcher.ts';
import type { Spec } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

export function isOptional(spec: Json | undefined): boolean {
  return own(spec, 'optional') === true;
}

/** What the matcher says of the argument where it is given. */
export function withoutOptional(spec: Json): Json {
  if (!isRecord(spec) || !Object.hasOwn(spec, 'optional')) return spec;
  const { optional: _, ...rest } = spec as Spec;
  return rest;
}

/** The matchers without `optional`; complains where it cannot be meant. */
export function compileOptional(tool: ToolShape | '*', specs: Spec, path: Path, complain: Complain): Spec {
  const read = Object.entries(specs).map(([name, spec]): [string, Json] => {
    const said = own(spec, 'optional');
    if (said === undefined) return [name, spec];
    const at = [...path, name, 'optional'];
    const shape = tool !== '*' && Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    if (said !== true) complain(at, '"optional" can only be true', 'leave it out where the argument must be given');
    else if (shape !== undefined && shape.default !== null)
      complain(at, `"${name}" left out means ${JSON.stringify(shape.default)}`, 'leave "optional" out');
    else if (shape !== undefined && !shape.optional) complain(at, `"${name}" is always given`, 'leave "optional" out');
    return [name, withoutOptional(spec)];
  });
  return Object.fromEntries(read);
}
