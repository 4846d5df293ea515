/** Parts that can never match: what somebody meant to allow, to have asked or to deny, and did not. */
import { withheldArguments } from '../argument-permissions.ts';
import type { Complain } from '../matchers/matcher.ts';
import type { Profile } from '../policy.ts';
import type { RuleSchema } from '../policy-schema.ts';
import { neverMatches } from '../subset/compare-claims.ts';
import { isWhollyExcepted, unmentioned } from '../subset/compare-parts.ts';
import type { Claims } from '../subset/part.ts';
import type { Path } from '../yaml-source.ts';
import type { RulePart, ToolParts } from './lint-source.ts';
import { applyingTo } from './lint-source.ts';

export function complainOfNeverMatching(
  rules: readonly RuleSchema[],
  { parts, granted }: ToolParts,
  complain: Complain,
): void {
  for (const part of parts) {
    const listed = Array.isArray(rules[Number(part.path[1])]?.except);
    // An ask that opens nothing may be there to stop what is allowed.
    const stops =
      part.kind === 'ask' && parts.some((other) => other.kind === 'allow' && areForOne(part, other, granted));
    const fine = complainOfMatchers(part, complain) && (stops || complainOfUnmentioned(part, complain));
    complainOfExceptions(part, listed, fine, complain);
    if (part.kind !== 'deny' && part.profiles !== null) complainOfPermissions(part, granted, complain);
  }
}

/** Some profile that is granted the tool is one for both; where none is, nothing can be said. */
function areForOne(one: RulePart, other: RulePart, granted: readonly Profile[]): boolean {
  return granted.length === 0 || applyingTo(one, applyingTo(other, granted)).length > 0;
}

/** Of a rule that names profiles: one that names none may wait for a permission that is taken for a while. */
function complainOfPermissions(part: RulePart, granted: readonly Profile[], complain: Complain): void {
  const { tool, rule, path } = part;
  const lacked = applyingTo(part, granted).map((profile) => lackedFor(part, profile));
  const [first] = lacked;
  if (lacked.length > 0 && (first === undefined || lacked.includes(undefined))) return;
  const { permission, what } = first ?? { permission: tool.permission, what: tool.name };
  complain(
    [...path, 'profiles'],
    `no profile that "${rule}" names is granted ${permission}, which ${what} needs`,
    `grant it ${permission}, or take the rule away`,
  );
}

interface Lacked {
  readonly permission: string;
  readonly what: string;
}

/** Of an argument that the part wants given. */
function lackedFor({ part, tool }: RulePart, profile: Profile): Lacked | undefined {
  for (const [name, permission] of withheldArguments(tool, profile))
    if (part.matchers.has(name) && tool.arguments[name]?.default === null)
      return { permission, what: `"${name}" of ${tool.name}` };
  return undefined;
}

/** True if there was nothing to complain of. */
function complainOfMatchers({ part, path, kind }: RulePart, complain: Complain): boolean {
  return complainOfClaims(part.matchers, [...path, kind], complain);
}

function complainOfClaims(claims: Claims, path: Path, complain: Complain): boolean {
  const never = [...claims].filter(([, claim]) => neverMatches(claim));
  for (const [name] of never)
    complain(
      [...path, name],
      `no "${name}" can match this: what it says cannot all be true at once`,
      'alternatives stand under "anyOf"',
    );
  return never.length === 0;
}

function complainOfUnmentioned({ part, path, kind, rule, tool }: RulePart, complain: Complain): boolean {
  const names = unmentioned(part);
  for (const name of names) {
    const any = tool.arguments[name]?.list === true ? '{ every: { any: true } }' : '{ any: true }';
    complain(
      [...path, kind],
      `the ${kind} of "${rule}" can never match: each ${tool.name} has "${name}", and it does not mention that`,
      `add "${name}: ${any}", or what it may be`,
    );
  }
  return names.length === 0;
}

function complainOfExceptions(
  { part, path, kind, rule, tool }: RulePart,
  listed: boolean,
  matchesElse: boolean,
  complain: Complain,
): void {
  part.except.forEach((exception, index) => {
    const place = listed ? [...path, 'except', index] : [...path, 'except'];
    if (complainOfClaims(exception.claims, place, complain) && matchesElse && isWhollyExcepted(exception, part))
      complain(
        place,
        `the ${kind} of "${rule}" can never match: this takes every ${tool.name} that it speaks of out of it`,
        'narrow the exception, or take the rule away',
      );
  });
}
