/** Builds the request a person is asked (S4, S11): from canonical values only, whole, with deceiving characters shown. */
import type { ToolCallInput } from '../contract/tool-call.ts';
import type { Decision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import type { ApprovalRequest, PreviewPart, RequestQuestion, RequestRef } from '../domain/request.ts';
import { utf8Length } from '../domain/text-size.ts';
import { visibleLine, visibleText } from '../domain/visible-text.ts';
import { spendingParts } from '../policy/decide-limits.ts';
import { ruleDocument } from '../policy/policy.ts';
import { requestDigest, taggedDigest } from '../proof/digest.ts';
import type { PreparedAction, Tool } from '../tools/define-tool.ts';
import type { SessionPlace } from './guard-case.ts';
import { toolVersion } from './guard-case.ts';
import type { Law } from './law.ts';

/** What a person can still look at as a whole, in bytes of summary, labels and texts. */
export const MAX_PREVIEW_BYTES = 64 * 1024;

export interface Asking {
  readonly place: SessionPlace;
  readonly call: ToolCallInput;
  readonly tool: Tool;
  readonly args: JsonObject;
  readonly summary: string;
  readonly law: Law;
  readonly decision: Decision & { readonly kind: 'ask' };
  readonly mayAnswer: readonly string[];
}

export type Asked =
  { readonly kind: 'request'; readonly request: ApprovalRequest } | { readonly kind: 'tooLarge'; readonly why: string };

/** Identity and times of a new request; its number follows that of the request it replaces. */
export function askOf({ place, call, decision }: Asking, at: Date): Omit<RequestRef, 'digest'> {
  const earlier = Number(call.request?.id.split('/').at(-1) ?? 0);
  const n = Number.isInteger(earlier) ? earlier + 1 : 1;
  return {
    id: `${place.runId}/${call.callId}/${n}`,
    requestedAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + decision.approval.expiresMs).toISOString(),
  };
}

function questionOf({ retryOf }: ToolCallInput, { limits }: Asking['decision']): RequestQuestion | undefined {
  if (retryOf !== undefined) return { kind: 'unknown', callId: retryOf.callId };
  return limits === undefined
    ? undefined
    : { kind: 'limit', limits: limits.map(({ name, adds }) => ({ limit: name, adds })) };
}

/** What a person has to know before the preview, and what each answer does. */
function questionParts({ retryOf }: ToolCallInput): readonly PreviewPart[] {
  if (retryOf === undefined) return [];
  const { callId, known } = retryOf;
  return [
    { label: `What is known of ${callId}`, text: known },
    {
      label: 'The answers',
      text: `approve: ${callId} did not happen; do it (again), exactly as shown below\nhappened: ${callId} did happen; nothing is done\ndeny: leave it; nothing is done, and it stays unknown`,
    },
  ];
}

function limitParts({ limits }: Asking['decision']): readonly PreviewPart[] {
  if (limits === undefined) return [];
  const [are, them, more] =
    limits.length === 1
      ? ['A limit of the session is met', 'it', 'it']
      : ['Limits of the session are met', 'them', 'each'];
  return [
    { label: are, text: limits.map(({ used }) => used).join('\n') },
    {
      label: `What each answer does to ${them}`,
      text: [
        `approve: do what is shown below, and lift ${more}: ${limits.map(({ adds }) => adds).join('; ')}`,
        'deny: stop; this is not done, and nobody is asked about that again',
      ].join('\n'),
    },
  ];
}

/** The request as it stands now; whether it is the one that was shown, its digest tells. */
export function requestFor(
  { place, call, tool, args, summary, law, decision, mayAnswer }: Asking,
  { facts, preview, summary: prepared = summary }: PreparedAction & { readonly kind: 'ready' },
  { id, requestedAt, expiresAt }: Omit<RequestRef, 'digest'>,
): Asked {
  const question = questionOf(call, decision);
  const { standing } = call;
  const parts = [
    ...questionParts(call),
    ...limitParts(decision),
    ...preview,
    ...spendingParts(law.policy, { tool, args, standing }),
  ];
  const shown = parts.map(({ label, text }) => ({ label: visibleLine(label), text: visibleText(text) }));
  const line = visibleLine(prepared);
  const size = utf8Length(line) + shown.reduce((sum, { label, text }) => sum + utf8Length(label) + utf8Length(text), 0);
  if (size > MAX_PREVIEW_BYTES) {
    return {
      kind: 'tooLarge',
      why: `It needs approval, and at ${size} bytes it is too large to be shown whole (limit ${MAX_PREVIEW_BYTES}).`,
    };
  }
  const fields = {
    id,
    namespace: place.namespace,
    workflowId: place.workflowId,
    chainId: call.chainId,
    callId: call.callId,
    tool: tool.name,
    toolVersion: toolVersion(tool),
    profile: call.profile,
    arguments: args,
    facts,
    summary: line,
    preview: shown,
    rule: decision.rule,
    ruleSha: taggedDigest('rule', ruleDocument(law.policy, decision.rule)),
    why: visibleText(decision.why),
    mayAnswer: [...mayAnswer],
    quorum: decision.approval.quorum,
    ...(question === undefined ? {} : { question }),
    requestedAt,
    expiresAt,
  };
  return { kind: 'request', request: { ...fields, digest: requestDigest(fields) } };
}
