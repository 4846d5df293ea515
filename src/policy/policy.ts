import type { ApprovalTerms, Decision } from '../domain/decision.ts';
import type { Json } from '../domain/json.ts';
import type { Limits } from '../domain/limits.ts';
import type { Permission } from '../domain/permission.ts';
import type { Matcher } from './matchers/matcher.ts';

/** A named set of permissions; only a startable one can be given to a session. */
export interface Profile {
  readonly name: string;
  readonly grant: ReadonlySet<Permission>;
  readonly startable: boolean;
}

/** What one part of a rule says of the arguments of one tool; empty means: of any. */
export type ArgumentMatchers = ReadonlyMap<string, Matcher>;

/** One part of a rule, for one tool. */
export interface Clause {
  readonly rule: string;
  readonly kind: Decision['kind'];
  /** A tool’s name, or `*` for every tool (only in denials). */
  readonly tool: string;
  /** Null: all profiles. */
  readonly profiles: ReadonlySet<string> | null;
  readonly matchers: ArgumentMatchers;
  /** Any of these that matches takes the action out of this rule. */
  readonly except: readonly ArgumentMatchers[];
  readonly why: string;
  /** For asks: who answers; null makes it a denial. */
  readonly approval: ApprovalTerms | null;
}

/** A policy file that was found good. Immutable. */
export interface Policy {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly defaultProfile: string | null;
  readonly clauses: readonly Clause[];
  /** Rules as written, with the approval terms in force, by id. */
  readonly documents: ReadonlyMap<string, Json>;
  /** For asks whose rule names nobody, and for allows that the guard must turn into asks. */
  readonly defaultApproval: ApprovalTerms | null;
  readonly limits: Limits;
}

/** The rule as written with its approval terms: what an approval’s digest covers. Null for an unknown id. */
export function ruleDocument(policy: Policy, rule: string): Json {
  return policy.documents.get(rule) ?? null;
}

/** All people and groups that the policy names as approvers, each once. */
export function approverNames(policy: Policy): readonly string[] {
  const terms = [policy.defaultApproval, ...policy.clauses.map(({ approval }) => approval)];
  return [...new Set(terms.flatMap((one) => one?.by ?? []))];
}
