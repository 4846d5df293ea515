/**
 * decideAction: what the policy says of an action. Pure and total.
 *
 * S2 whatever is absent or throws is denied. S3 deny > ask > allow > default deny; the order of rules never matters:
 * clauses of one strength are taken by rule id.
 */
import type { Decision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Standing } from '../domain/standing.ts';
import { missOf } from './clauses.ts';
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
  if (profile === undefined) return deny(null, `The policy has no profile "${facts.profile}".`);
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
  const strongest = first(matching, 'deny') ?? first(matching, 'ask') ?? first(matching, 'allow');
  if (strongest === undefined) return deny(null, defaultDenial(clauses, facts));
  const { rule, kind, approval } = strongest;
  const why = strongest.why === '' ? `The rule "${rule}" says so.` : `${strongest.why} (rule "${rule}")`;
  if (kind !== 'ask') return { kind, rule, why };
  if (approval === null) return deny(rule, `${why} It must be approved, but the policy names nobody who may.`);
  return { kind, rule, why, approval };
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

function first(clauses: readonly Clause[], kind: Clause['kind']): Clause | undefined {
  return clauses.filter((clause) => clause.kind === kind).toSorted((a, b) => (a.rule < b.rule ? -1 : 1))[0];
}

function overLimit(policy: Policy, { tool, standing }: ActionFacts): Decision | undefined {
  const limit = Object.hasOwn(policy.limits.actions, tool.name) ? policy.limits.actions[tool.name] : undefined;
  const spent = Object.hasOwn(standing.actions, tool.name) ? (standing.actions[tool.name] ?? 0) : 0;
  if (limit === undefined || spent < limit) return undefined;
  return deny(null, `A session may use ${tool.name} at most ${limit} times, and it has.`);
}

/** Why no rule spoke, with the rule that came nearest and where it failed. */
function defaultDenial(clauses: readonly Clause[], { tool, args }: ActionFacts): string {
  const near = clauses
    .filter(({ kind }) => kind !== 'deny')
    .map((clause) => ({ clause, miss: missOf(clause, tool.arguments, args) }))
    .toSorted(
      (a, b) => distance(a.miss?.at, args) - distance(b.miss?.at, args) || (a.clause.rule < b.clause.rule ? -1 : 1),
    )[0];
  if (near === undefined || near.miss === null) return `No rule of the policy allows ${tool.name}.`;
  const hints = clauses.filter(({ kind }) => kind !== 'deny').map(({ rule }) => rule);
  const others = [...new Set(hints)].filter((rule) => rule !== near.clause.rule);
  const more = others.length === 0 ? '' : ` Other rules for this tool: ${others.slice(0, 5).join(', ')}.`;
  return `No rule allows this. The nearest, "${near.clause.rule}", fails at ${near.miss.at}: ${near.miss.why}.${more}`;
}

/** How late in the arguments a clause fails: the later, the nearer it came. */
function distance(at: string | undefined, args: JsonObject): number {
  const position = Object.keys(args).indexOf((at ?? '').split(/[.[]/)[0] ?? '');
  return position === -1 ? 1000 : 100 - position;
}

function deny(rule: string | null, why: string): Decision {
  return { kind: 'deny', rule, why };
}
