/**
 * decideAction: what the policy says of an action. Pure and total.
 *
 * S2 whatever is absent or throws is denied. S3 deny > ask > allow > default deny; the order of rules never matters:
 * clauses come sorted by strength and rule id.
 */
import type { Decision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Standing } from '../domain/standing.ts';
import { missOf } from './clauses.ts';
import { nearestRule } from './nearest-rule.ts';
import type { Clause, Policy } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface ActionFacts {
  readonly tool: ToolShape;
  readonly profile: string;
  /** Canonical. */
  readonly args: JsonObject;
  readonly standing: Pick<Standing, 'actions'>;
}

export function decideAction(policy: Policy, facts: ActionFacts): Decision {
  const profile = policy.profiles.get(facts.profile);
  if (profile === undefined) return deny(null, `The policy has no profile "${facts.profile.slice(0, 100)}".`);
  if (!profile.grant.has(facts.tool.permission)) {
    return deny(
      null,
      `The profile "${profile.name}" is not granted ${facts.tool.permission}, which ${facts.tool.name} needs.`,
    );
  }
  const byRule = decideByRules(policy, facts);
  return byRule.kind === 'deny' ? byRule : (overLimit(policy, facts) ?? byRule);
}

function decideByRules(policy: Policy, facts: ActionFacts): Decision {
  const clauses = clausesFor(policy, facts);
  const matching: Clause[] = [];
  for (const clause of clauses) {
    try {
      if (missOf(clause, facts.tool.arguments, facts.args) === null) matching.push(clause);
    } catch {
      return deny(clause.rule, `The rule "${clause.rule}" could not be applied, and what cannot be judged is denied.`);
    }
  }
  const strongest = matching[0];
  return strongest === undefined ? defaultDenial(clauses, facts) : decisionOf(strongest, clauses);
}

function decisionOf({ rule, kind, approval, why: reason }: Clause, clauses: readonly Clause[]): Decision {
  const why = reason === '' ? `The rule "${rule}" says so.` : `${reason} (rule "${rule}")`;
  switch (kind) {
    case 'allow':
      return { kind, rule, why };
    case 'ask':
      return approval === null
        ? deny(rule, `${why} It must be approved, but the policy names nobody who may.`)
        : { kind, rule, why, approval };
    case 'deny':
      return deny(rule, `${why}${otherRules(clauses, rule)}`);
  }
}

/** The clauses that speak of this tool under this profile, strongest first, then by rule id. */
export function clausesFor(
  policy: Policy,
  { tool, profile }: Pick<ActionFacts, 'tool' | 'profile'>,
): readonly Clause[] {
  return policy.clauses.filter(
    (clause) => (clause.tool === tool.name || clause.tool === '*') && (clause.profiles?.has(profile) ?? true),
  );
}

/** Denied when: the session has used the tool as often as the policy lets it, or the count is no number. */
function overLimit(policy: Policy, { tool, standing }: ActionFacts): Decision | undefined {
  const limit = Object.hasOwn(policy.limits.actions, tool.name) ? policy.limits.actions[tool.name] : undefined;
  const spent = Object.hasOwn(standing.actions, tool.name) ? (standing.actions[tool.name] ?? 0) : 0;
  if (limit === undefined || spent < limit) return undefined;
  return deny(null, `A session may use ${tool.name} at most ${limit} times (limits.actions), and it has.`);
}

/** Why no rule spoke, with the rule that came nearest and where it failed. */
function defaultDenial(clauses: readonly Clause[], { tool, args }: ActionFacts): Decision {
  const near = nearestRule(clauses, tool.arguments, args);
  if (near === null) return deny(null, `No rule of the policy allows ${tool.name}.`);
  const others = otherRules(clauses, near.rule);
  return deny(null, `No rule allows this. The nearest, "${near.rule}", fails at ${near.at}: ${near.why}.${others}`);
}

/** What else the agent or a person could look at. */
function otherRules(clauses: readonly Clause[], rule: string): string {
  const open = clauses.filter((clause) => clause.kind !== 'deny' && clause.rule !== rule).map((clause) => clause.rule);
  const names = [...new Set(open)].toSorted().slice(0, 5);
  return names.length === 0 ? '' : ` Other rules that open this tool: ${names.join(', ')}.`;
}

function deny(rule: string | null, why: string): Decision & { readonly kind: 'deny' } {
  return { kind: 'deny', rule, why };
}
