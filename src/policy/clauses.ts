/** Does a clause speak of an action? And if not, at which argument does it fail? */
import { isRecord } from '../domain/json.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ArgumentShape, ArgumentShapes } from './kinds/argument.ts';
import { mayBeLeftOut } from './kinds/argument.ts';
import type { Miss } from './matchers/matcher.ts';
import type { ArgumentMatchers, Clause } from './policy.ts';

/** The arguments of one action as clauses look at them. */
export interface GivenArguments {
  /** With the defaults of those that are left out. */
  readonly args: JsonObject;
  /** Those that an allow or ask must mention: given, not empty, not marked as free by the tool. */
  readonly toMention: readonly string[];
  /** Those of them that might have been left out: what an action has more than others. */
  readonly additions: readonly string[];
}

export function givenArguments(shapes: ArgumentShapes, args: JsonObject): GivenArguments {
  const toMention = Object.keys(args).filter((key) => {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    const value = given(args, key);
    return shape?.free !== true && !isEmpty(value) && (shape === undefined || !isDefault(shape, value));
  });
  const defaults = Object.entries(shapes).filter(([, shape]) => shape.default !== null);
  const filled = Object.fromEntries(defaults.map(([name, shape]) => [name, shape.default] as const));
  const isAlways = (name: string): boolean => {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    return shape !== undefined && !mayBeLeftOut(shape);
  };
  return { args: { ...filled, ...args }, toMention, additions: toMention.filter((name) => !isAlways(name)) };
}

/**
 * Null if the clause matches. An argument that is given, that an allow or ask does not mention and that the tool does
 * not mark as free makes it not match; a denial does not care what else is given. Absent arguments need no mention; one
 * with a default is looked at as that; any other that is mentioned must be there unless the rule says that it is optional.
 */
export function missOf(clause: Clause, { args, toMention }: GivenArguments): Miss | null {
  const miss =
    missOfMatchers(clause.matchers, args, clause.optional) ??
    (clause.kind === 'deny' ? null : unmentioned(clause, toMention));
  if (miss !== null) return miss;
  for (const matchers of clause.except) if (missOfMatchers(matchers, args, NONE) === null) return EXCEPTED;
  return null;
}

const EXCEPTED: Miss = { at: 'input', why: 'it is excepted from the rule' };

/** How many of the clause’s matchers fail: how far it is from speaking of the action. */
export function failedMatchers({ matchers, optional }: Clause, { args }: GivenArguments): number {
  let failed = 0;
  for (const [name, { holds }] of matchers) {
    const value = given(args, name);
    if (value === undefined ? !optional.has(name) : !holds(value)) failed += 1;
  }
  return failed;
}

/** What `missOf` says is null, without words. */
export function matches(clause: Clause, given_: GivenArguments): boolean {
  const { args, toMention } = given_;
  if (!allHold(clause.matchers, args, clause.optional)) return false;
  if (clause.kind !== 'deny' && unmentioned(clause, toMention) !== null) return false;
  for (const matchers of clause.except) if (allHold(matchers, args, NONE)) return false;
  return true;
}

/**
 * Whether an ask stops the action, should an allow let it through. An exception takes out no copy and no body that
 * neither it nor the ask speaks of.
 */
export function stops({ closing, matchers: named }: Clause, { args, additions }: GivenArguments): boolean {
  return (
    closing !== null &&
    allHold(closing.matchers, args, NONE) &&
    !closing.except.some(
      (matchers) => additions.every((name) => matchers.has(name) || named.has(name)) && allHold(matchers, args, NONE),
    )
  );
}

const NONE: ReadonlySet<string> = new Set();

function allHold(matchers: ArgumentMatchers, args: JsonObject, optional: ReadonlySet<string>): boolean {
  for (const [name, { holds }] of matchers) {
    const value = given(args, name);
    if (value === undefined ? !optional.has(name) : !holds(value)) return false;
  }
  return true;
}

function missOfMatchers(matchers: ArgumentMatchers, args: JsonObject, optional: ReadonlySet<string>): Miss | null {
  for (const [name, matcher] of matchers) {
    const value = given(args, name);
    if (value === undefined && optional.has(name)) continue;
    const miss = value === undefined ? { at: name, why: 'it is not given' } : matcher(value, name);
    if (miss !== null) return miss;
  }
  return null;
}

function unmentioned({ matchers }: Clause, toMention: readonly string[]): Miss | null {
  for (const name of toMention) if (!matchers.has(name)) return { at: name, why: 'the rule does not mention it' };
  return null;
}

function given(args: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function isDefault(shape: ArgumentShape, value: Json | undefined): boolean {
  return shape.default !== null && shape.default === value;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}
