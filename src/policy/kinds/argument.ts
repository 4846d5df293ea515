import { z } from 'zod';
import type { Json } from '../../domain/json.ts';
import type { Permission } from '../../domain/permission.ts';
import type { Kind, KindName } from './kind.ts';

/** What the policy has to know of one argument of a tool. */
export interface ArgumentShape {
  readonly kind: KindName;
  readonly list: boolean;
  readonly optional: boolean;
  /** A rule need not mention it (a subject, a body). */
  readonly free: boolean;
  /**
   * What leaving it out means; null: something of its own. Rules look at it as if it were given, so `optional` is false; and
   * its canonical form is to leave it out, so that one action is spelled in one way.
   */
  readonly default: Json;
  /** Who gives it needs this permission besides the tool's own (a file attached to a mail: `read_files`). */
  readonly permission: Permission | null;
  /** To canonical form. */
  readonly schema: z.ZodType;
}

/**
 * One argument of a tool: its kind, its place in the schema, and what the model is told of it. Its type remembers what
 * rules may say of it: the kind, and whether it is a list.
 */
export interface Argument<
  Value,
  Name extends KindName = KindName,
  List extends boolean = boolean,
> extends ArgumentShape {
  readonly kind: Name;
  readonly list: List;
  readonly schema: z.ZodType<Value>;
}

const PLAIN = { optional: false, free: false, default: null, permission: null } as const;

/** One value of this kind; must be given. `description` is what the model is told of it. */
export function one<Value, Name extends KindName>(
  kind: Kind<Value, Name>,
  description: string,
): Argument<Value, Name, false> {
  return { ...PLAIN, kind: kind.name, list: false, schema: kind.schema.describe(description) };
}

/** A list of 1 to `max` values, each canonical. */
export function listOf<Value, Name extends KindName>(
  kind: Kind<Value, Name>,
  max: number,
  description: string,
): Argument<Value[], Name, true> {
  const schema = counted(max, z.array(kind.schema).min(1).max(max)).describe(description);
  return { ...PLAIN, kind: kind.name, list: true, schema };
}

/** Counts before any element is looked at: the work is bounded by `max`, not by what is sent. */
function counted<Value>(max: number, list: z.ZodType<Value>): z.ZodType<Value> {
  return z.preprocess((raw, context) => {
    if (!Array.isArray(raw) || raw.length <= max) return raw;
    context.addIssue({ code: 'too_big', origin: 'array', maximum: max, inclusive: true, input: raw.length });
    return z.NEVER;
  }, list);
}

/** A list of at most `max` values; an empty one is the same as none. */
export function optionalListOf<Value, Name extends KindName>(
  kind: Kind<Value, Name>,
  max: number,
  description: string,
): Argument<Value[] | undefined, Name, true> {
  const schema = counted(max, z.array(kind.schema).max(max))
    .transform((values) => (values.length === 0 ? undefined : values))
    .optional()
    .describe(description);
  return { ...PLAIN, kind: kind.name, list: true, optional: true, schema };
}

/** The same argument, which need not be given. */
export function optional<Value, Name extends KindName, List extends boolean>(
  argument: Argument<Value, Name, List>,
): Argument<Value | undefined, Name, List> {
  return { ...argument, optional: true, schema: argument.schema.optional() };
}

/** An argument that may be left out, and then means `value`: the same action for the rules, however it is written. */
export function defaulting<Value extends string | number | boolean, Name extends KindName>(
  value: Value,
  argument: Argument<Value, Name, false>,
): Argument<Value | undefined, Name, false> {
  const schema = argument.schema.transform((given) => (given === value ? undefined : given)).optional();
  return { ...argument, default: value, schema };
}

/** Whether a call may be without it. */
export function mayBeLeftOut(shape: Pick<ArgumentShape, 'optional' | 'default'>): boolean {
  return shape.optional || shape.default !== null;
}

/** Marks an argument that rules need not mention. */
export function free<Value, Name extends KindName, List extends boolean>(
  argument: Argument<Value, Name, List>,
): Argument<Value, Name, List> {
  return { ...argument, free: true };
}

/** Marks an argument that nobody may give without `permission`, whatever the rules say. */
export function needing<Value, Name extends KindName, List extends boolean>(
  permission: Permission,
  argument: Argument<Value, Name, List>,
): Argument<Value, Name, List> {
  return { ...argument, permission };
}

/** The arguments of a tool by their names, in the order in which the model is told of them. */
export type ArgumentMap = Readonly<Record<string, Argument<unknown>>>;
/** What the policy has to know of all arguments of a tool, by their names. */
export type ArgumentShapes = Readonly<Record<string, ArgumentShape>>;

type OptionalKeys<A extends ArgumentMap> = {
  [K in keyof A]: A[K] extends Argument<infer V> ? (undefined extends V ? K : never) : never;
}[keyof A];

type ValueOf<T> = T extends Argument<infer V> ? V : never;

/** The canonical arguments of a tool as its code receives them. */
export type ArgumentsOf<A extends ArgumentMap> = {
  readonly [K in Exclude<keyof A, OptionalKeys<A>>]: ValueOf<A[K]>;
} & { readonly [K in OptionalKeys<A>]?: ValueOf<A[K]> };
