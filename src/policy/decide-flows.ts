/** Does a flow rule stand against what rules allow? It only ever makes a decision stricter (S3). */
import type { Decision } from '../domain/decision.ts';
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
  const [strongest] = policy.flows.filter(
    (flow) =>
      flow.tools.has(tool) && appliesTo(flow.profiles, profile) && flow.when.every((label) => labels.includes(label)),
  );
  return strongest === undefined ? decision : narrowed(decision, strongest);
}

function narrowed(decision: Decision, { rule, when, then, why: reason, approval }: FlowRule): Decision {
  const why = `This session has seen results that are ${when.join(' and ')}${reason === '' ? '' : `: ${reason}`} (flow "${rule}")`;
  if (then === 'deny') return { kind: 'deny', rule, why };
  if (decision.kind === 'ask') return decision;
  if (approval === null)
    return { kind: 'deny', rule, why: `${why}. It must be approved, but the policy names nobody who may.` };
  return { kind: 'ask', rule, why, approval };
}
