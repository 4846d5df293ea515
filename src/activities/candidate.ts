/** Shadow mode: what a candidate policy would have decided, recorded where it differs. Nothing follows from it. */
import type { CandidateDecision, Decision } from '../domain/decision.ts';
import type { ActionFacts } from '../policy/decide-action.ts';
import { decideAction } from '../policy/decide-action.ts';
import { sameDecision } from '../policy/same-decision.ts';
import type { Candidate } from './law.ts';

/** Undefined where there is no candidate, or it decides the same. Total: a candidate never stops an action. */
export function candidateDecision(
  candidate: Candidate | null,
  facts: ActionFacts,
  inForce: Decision,
): CandidateDecision | undefined {
  if (candidate === null) return undefined;
  const { policySha } = candidate;
  if (candidate.kind === 'broken') return { kind: 'broken', rule: null, why: candidate.why, policySha };
  // What the session does not count for the policy in force, no candidate can judge.
  const standing = { ...facts.standing, same: facts.standing.same ?? {} };
  try {
    const decision = decideAction(candidate.policy, { ...facts, standing });
    if (sameDecision(decision, inForce)) return undefined;
    const { kind, rule, why } = decision;
    return { kind, rule, why, policySha };
  } catch {
    // The policy in force has decided; a throw here would fail the pass, and with it what that one allows.
    return { kind: 'broken', rule: null, why: 'It could not be tried on this action.', policySha };
  }
}
