/** Does a clause speak of an action? And if not, at which argument does it fail? */
import { isRecord } from '../domain/json.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ArgumentShapes } from './kinds/argument.ts';
import type { Miss } from './matchers/matcher.ts';
import type { ArgumentMatchers, Clause } from './policy.ts';

/**
 * Null if the clause matches. An argument that is given, that an allow or ask does not mention and that the tool does
 * not mark as free makes it not match; a denial does not care what else is given. Absent arguments need no mention,
 * and a mentioned one must be there.
 */
export function missOf(clause: Clause, shapes: ArgumentShapes, args: JsonObject): Miss | null {
  const miss =
    missOfMatchers(clause.matchers, args) ?? (clause.kind === 'deny' ? null : unmentioned(clause, shapes, args));
  if (miss !== null) return miss;
  const excepted = clause.except.some((matchers) => missOfMatchers(matchers, args) === null);
  return excepted ? { at: 'input', why: 'it is excepted from the rule' } : null;
}

/** How many of the clause’s matchers fail: how far it is from speaking of the action. */
export function failedMatchers({ matchers }: Clause, args: JsonObject): number {
  return [...matchers].filter(([name, matcher]) => {
    const value = given(args, name);
    return value === undefined || matcher(value, name) !== null;
  }).length;
}

function missOfMatchers(matchers: ArgumentMatchers, args: JsonObject): Miss | null {
  for (const [name, matcher] of matchers) {
    const value = given(args, name);
    const miss = value === undefined ? { at: name, why: 'it is not given' } : matcher(value, name);
    if (miss !== null) return miss;
  }
  return null;
}

function unmentioned({ matchers }: Clause, shapes: ArgumentShapes, args: JsonObject): Miss | null {
  const name = Object.keys(args).find((key) => {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    return !matchers.has(key) && shape?.free !== true && !isEmpty(given(args, key));
  });
  return name === undefined ? null : { at: name, why: 'the rule does not mention it' };
}

function given(args: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}
