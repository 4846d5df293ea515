import type { Decision } from '../../src/domain/decision.ts';
import type { ActionFacts } from '../../src/policy/decide-action.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** What another engine has against an action, in words; undefined: nothing. It has no way to say "allow". */
export type Objection = (facts: ActionFacts) => string | undefined;

/** The policy's decision, unless the other engine objects or fails: then a denial. */
export function decideWith(objection: Objection): (policy: Policy, facts: ActionFacts) => Decision {
  return (policy, facts) => {
    const decision = decideAction(policy, facts);
    if (decision.kind === 'deny') return decision;
    const why = wordsOf(objection, facts);
    return why === undefined ? decision : { kind: 'deny', rule: null, why };
  };
}

function wordsOf(objection: Objection, facts: ActionFacts): string | undefined {
  try {
    return objection(facts);
  } catch {
    return 'The other engine failed, and what cannot be judged is denied.';
  }
}
