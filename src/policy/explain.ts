/** explainAction: the decision, and what each rule that speaks of the tool made of the action. Pure and total. */
import type { Decision } from '../domain/decision.ts';
import type { GivenArguments } from './clauses.ts';
import { givenArguments, matches, missOf, stops } from './clauses.ts';
import type { ActionFacts } from './decide-action.ts';
import { clausesFor, decideAction, lackedPermission } from './decide-action.ts';
import type { NearestRule } from './nearest-rule.ts';
import { nearestRule } from './nearest-rule.ts';
import type { Clause, Policy } from './policy.ts';

/** One part of one rule and this action. */
export type Finding =
  | { readonly kind: 'matches'; readonly rule: string; readonly part: Clause['kind'] }
  /** An ask that does not speak of the action as it says, but stops it where an allow would let it through. */
  | { readonly kind: 'stops'; readonly rule: string; readonly part: Clause['kind'] }
  | {
      readonly kind: 'fails';
      readonly rule: string;
      readonly part: Clause['kind'];
      readonly at: string;
      readonly why: string;
    }
  | { readonly kind: 'cannotBeApplied'; readonly rule: string; readonly part: Clause['kind'] };

export interface Explanation {
  readonly decision: Decision;
  /** Strongest first, then by rule id; none where the profile lacks a permission, for the tool or for what is given. */
  readonly findings: readonly Finding[];
  /** For a denial because no rule spoke: the rule that came nearest. */
  readonly nearest: NearestRule | null;
}

export function explainAction(policy: Policy, facts: ActionFacts): Explanation {
  const decision = decideAction(policy, facts);
  const profile = policy.profiles.get(facts.profile);
  if (profile === undefined || lackedPermission(profile, facts) !== undefined)
    return { decision, findings: [], nearest: null };
  const clauses = clausesFor(policy, facts);
  const given = givenArguments(facts.tool.arguments, facts.args);
  const allowed = clauses.some((clause) => clause.kind === 'allow' && holds(clause, given));
  const findings = clauses.map((clause) => findingOf(clause, given, allowed));
  const silent = findings.every(({ kind }) => kind === 'fails');
  return { decision, findings, nearest: silent ? nearestRule(clauses, given) : null };
}

/** False, too, where it cannot be applied. */
function holds(clause: Clause, given: GivenArguments): boolean {
  try {
    return matches(clause, given);
  } catch {
    return false;
  }
}

function findingOf(clause: Clause, given: GivenArguments, allowed: boolean): Finding {
  const { rule, kind: part } = clause;
  try {
    const miss = missOf(clause, given);
    if (miss === null) return { kind: 'matches', rule, part };
    return allowed && stops(clause, given) ? { kind: 'stops', rule, part } : { kind: 'fails', rule, part, ...miss };
  } catch {
    return { kind: 'cannotBeApplied', rule, part };
  }
}
