/**
 * The way of one action: propose it to the guard, wait for people where it asks, relay what they say.
 *
 * 1. At most one guard activity per action is in flight; verdicts that arrive meanwhile go together in the next pass.
 * 2. After an outcome or a cancel nothing is scheduled for the action again, and every queued verdict is answered.
 * 3. Silence is denial: at `expiresAt` the workflow closes the request, after all that came in time was answered (S6).
 */
import { CancellationScope, condition, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { ToolCallInput } from '../contract/tool-call.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { JsonObject } from '../domain/json.ts';
import { ownString } from '../domain/json.ts';
import type { GuardResult, Outcome, RefusedVerdict } from '../domain/outcome.ts';
import type { ApprovalRequest, RequestClosing } from '../domain/request.ts';
import type { OfferedTool, OpenedSession } from '../domain/session.ts';
import type { ReceivedVerdict } from '../domain/verdict.ts';
import type { Entry, Ticket } from './approval-board.ts';
import { claimWords, passTitle, summaryLine, tellPeople } from './narration.ts';
import type { ActionRecord, Ledger } from './session-ledger.ts';
import { standingOf, tellVisibility } from './session-ledger.ts';
import { runTool } from './tool-activity.ts';

const MAX_BATCH = 100;
const MAX_BACKOFF_MS = 10_000;

export interface Action {
  readonly ledger: Ledger;
  readonly opened: OpenedSession;
  readonly record: ActionRecord;
  readonly tool: OfferedTool;
  readonly input: JsonObject;
  /** What is known of `record.retryOf`. */
  readonly known?: string;
  /** Called when it waits for a person: what it reserves is known from then on. */
  readonly onJudged: () => void;
}

/** Follows one action to its outcome. Never throws; a cancelled session ends it as denied. */
export async function performAction(action: Action): Promise<Outcome> {
  const outcome = await untilSettled(action);
  action.record.progress = 'ended';
  action.record.outcome = outcome;
  return outcome;
}

async function untilSettled(action: Action): Promise<Outcome> {
  let ticket: Ticket | undefined;
  let accepted: readonly ReceivedVerdict[] = [];
  let batch: readonly Entry[] = [];
  let idlePasses = 0;
  for (let pass = 1; ; pass += 1) {
    const verdicts = [...accepted, ...batch.map(({ received }) => received)];
    const result = await runPass(action, pass, ticket?.request, verdicts);
    noteJudged(action, result);
    switch (result.kind) {
      case 'done':
      case 'denied':
      case 'failed':
      case 'unknown':
        return settle(action, ticket, batch, result);
      case 'approvalNeeded': {
        if (ticket !== undefined) supersede(action, ticket, batch);
        const excess = tooManyAsks(action);
        if (excess !== undefined) return deniedHere(excess);
        ticket = openTicket(action, result.request);
        accepted = [];
        idlePasses = 0;
        break;
      }
      case 'waiting':
        answerWaiting(action, batch, result);
        accepted = verdicts.filter(({ n }) => result.have.includes(n));
        idlePasses = batch.some(({ received }) => result.have.includes(received.n)) ? 0 : idlePasses + 1;
        break;
      default:
        return assertNever(result);
    }
    if (ticket === undefined) return deniedHere('The guard waits for a request that was never made.');
    const next = await nextVerdicts(ticket, idlePasses);
    if (next.kind !== 'verdicts') return closeUnanswered(action, ticket, next.kind);
    batch = next.batch;
  }
}

function noteJudged({ record, onJudged }: Action, result: GuardResult): void {
  if (result.kind !== 'waiting') {
    record.actionKey = result.actionKey ?? record.actionKey;
    record.spends = result.spends ?? record.spends;
  }
  // An outcome is counted once it is recorded: whoever waits goes on then.
  // Whoever meets the same limit waits for what people say of it, and does not ask the same.
  if (result.kind === 'approvalNeeded' && result.request.question?.kind !== 'limit') onJudged();
}

async function runPass(
  { ledger, opened, record, tool, input, known }: Action,
  pass: number,
  request: ApprovalRequest | undefined,
  verdicts: readonly ReceivedVerdict[],
): Promise<GuardResult> {
  record.progress = 'running';
  const { firstExecutionRunId, originalExecutionRunId } = workflowInfo();
  const call: ToolCallInput = {
    callId: record.callId,
    input,
    profile: opened.profile,
    standing: { ...standingOf(ledger, record) } as ToolCallInput['standing'],
    ...(record.retryOf === undefined ? {} : { retryOf: { callId: record.retryOf.callId, known: known ?? '' } }),
    originalRunId: originalExecutionRunId,
    chainId: firstExecutionRunId,
  };
  const { heartbeatTimeoutMs } = opened;
  const activityId = pass === 1 ? record.callId : `${record.callId}.${pass}`;
  const question = record.retryOf === undefined ? 'proposed' : `what became of ${record.retryOf.callId}`;
  if (request === undefined)
    return runTool({
      tool,
      activityId,
      summary: summaryLine(question, record.summary),
      heartbeatTimeoutMs,
      input: call,
    });
  const { id, digest, requestedAt, expiresAt } = request;
  return runTool({
    tool,
    activityId,
    summary: passTitle(request.summary, claimWords(verdicts, request.mayAnswer)),
    heartbeatTimeoutMs,
    input: {
      ...call,
      request: { id, digest, requestedAt, expiresAt },
      verdicts: [...verdicts] as ToolCallInput['verdicts'],
    },
  });
}

type Next =
  { readonly kind: 'verdicts'; readonly batch: readonly Entry[] } | { readonly kind: 'expired' | 'cancelled' };

async function nextVerdicts(ticket: Ticket, idlePasses: number): Promise<Next> {
  try {
    if (idlePasses > 0) await pause(ticket, Math.min(1000 * 2 ** (idlePasses - 1), MAX_BACKOFF_MS));
    const left = Math.max(0, Date.parse(ticket.request.expiresAt) - Date.now());
    const summary = summaryLine('request expires', ticket.request.tool, ticket.request.summary);
    if (ticket.queue.size() === 0 && left > 0) await condition(() => ticket.queue.size() > 0, left, { summary });
    if (CancellationScope.current().consideredCancelled) return { kind: 'cancelled' };
  } catch (error) {
    if (isCancellation(error)) return { kind: 'cancelled' };
    throw error;
  }
  // A verdict in time and the expiry may come in the same moment: the verdict is looked at first.
  if (ticket.queue.size() === 0) return { kind: 'expired' };
  return { kind: 'verdicts', batch: ticket.queue.take(MAX_BATCH) };
}

/** After refusals alone the next pass waits, so that a trickle of them costs few; a flood is looked at as it comes. */
async function pause({ queue, isFair }: Ticket, ms: number): Promise<void> {
  if (isFair) await condition(() => queue.isPressing(), ms);
  else await sleep(ms);
}

function settle(
  { ledger, record }: Action,
  ticket: Ticket | undefined,
  batch: readonly Entry[],
  outcome: Outcome,
): Outcome {
  if (ticket === undefined) return outcome;
  answerBatch(ledger, batch, outcome.refused ?? [], { outcome: outcome.kind, text: outcome.text });
  ledger.board.close(ticket, closingOf(outcome));
  record.progress = 'ended';
  record.outcome = outcome;
  tell(ledger);
  return outcome;
}

function closingOf({ decision }: Outcome): RequestClosing {
  if (decision.verdict === undefined) return 'decided';
  return decision.verdict.decision === 'approve' ? 'approved' : 'denied';
}

function answerWaiting(
  { ledger, record }: Action,
  batch: readonly Entry[],
  result: GuardResult & { kind: 'waiting' },
): void {
  record.progress = 'waiting';
  const text = 'Your verdict counts; more are needed.';
  answerBatch(ledger, batch, result.refused, { outcome: 'waiting', text });
}

function answerBatch(
  ledger: Ledger,
  batch: readonly Entry[],
  refused: readonly RefusedVerdict[],
  receipt: { readonly outcome: Outcome['kind'] | 'waiting'; readonly text: string },
): void {
  const reasons = new Map(refused.map(({ n, why }) => [n, why]));
  for (const entry of batch) {
    const why = reasons.get(entry.received.n);
    if (why !== undefined) ledger.board.noteRefusal(why);
    const requestId = ownString(entry.received.verdict, 'requestId') ?? '';
    entry.answer ??=
      why === undefined ? { kind: 'counted', receipt: { requestId, ...receipt } } : { kind: 'refused', why };
  }
}

function supersede({ ledger }: Action, ticket: Ticket, batch: readonly Entry[]): void {
  const why = 'What this request was about has changed since it was shown; a newer request waits. Look at that one.';
  for (const entry of batch) entry.answer ??= { kind: 'refused', why };
  if (batch.length > 0) ledger.board.noteRefusal(why);
  ledger.board.close(ticket, 'superseded');
}

function openTicket({ ledger, record }: Action, request: ApprovalRequest): Ticket {
  const ticket = ledger.board.open(request);
  record.progress = 'waiting';
  record.asked = true;
  tell(ledger);
  return ticket;
}

function closeUnanswered({ ledger }: Action, ticket: Ticket, closing: 'expired' | 'cancelled'): Outcome {
  ledger.board.close(ticket, closing);
  tell(ledger);
  return deniedHere(
    closing === 'expired'
      ? `Nobody approved this before ${ticket.request.expiresAt}, and silence is denial.`
      : 'The session was cancelled while this waited for approval.',
  );
}

function tooManyAsks({ ledger, opened: { limits } }: Action): string | undefined {
  if (ledger.board.waiting().length >= limits.asksPending) {
    return `${limits.asksPending} requests are already waiting for a person, which is this session’s limit.`;
  }
  if (ledger.board.asked() >= limits.asks) return `This session may ask people at most ${limits.asks} times.`;
  return undefined;
}

/** A denial by the workflow itself: no rule spoke. */
export function deniedHere(why: string): Outcome {
  return { kind: 'denied', text: why, actionKey: null, decision: { kind: 'deny', rule: null, why, policySha: null } };
}

function tell(ledger: Ledger): void {
  tellPeople(ledger);
  tellVisibility(ledger);
}
