/**
 * Parts of rules compared, as `clauses.ts` judges them: an allow or ask speaks of no action with an argument that it
 * does not mention (unless the tool marks it as free), a denial does not care. True is proven, for each action with
 * canonical arguments of the tool; false means no more than "not proven".
 */
import type { Claim } from './claim.ts';
import { anything } from './claim.ts';
import { covers, fulfils, neverMatches } from './compare-claims.ts';
import type { Claims, Exception, ReadArgument, ReadPart, ReadTool } from './part.ts';
import { mergeClaims } from './part.ts';

/** Each action that `narrow` speaks of, `wide` speaks of. Both are parts for one tool. */
export function partCovers(wide: ReadPart, narrow: ReadPart): boolean {
  if (partNeverMatches(narrow)) return true;
  return (
    areFulfilled(wide.matchers, narrow) &&
    [...wide.optional].every(([name, claim]) => isFulfilledIfGiven(name, claim, narrow)) &&
    [...wide.missing].every((name) => narrow.missing.has(name)) &&
    wide.except.every((exception) => isLeftOut(exception, narrow))
  );
}

/** Where the argument may be left out: it is, or what is known of it fulfils the claim. */
function isFulfilledIfGiven(name: string, claim: Claim, { matchers, optional, missing }: ReadPart): boolean {
  if (missing.has(name)) return true;
  const given = matchers.get(name) ?? optional.get(name);
  return given !== undefined && covers(claim, given);
}

/** They speak of no action in common. */
export function partsDisjoint(one: ReadPart, other: ReadPart): boolean {
  const known: Known = {
    tool: one.tool,
    matchers: mergeClaims(one.matchers, other.matchers),
    missing: new Set([...one.missing, ...other.missing]),
  };
  return isImpossible(known) || [...one.except, ...other.except].some((exception) => takesOut(exception, known));
}

export function partNeverMatches(part: ReadPart): boolean {
  return isImpossible(part) || part.except.some((exception) => takesOut(exception, part));
}

/** The exception takes out whatever the matchers of the part match. */
export function isWhollyExcepted(exception: Exception, part: ReadPart): boolean {
  return takesOut(exception, part);
}

function takesOut({ claims, missing }: Exception, known: Known): boolean {
  return areFulfilled(claims, known) && [...missing].every((name) => known.missing.has(name));
}

/** Arguments that are always given, and so have to be mentioned in what is to speak of any action. */
export function unmentioned({ tool, missing }: ReadPart): readonly string[] {
  return [...missing].filter((name) => isNeverMissing(tool.arguments.get(name)));
}

/** What is so of some actions: these arguments are given and like this, those are absent or empty. */
interface Known {
  readonly tool: ReadTool;
  readonly matchers: Claims;
  readonly missing: ReadonlySet<string>;
}

function isImpossible({ tool, matchers, missing }: Known): boolean {
  if ([...matchers.values()].some(neverMatches)) return true;
  return [...missing].some((name) => {
    const claim = matchers.get(name);
    const argument = tool.arguments.get(name);
    if (claim === undefined) return isNeverMissing(argument);
    return argument?.empties.every((empty) => fulfils(claim, empty) === false) === true;
  });
}

function isNeverMissing(argument: ReadArgument | undefined): boolean {
  return argument !== undefined && !argument.shape.optional && argument.empties.length === 0;
}

/** All matchers match, of whatever is known. */
function areFulfilled(claims: Claims, known: Known): boolean {
  return [...claims].every(([name, claim]) => isFulfilled(name, claim, known));
}

function isFulfilled(name: string, claim: Claim, { tool, matchers, missing }: Known): boolean {
  const given = matchers.get(name);
  if (given !== undefined) return covers(claim, given);
  const argument = tool.arguments.get(name);
  // What may be absent fulfils nothing.
  if (argument === undefined || argument.shape.optional) return false;
  return missing.has(name)
    ? argument.empties.every((empty) => fulfils(claim, empty) === true)
    : covers(claim, anything(argument.shape));
}

/** The exception takes nothing out of what `part` speaks of, or only what an exception of the part takes out too. */
function isLeftOut(exception: Exception, part: ReadPart): boolean {
  const known: Known = {
    ...part,
    matchers: mergeClaims(part.matchers, exception.claims),
    missing: new Set([...part.missing, ...exception.missing]),
  };
  return isImpossible(known) || part.except.some((other) => takesOut(other, known));
}
