/**
 * The guard: the one place where anything is decided. It turns a tool into its activity.
 *
 * S1 the effect is reached only here, in the same process and moment as the last check. S2 whatever is absent, broken
 * or throws is denied or not done. S3 rules never become anything but stricter by what happens here. S4 an approval is
 * for one action, once: the digest of what is prepared now must be the digest that was signed. S7 a mark that is found
 * is `unknown`, before policy, expiry or facts are looked at.
 */
import { Context } from '@temporalio/activity';
import type { ToolCallInput } from '../contract/tool-call.ts';
import { firstCallOf } from '../domain/call-id.ts';
import type { Decision } from '../domain/decision.ts';
import type { Json } from '../domain/json.ts';
import { limitedSignal } from '../domain/limited-signal.ts';
import type { GuardResult } from '../domain/outcome.ts';
import { BEFORE_MARK } from '../domain/outcome.ts';
import { decideAction } from '../policy/decide-action.ts';
import { personsOf } from '../policy/approvers.ts';
import { spendsOf } from '../policy/spends.ts';
import type { ActionStory } from '../policy/tighten-decision.ts';
import { tightenDecision } from '../policy/tighten-decision.ts';
import type { ActionPlace, OpenedAction, PreparedAction, Tool } from '../tools/define-tool.ts';
import { askOf, requestFor } from './approval-request.ts';
import { candidateDecision } from './candidate.ts';
import type { EffectMark } from './effect-mark.ts';
import { effectMark, keepBeating } from './effect-mark.ts';
import type { Spoken } from './guard-case.ts';
import { denied, keyOf, parseCall, sessionPlace } from './guard-case.ts';
import { guardFailure } from './guard-failure.ts';
import type { GuardPorts, JudgedPass, Pass } from './guard-pass.ts';
import { deniedByPerson, foundMark, notReady, spoken, unread } from './guard-pass.ts';
import { performOnce, performRead, retryable } from './perform-effect.ts';
import type { Weighed } from './weigh-verdicts.ts';
import { onlyDenial, weighVerdicts } from './weigh-verdicts.ts';

export type ToolActivity = (raw: unknown) => Promise<GuardResult>;

export function createGuard(ports: GuardPorts): (tool: Tool) => ToolActivity {
  return (tool) => async (raw) => {
    const mark = effectMark();
    try {
      return await guardCall(ports, tool, raw, mark);
    } catch (error) {
      throw guardFailure(tool.name, error, mark);
    }
  };
}

async function guardCall(ports: GuardPorts, tool: Tool, raw: unknown, mark: EffectMark): Promise<GuardResult> {
  const startedAt = ports.monotonic();
  const place = sessionPlace(ports.namespace);
  const call = parseCall(raw);
  const parsed = tool.parse(call.input);
  const key = keyOf(tool, parsed, call.input);
  if (mark.found()) return foundMark(tool, key, parsed, mark, ports.now());
  const reading = await ports.readLaw();
  if (reading.kind === 'broken')
    return denied(unread(key), `Everything is denied until this is mended: ${reading.problems.join(' ')}`);
  const { law } = reading;
  if (parsed.kind === 'invalid') {
    const decision = { kind: 'deny', rule: null, why: 'invalid arguments', policySha: law.policySha } as const;
    return denied({ ...unread(key), decision }, `The arguments are invalid: ${parsed.why}`);
  }
  return decide({ ports, tool, place, call, args: parsed.args, key, law, mark, startedAt });
}

/** Denied when: the policy denies, a person denied it, or nobody could approve it. */
async function decide(passed: Pass): Promise<GuardResult> {
  const { tool, call, args, key, law, ports } = passed;
  const facts = { tool, profile: call.profile, args, actionKey: key, standing: call.standing };
  const byPolicy = decideAction(law.policy, facts);
  const candidate = candidateDecision(law.candidate, facts, byPolicy);
  const pass: JudgedPass = { ...passed, spends: spendsOf(tool, args), candidate };
  const action = tool.open(args, ports.world);
  const decision = tightenDecision(storyOf(pass, action), byPolicy);
  const mayAnswer =
    decision.kind === 'ask' ? personsOf(law.approvers, decision.approval.by) : [...law.approvers.people.keys()];
  const weighed = weigh(pass, mayAnswer);
  if (weighed.denial !== undefined) return deniedByPerson(pass, decision, weighed);
  if (decision.kind === 'deny') return denied({ ...spoken(pass, decision), refused: weighed.refused }, decision.why);
  // S4: an approval is used up by its first use, so what a person was asked about gets the mark, a read too.
  const asked: OpenedAction = { ...action, effect: 'once' };
  if (decision.kind === 'ask') return askPerson(pass, asked, decision, mayAnswer, weighed);
  return perform(pass, action, await prepare(pass, action, ports.now()), spoken(pass, decision), null);
}

/** What the session itself says of the action. */
function storyOf({ tool, key, call, place, law }: Pass, { effect }: OpenedAction): ActionStory {
  return {
    tool: tool.name,
    actionKey: key,
    effect,
    standing: call.standing,
    wasReset: call.originalRunId !== place.runId,
    wasAsked: call.request !== undefined,
    retryOf: call.retryOf?.callId ?? null,
    defaultApproval: law.policy.defaultApproval,
  };
}

