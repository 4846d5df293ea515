import type { ApprovalTerms, Decision } from '../domain/decision.ts';
import type { ClosingReading } from './closing-reading.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Limits } from '../domain/limits.ts';
import type { ModelPrice } from '../domain/model-price.ts';
import type { Permission } from '../domain/permission.ts';
import type { DecisionStanding } from '../domain/standing.ts';
import type { Matcher } from './matchers/matcher.ts';

/** A named set of permissions; only a startable one can be given to a session. */
export interface Profile {
  readonly name: string;
  /** Its own name and those of the profiles it extends: rules that name one of them apply. */
  readonly names: ReadonlySet<string>;
  readonly grant: ReadonlySet<Permission>;
  readonly startable: boolean;
  /** The profiles that it may never exceed, by its own word or by that of one it extends; checked at load. */
  readonly within: readonly string[];
}

/** What one part of a rule says of the arguments of one tool; empty means: of any. */
export type ArgumentMatchers = ReadonlyMap<string, Matcher>;

/** Matchers as written, by argument. */
export type Spec = Readonly<Record<string, Json>>;

/** One part of a rule, for one tool. */
export interface Clause {
  readonly rule: string;
  readonly kind: Decision['kind'];
  /** A tool’s name, or `*` for every tool (only in denials). */
  readonly tool: string;
  /** Null: all profiles. */
  readonly profiles: ReadonlySet<string> | null;
  readonly matchers: ArgumentMatchers;
  /** Those of them that only speak if their argument is given. */
  readonly optional: ReadonlySet<string>;
  /** What the file says, for reasoning about rules without actions. */
  readonly spec: { readonly matchers: Spec; readonly except: readonly Spec[] };
  /** Any of these that matches takes the action out of this rule. */
  readonly except: readonly ArgumentMatchers[];
  /** For asks: what they stop that an allow would let through; null for the others. */
  readonly closing: ClosingReading | null;
  readonly why: string;
  /** For asks: who answers; null makes it a denial. */
  readonly approval: ApprovalTerms | null;
}

/** Once results with all these labels were seen, what rules allow for these tools is asked or denied. */
export interface FlowRule {
  readonly rule: string;
  readonly when: readonly string[];
  readonly tools: ReadonlySet<string>;
  /** Null: all profiles. */
  readonly profiles: ReadonlySet<string> | null;
  readonly then: 'ask' | 'deny';
  readonly why: string;
  readonly approval: ApprovalTerms | null;
}

/** At most so much of one argument, over all actions of a session. */
export interface SumLimit {
  readonly id: string;
  readonly tools: ReadonlySet<string>;
  readonly argument: string;
  /** In minor units of `currency`; of a plain number where that is null. */
  readonly max: number;
  readonly currency: string | null;
}

/** Limits that the guard judges; those of `Limits` the workflow keeps as well. */
export interface ActionLimits {
  /** How often the same tool may be called with the same arguments. */
  readonly sameAction: ReadonlyMap<string, number>;
  readonly sums: readonly SumLimit[];
  /** Names of limits (`actions/send_email`) at which people are asked; the others deny. */
  readonly asking: ReadonlySet<string>;
}

/** A policy file that was found good. Immutable. */
export interface Policy {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultProfile: string | null;
  readonly clauses: readonly Clause[];
  /** The clauses that speak of a tool under a profile, strongest first, by `clauseKey`. */
  readonly index: ReadonlyMap<string, readonly Clause[]>;
  readonly flows: readonly FlowRule[];
  /** What the results of a tool are marked with, by tool. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** Rules as written, with the approval terms in force, by id. */
  readonly documents: ReadonlyMap<string, Json>;
  /** For asks whose rule names nobody, and for allows that the guard must turn into asks. */
  readonly defaultApproval: ApprovalTerms | null;
  readonly limits: Limits;
  readonly actionLimits: ActionLimits;
  /** Prices that the file gives, by model. */
  readonly prices: ReadonlyMap<string, ModelPrice>;
  readonly tests: readonly PolicyTest[];
}

/** A test of the file: an action, what came before it, and what must be decided. */
export interface PolicyTest {
  readonly name: string;
  readonly profile: string;
  readonly tool: string;
  readonly input: JsonObject;
  readonly standing: DecisionStanding;
  /** `invalid`: the arguments are refused before any rule is looked at. */
  readonly expect: { readonly kind: Decision['kind'] | 'invalid'; readonly rule: string | null };
}

export function clauseKey(profile: string, tool: string): string {
  return `${profile}/${tool}`;
}

/** Does a rule that names these profiles (null: none) speak to this one? */
export function appliesTo(profiles: ReadonlySet<string> | null, { names }: Profile): boolean {
  if (profiles === null) return true;
  for (const name of names) if (profiles.has(name)) return true;
  return false;
}

/** The rule as written with its approval terms: what an approval’s digest covers. Null for an unknown id. */
export function ruleDocument(policy: Policy, rule: string): Json {
  return policy.documents.get(rule) ?? null;
}

/** All people and groups that the policy names as approvers, each once. */
export function approverNames(policy: Policy): readonly string[] {
  const terms = [policy.defaultApproval, ...[...policy.clauses, ...policy.flows].map(({ approval }) => approval)];
  return [...new Set(terms.flatMap((one) => one?.by ?? []))];
}
