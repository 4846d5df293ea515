/**
 * decideAction: what the policy says of an action. Pure and total.
 *
 * S2 whatever is absent or throws is denied. S3 deny > ask > allow > default deny; the order of rules never matters:
 * clauses come sorted by strength and rule id. What an allow lets through is asked all the same where an ask stops it in
 * the widest reading of its words (`closing-reading.ts`), so that no spelling, no default left out and no addition passes
 * it by. Limits and flows come after the rules and only make them stricter; so would another engine that stands beside
 * this one.
 */
import type { Decision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import { own } from '../domain/json.ts';
import type { DecisionStanding } from '../domain/standing.ts';
import { withheldArguments } from './argument-permissions.ts';
import type { GivenArguments } from './clauses.ts';
import { givenArguments, matches, stops } from './clauses.ts';
import { combineTerms } from './combine-terms.ts';
import { narrowByFlows } from './decide-flows.ts';
import { overLimit } from './decide-limits.ts';
import { nearestRule } from './nearest-rule.ts';
import type { Clause, Policy, Profile } from './policy.ts';
import { clauseKey } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface ActionFacts {
  readonly tool: ToolShape;
  readonly profile: string;
  /** Canonical. */
  readonly args: JsonObject;
  /** SHA-256 of tool and canonical arguments: what `standing.same` counts by. */
  readonly actionKey: string;
  readonly standing: DecisionStanding;
}

export function decideAction(policy: Policy, facts: ActionFacts): Decision {
  const profile = policy.profiles.get(facts.profile);
  if (profile === undefined) return deny(null, `The policy has no profile "${facts.profile.slice(0, 100)}".`);
  const lacking = lackedPermission(profile, facts);
  if (lacking !== undefined) return deny(null, lacking);
  const byRule = decideByRules(policy, facts);
  if (byRule.kind === 'deny') return byRule;
  const byLimit = narrowByLimits(policy, facts, byRule);
  return narrowByFlows(policy, profile, facts.tool.name, facts.standing.labels, byLimit);
}

/** Over a limit that people may lift it is asked, by those whom the rule and the file name. */
function narrowByLimits(policy: Policy, facts: ActionFacts, byRule: Exclude<Decision, { kind: 'deny' }>): Decision {
  const over = overLimit(policy, facts);
  if (over === undefined) return byRule;
  if (over.kind === 'deny') return deny(null, over.why);
  const approval = combineTerms([...(byRule.kind === 'ask' ? [byRule.approval] : []), policy.defaultApproval]);
  if (approval === null) return deny(null, `${over.why} The policy names nobody who could lift it.`);
  return { kind: 'ask', rule: byRule.rule, why: `${over.why} ${byRule.why}`, approval, limits: over.limits };
}

/** Why the profile may not take the action whatever the rules say: for the tool, or for an argument that is given. */
export function lackedPermission(profile: Profile, { tool, args }: ActionFacts): string | undefined {
  const not = `The profile "${profile.name}" is not granted`;
  if (!profile.grant.has(tool.permission)) return `${not} ${tool.permission}, which ${tool.name} needs.`;
  for (const [argument, permission] of withheldArguments(tool, profile)) {
    if (own(args, argument) !== undefined) return `${not} ${permission}, which "${argument}" of ${tool.name} needs.`;
  }
  return undefined;
}

function decideByRules(policy: Policy, facts: ActionFacts): Decision {
  const clauses = clausesFor(policy, facts);
  const speaking: Clause[] = [];
  let trying = 'input';
  try {
    const given = givenArguments(facts.tool.arguments, facts.args);
    // All are tried, also after the first (and so strongest) that matches: one that throws makes a denial.
    for (const clause of clauses) {
      trying = clause.rule;
      if (matches(clause, given)) speaking.push(clause);
    }
    const [strongest] = speaking;
    if (strongest === undefined) return defaultDenial(clauses, facts.tool, given);
    if (strongest.kind === 'deny') return decisionOf(strongest, [], clauses);
    const asks: Clause[] = [];
    for (const clause of clauses) {
      trying = clause.rule;
      if (clause.kind === 'ask' && (speaking.includes(clause) || stops(clause, given))) asks.push(clause);
    }
    return decisionOf(asks[0] ?? strongest, asks, clauses);
  } catch {
    return deny(trying, `The rule "${trying}" could not be applied, and what cannot be judged is denied.`);
  }
}

function decisionOf(
  { rule, kind, why: reason }: Clause,
  asks: readonly Clause[],
  clauses: readonly Clause[],
): Decision {
  const why = reason === '' ? `The rule "${rule}" says so.` : `${reason} (rule "${rule}")`;
  switch (kind) {
    case 'allow':
      return { kind, rule, why };
    case 'ask': {
      const approval = combineTerms(asks.map((clause) => clause.approval));
      if (approval !== null) return { kind, rule, why, approval };
      const rules = asks.map((clause) => `"${clause.rule}"`).join(' and ');
      const nobody = asks.length === 1 ? 'the policy names nobody who may' : `${rules} name nobody in common who may`;
      return deny(rule, `${why} It must be approved, but ${nobody}.`);
    }
    case 'deny':
      return deny(rule, `${why}${otherRules(clauses, rule)}`);
  }
}

/** The clauses that speak of this tool under this profile, strongest first, then by rule id. */
export function clausesFor(
  policy: Policy,
  { tool, profile }: Pick<ActionFacts, 'tool' | 'profile'>,
): readonly Clause[] {
  return policy.index.get(clauseKey(profile, tool.name)) ?? [];
}

/** Why no rule spoke, with the rule that came nearest and where it failed. */
function defaultDenial(clauses: readonly Clause[], tool: ToolShape, given: GivenArguments): Decision {
  const near = nearestRule(clauses, given);
  if (near === null) return deny(null, `No rule of the policy allows ${tool.name}.`);
  const others = otherRules(clauses, near.rule);
  return deny(null, `No rule allows this. The nearest, "${near.rule}", fails at ${near.at}: ${near.why}.${others}`);
}

/** Rules that a denial names for whoever looks on. */
const NAMED = 5;

/** What else the agent or a person could look at. */
function otherRules(clauses: readonly Clause[], rule: string): string {
  const names = new Set<string>();
  for (const kind of ['ask', 'allow'] as const) {
    // Sorted by rule within a kind: the first of each are enough to choose from.
    let taken = 0;
    for (const clause of clauses) {
      if (clause.kind !== kind || clause.rule === rule || names.has(clause.rule)) continue;
      names.add(clause.rule);
      taken += 1;
      if (taken === NAMED) break;
    }
  }
  if (names.size === 0) return '';
  return ` Other rules that open this tool: ${[...names].toSorted().slice(0, NAMED).join(', ')}.`;
}

function deny(rule: string | null, why: string): Decision & { readonly kind: 'deny' } {
  return { kind: 'deny', rule, why };
}
