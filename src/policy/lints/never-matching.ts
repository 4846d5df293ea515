/** Parts that can never match: what somebody meant to allow, to have asked or to deny, and did not. */
import type { Complain } from '../matchers/matcher.ts';
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
  const allows = parts.some(({ kind }) => kind === 'allow');
  for (const part of parts) {
    const listed = Array.isArray(rules[Number(part.path[1])]?.except);
    // An ask that opens nothing may be there to stop what is allowed.
    const stops = part.kind === 'ask' && allows;
    const fine = complainOfMatchers(part, complain) && (stops || complainOfUnmentioned(part, complain));
    complainOfExceptions(part, listed, fine, complain);
    if (part.kind !== 'deny' && part.profiles !== null && applyingTo(part, granted).length === 0)
      complain(
        [...part.path, 'profiles'],
        `no profile that "${part.rule}" names is granted ${part.tool.permission}, which ${part.tool.name} needs`,
        `grant it ${part.tool.permission}, or take the rule away`,
      );
  }
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
    if (complainOfClaims(exception, place, complain) && matchesElse && isWhollyExcepted(exception, part))
      complain(
        place,
        `the ${kind} of "${rule}" can never match: this takes every ${tool.name} that it speaks of out of it`,
        'narrow the exception, or take the rule away',
      );
  });
}