/** S4, S6: after a reset the request of an earlier run is still shown: it can be denied, and approved only anew. */
function weigh(pass: Pass, mayAnswer: readonly string[]): Weighed {
  const { call, law } = pass;
  const received = call.verdicts ?? [];
  const { request } = call;
  if (request === undefined || !request.id.includes(`/${call.callId}/`)) {
    return {
      denial: undefined,
      approvals: [],
      refused: received.map(({ n }) => ({ n, why: 'It is about another request.' })),
    };
  }
  const mayHaveHappened = call.retryOf !== undefined;
  const weighed = weighVerdicts({ request, received, approvers: law.approvers, mayAnswer, mayHaveHappened });
  return requestOfThisRun(pass) === undefined ? onlyDenial(weighed) : weighed;
}

/** The request that this pass answers, if it was asked in this very run (reset: asked anew). */
function requestOfThisRun({ call, place }: Pass): ToolCallInput['request'] {
  return call.request?.id.startsWith(`${place.runId}/${call.callId}/`) === true ? call.request : undefined;
}

async function askPerson(
  pass: JudgedPass,
  action: OpenedAction,
  decision: Decision & { kind: 'ask' },
  mayAnswer: readonly string[],
  weighed: Weighed,
): Promise<GuardResult> {
  const { key, ports, tool, spends, candidate } = pass;
  const said = { ...spoken(pass, decision), refused: weighed.refused };
  if (mayAnswer.length < decision.approval.quorum) {
    return denied(said, `${decision.why} It needs approval, but the approver directory has nobody who may give it.`);
  }
  const asking = { ...pass, decision, mayAnswer, version: tool, summary: action.summary };
  const current = requestOfThisRun(pass);
  if (current !== undefined) {
    const prepared = await prepare(pass, action, new Date(current.requestedAt));
    if (prepared.kind !== 'ready') return notReady(said, prepared);
    const now = requestFor(asking, prepared, current);
    if (now.kind === 'request' && now.request.digest === current.digest) {
      if (ports.now().getTime() > Date.parse(current.expiresAt) + ports.runWithinMs) {
        return denied(
          said,
          `The request expired at ${current.expiresAt}, and an approval is carried out only shortly after.`,
        );
      }
      const approval = weighed.approvals.slice(0, decision.approval.quorum).at(-1);
      if (approval === undefined || weighed.approvals.length < decision.approval.quorum) {
        return { kind: 'waiting', have: weighed.approvals.map(({ n }) => n), refused: weighed.refused };
      }
      return perform(pass, action, prepared, { ...said, ...spoken(pass, decision, approval.verdict) }, current.digest);
    }
  }
  const at = ports.now();
  const prepared = await prepare(pass, action, at);
  if (prepared.kind !== 'ready') return notReady(said, prepared);
  const asked = requestFor(asking, prepared, askOf(asking, at));
  if (asked.kind === 'tooLarge') return denied(said, asked.why);
  return {
    kind: 'approvalNeeded',
    request: asked.request,
    actionKey: key,
    ...(Object.keys(spends).length === 0 ? {} : { spends }),
    ...(candidate === undefined ? {} : { candidate }),
    ...(weighed.refused.length === 0 ? {} : { refused: weighed.refused }),
  };
}

/** Gathers facts and preview. A once-only effect may not beat yet, so this must fit within the heartbeat timeout. */
async function prepare(pass: Pass, action: OpenedAction, at: Date): Promise<PreparedAction> {
  const { place, call, ports, startedAt, law, key } = pass;
  const { heartbeatTimeoutMs = 15_000, startToCloseTimeoutMs } = Context.current().info;
  const limitMs = (action.effect === 'once' ? heartbeatTimeoutMs : startToCloseTimeoutMs) * 0.6;
  const stopBeating = action.effect === 'read' ? keepBeating() : () => undefined;
  const limit = limitedSignal(Context.current().cancellationSignal, limitMs - (ports.monotonic() - startedAt));
  const tooLong = new Promise<never>((_, reject) => {
    const stop = (): void => reject(retryable(BEFORE_MARK, 'preparing the action took too long, or was cancelled'));
    if (limit.signal.aborted) stop();
    else limit.signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const judge: ActionPlace['judge'] = (tool, given) => {
      const args = Object.fromEntries(Object.entries(given).filter(isGiven));
      return decideAction(law.policy, { tool, profile: call.profile, args, actionKey: key, standing: call.standing });
    };
    const { chainId, callId } = call;
    const where = { ...place, chainId, callId, firstCallId: firstCallOf(callId), at, judge };
    return await Promise.race([action.prepare(where, limit.signal), tooLong]);
  } finally {
    limit.clear();
    stopBeating();
  }
}

const isGiven = (entry: [string, Json | undefined]): entry is [string, Json] => entry[1] !== undefined;

async function perform(
  { mark, ports }: Pass,
  { effect }: OpenedAction,
  prepared: PreparedAction,
  said: Spoken,
  digest: string | null,
): Promise<GuardResult> {
  if (prepared.kind !== 'ready') return notReady(said, prepared);
  if (effect === 'once') return performOnce({ ready: prepared, said, mark, digest, monotonic: ports.monotonic });
  const stopBeating = keepBeating();
  try {
    return await performRead({ ready: prepared, said });
  } finally {
    stopBeating();
  }
}
