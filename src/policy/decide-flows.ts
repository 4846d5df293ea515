/** Does a flow rule stand against what rules allow? It only ever makes a decision stricter (S3). */
import type { Decision } from '../domain/decision.ts';
import { combineTerms } from './combine-terms.ts';
import type { FlowRule, Policy, Profile } from './policy.ts';
import { appliesTo } from './policy.ts';

/** A denial stays; an ask becomes a denial at most; an allow may become either. */
export function narrowByFlows(
  policy: Policy,
  profile: Profile,
  tool: string,
  labels: readonly string[],
  decision: Decision,
): Decision {
  if (decision.kind === 'deny' || policy.flows.length === 0) return decision;
  const speaking = policy.flows.filter(
    (flow) =>
      flow.tools.has(tool) && appliesTo(flow.profiles, profile) && flow.when.every((label) => labels.includes(label)),
  );
  const [strongest] = speaking;
  return strongest === undefined ? decision : narrowed(decision, strongest, speaking);
}

function narrowed(
  decision: Exclude<Decision, { readonly kind: 'deny' }>,
  { rule, when, then, why: reason }: FlowRule,
  speaking: readonly FlowRule[],
): Decision {
  const why = `This session has seen results that are ${when.join(' and ')}${reason === '' ? '' : `: ${reason}`} (flow "${rule}")`;
  if (then === 'deny') return { kind: 'deny', rule, why };
  // The rule has said who may approve; a flow only makes sure that somebody does.
  if (decision.kind === 'ask') return decision;
  const approval = combineTerms(speaking.map((flow) => flow.approval));
  if (approval === null)
    return { kind: 'deny', rule, why: `${why}. It must be approved, but those who ask name nobody in common who may.` };
  return { kind: 'ask', rule, why, approval };
}
