/** What one pass of the guard knows, and its answers where nothing is performed. */
import type { ToolCallInput } from '../contract/tool-call.ts';
import type { CandidateDecision, Decision, RecordedDecision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import type { GuardResult } from '../domain/outcome.ts';
import type { ParsedArguments } from '../policy/kinds/parse-arguments.ts';
import { spendsOf } from '../policy/spends.ts';
import type { PreparedAction, Tool } from '../tools/define-tool.ts';
import type { WorldPorts } from '../tools/ports.ts';
import type { EffectMark } from './effect-mark.ts';
import type { SessionPlace, Spoken } from './guard-case.ts';
import { denied, done, failed, unknown } from './guard-case.ts';
import type { Law, ReadLaw } from './law.ts';
import { fitting } from './perform-effect.ts';
import type { Weighed } from './weigh-verdicts.ts';

export interface GuardPorts {
  readonly namespace: string;
  readonly readLaw: ReadLaw;
  readonly world: WorldPorts;
  /** How long after expiry an approval that came in time may still be carried out, in ms. */
  readonly runWithinMs: number;
  readonly now: () => Date;
  /** Monotonic, in ms. */
  readonly monotonic: () => number;
}

/** All that one pass knows. */
export interface Pass {
  readonly ports: GuardPorts;
  readonly tool: Tool;
  readonly place: SessionPlace;
  readonly call: ToolCallInput;
  readonly args: JsonObject;
  readonly key: string;
  readonly law: Law;
  readonly mark: EffectMark;
  readonly startedAt: number;
}

/** A pass whose rules were applied: what all its answers share. */
export interface JudgedPass extends Pass {
  readonly spends: Readonly<Record<string, number>>;
  readonly candidate: CandidateDecision | undefined;
}

const MARK_FOUND =
  'An earlier attempt was about to do this when its worker stopped. Whether it happened is not known; it is not tried again by itself.';

export function deniedByPerson(pass: JudgedPass, decision: Decision, weighed: Weighed): GuardResult {
  const { verdict } = weighed.denial ?? {};
  if (verdict === undefined) return denied(spoken(pass, decision), 'It was denied.');
  const reason =
    verdict.reason === undefined || verdict.reason === ''
      ? 'no reason was given'
      : `the reason given: ${verdict.reason}`;
  const overruled = weighed.approvals.map(({ n }) => ({
    n,
    why: `${verdict.approver} denied it at the same time, and any denial closes a request.`,
  }));
  const said = { ...spoken(pass, decision, verdict), refused: [...weighed.refused, ...overruled] };
  // Whom the policy would not ask may keep an action from being done, and says nothing of what became of it (S5).
  if (verdict.answer === 'happened' && decision.kind === 'ask') return happened(said, pass, verdict.approver, reason);
  return denied(said, `${verdict.approver} denied this; ${reason}.`, verdict.approver);
}

/** S7: a person, and nobody else, says what became of an action that ended unknown. */
function happened(said: Spoken, { call }: JudgedPass, approver: string, reason: string): GuardResult {
  const of = call.retryOf?.callId ?? '';
  return done(said, `${approver} says that ${of} did happen; ${reason}. Nothing was done again.`, {
    of,
    saidBy: approver,
  });
}

export function notReady(said: Spoken, prepared: Exclude<PreparedAction, { kind: 'ready' }>): GuardResult {
  const why = fitting(prepared.why);
  return prepared.kind === 'denied' ? denied(said, why) : failed(said, why);
}

export function spoken(
  { law, key, tool, spends, candidate }: JudgedPass,
  judged: Decision,
  verdict?: NonNullable<Weighed['denial']>['verdict'],
): Spoken {
  const { kind, rule, why } = judged;
  const decision: RecordedDecision = {
    kind,
    rule,
    why,
    policySha: law.policySha,
    ...(candidate === undefined ? {} : { candidate }),
  };
  const common = { key, spends, labels: law.policy.labels.get(tool.name) ?? tool.labels };
  if (verdict === undefined) return { ...common, decision };
  const { requestId, decision: said, approver, keyId, at, reason, answer } = verdict;
  const settled = {
    ...{ requestId, decision: said, approver, keyId, at },
    ...(reason === undefined ? {} : { reason }),
    ...(answer === undefined ? {} : { answer }),
  };
  const limits = judged.kind === 'ask' && answer === undefined ? (judged.limits ?? []) : [];
  const grants = limits.map(({ name }) => ({ limit: name, more: said === 'approve' }));
  return { ...common, ...(grants.length === 0 ? {} : { grants }), decision: { ...decision, verdict: settled } };
}

export function unread(key: string): Spoken {
  const decision = { kind: 'deny', rule: null, why: 'no policy was read', policySha: null } as const;
  return { key, decision, spends: {}, labels: [] };
}

/** The attempt that set the mark is gone; what it may have done, spent and seen counts all the same. */
export function foundMark(tool: Tool, key: string, parsed: ParsedArguments, mark: EffectMark, now: Date): GuardResult {
  const said = unread(key);
  const spends = parsed.kind === 'parsed' ? spendsOf(tool, parsed.args) : {};
  const decision = mark.decision() ?? said.decision;
  const until = new Date(now.getTime() + tool.timeoutMs);
  return unknown({ ...said, decision, spends, labels: tool.labels }, MARK_FOUND, until);
}
