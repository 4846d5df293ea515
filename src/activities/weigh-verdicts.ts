/**
 * Verdicts as evidence (S4, S5, S6): which of them count for this very request.
 *
 * 1. A verdict counts only if its signature verifies with a key of the approver it names, over this request's digest.
 * 2. One valid denial closes the request; approvals count once per person, however many keys or copies.
 */
import { VerdictShape } from '../contract/verdict.ts';
import type { RefusedVerdict } from '../domain/outcome.ts';
import type { RequestRef } from '../domain/request.ts';
import type { ReceivedVerdict, Verdict } from '../domain/verdict.ts';
import type { ApproverDirectory } from '../policy/approvers.ts';
import { publicKeyOf } from '../proof/key.ts';
import { isSignedBy } from '../proof/verdict-signature.ts';

export interface CountedVerdict {
  readonly n: number;
  readonly verdict: Verdict;
}

export interface Weighed {
  readonly denial: CountedVerdict | undefined;
  /** At most one of each person, in order of arrival. */
  readonly approvals: readonly CountedVerdict[];
  readonly refused: readonly RefusedVerdict[];
}

export interface Weighing {
  readonly request: RequestRef;
  readonly received: readonly ReceivedVerdict[];
  readonly approvers: ApproverDirectory;
  /** Ids of the people who may answer now. */
  readonly mayAnswer: readonly string[];
  /** The request asks what became of an action: `happened` is an answer to it, and to no other. */
  readonly mayHaveHappened: boolean;
}

export function weighVerdicts(weighing: Weighing): Weighed {
  const approvals = new Map<string, CountedVerdict>();
  const refused: RefusedVerdict[] = [];
  let denial: CountedVerdict | undefined;
  for (const { n, receivedAt, verdict: raw } of weighing.received) {
    const checked = checkVerdict(raw, receivedAt, weighing);
    if (checked.kind === 'refused') refused.push({ n, why: checked.why });
    else if (checked.verdict.decision === 'deny') denial ??= { n, verdict: checked.verdict };
    else if (!approvals.has(checked.verdict.approver))
      approvals.set(checked.verdict.approver, { n, verdict: checked.verdict });
    else refused.push({ n, why: `${checked.verdict.approver} has approved already; one person counts once.` });
  }
  return { denial, approvals: [...approvals.values()], refused };
}

/** Of a request that can no longer be approved: what a denial is worth stays, approvals are refused. */
export function onlyDenial({ denial, approvals, refused }: Weighed): Weighed {
  const why = 'The request was asked in a run that was reset since: it can be denied, not approved.';
  return { denial, approvals: [], refused: [...refused, ...approvals.map(({ n }) => ({ n, why }))] };
}

type Checked =
  { readonly kind: 'valid'; readonly verdict: Verdict } | { readonly kind: 'refused'; readonly why: string };

/** Denied when: no verdict, another request, unknown approver or key, bad signature, not entitled, late, not built. */
function checkVerdict(
  raw: unknown,
  receivedAt: string,
  { request, approvers, mayAnswer, mayHaveHappened }: Weighing,
): Checked {
  const parsed = VerdictShape.safeParse(raw);
  if (!parsed.success)
    return refuse(`This is not a verdict: ${parsed.error.issues[0]?.path.join('.') ?? ''} is wrong.`);
  const verdict = parsed.data;
  if (verdict.requestId !== request.id || verdict.digest !== request.digest)
    return refuse('It is about another request.');
  const key = approvers.people.get(verdict.approver)?.keys.find(({ id }) => id === verdict.keyId);
  if (key === undefined) {
    return refuse(`No approver "${verdict.approver}" with key ${verdict.keyId} is in the approver directory.`);
  }
  if (!isSignedBy(verdict, publicKeyOf(key.public))) return refuse('The signature does not verify.');
  if (!mayAnswer.includes(verdict.approver)) return refuse(`${verdict.approver} may not answer this request.`);
  if (Date.parse(receivedAt) > Date.parse(request.expiresAt))
    return refuse(`The request expired at ${request.expiresAt}.`);
  const odd = oddWords(verdict, mayHaveHappened);
  return odd === undefined ? { kind: 'valid', verdict } : refuse(odd);
}

/** Why what it says besides its decision is no answer to the request. */
function oddWords({ answer, decision, edit, grant }: Verdict, mayHaveHappened: boolean): string | undefined {
  if (answer !== undefined && !(mayHaveHappened && decision === 'deny'))
    return '"happened" answers only what became of an action whose outcome is unknown, and as a denial.';
  if (edit !== undefined) return '"edit" is not built yet: deny with a reason instead.';
  if (grant !== undefined) return '"grant" is not built yet: each action is approved by itself.';
  return undefined;
}

function refuse(why: string): Checked {
  return { kind: 'refused', why };
}
