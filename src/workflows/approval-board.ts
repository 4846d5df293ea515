/**
 * The requests of a session and the verdicts on their way to the guard.
 *
 * 1. Handlers only enqueue; an action's loop is the only consumer of its ticket (S13).
 * 2. What is refused here is what the workflow can see: no verdict at all, unknown, closed, late, other digest, repeated,
 *    too large. All else is the guard's (S5).
 * 3. Every verdict gets an answer, once: counted, refused with a reason, or crowded out.
 * 4. Whom the request does not name waits in one row with all such: they may have become entitled since (S6), and as
 *    many as anyone likes to make up take no place of those whom it names.
 */
import type { Json } from '../domain/json.ts';
import { ownString } from '../domain/json.ts';
import type { ApprovalRequest, RequestClosing } from '../domain/request.ts';
import type { ClosedRequest, RefusedMessage, VerdictReceipt } from '../domain/session-state.ts';
import type { ReceivedVerdict } from '../domain/verdict.ts';
import { readVerdictAddress, wrongField } from '../domain/verdict.ts';
import type { VerdictQueue } from './verdict-queue.ts';
import { createFairQueue, createPlainQueue } from './verdict-queue.ts';

export type VerdictAnswer =
  | { readonly kind: 'counted'; readonly receipt: VerdictReceipt }
  | { readonly kind: 'refused'; readonly why: string }
  /** Nobody looked at it: sent again, it may find a place. */
  | { readonly kind: 'crowdedOut'; readonly why: string };

/** One verdict that was received, until it is answered. */
export interface Entry {
  readonly received: ReceivedVerdict;
  answer: VerdictAnswer | undefined;
}

/** A request and the verdicts that wait for the guard's next pass. */
export interface Ticket {
  readonly request: ApprovalRequest;
  readonly queue: VerdictQueue<Entry>;
  /** False for requests of sessions that were recorded before queues were fair: they are replayed as they were. */
  readonly isFair: boolean;
  closing: ClosedRequest | undefined;
}

export interface ApprovalBoard {
  open(request: ApprovalRequest): Ticket;
  /** Closes the ticket; whatever still waits in its queue is answered. */
  close(ticket: Ticket, closing: RequestClosing): void;
  /** Takes whatever arrived: enqueued, or answered at once. Never throws. */
  receive(payload: unknown): Entry;
  waiting(): readonly ApprovalRequest[];
  /** Requests ever opened. */
  asked(): number;
  closed(): readonly ClosedRequest[];
  refused(): readonly RefusedMessage[];
  /** Notes a refusal for `state`; at most the last 20 are kept. */
  noteRefusal(why: string): void;
}

export interface BoardPorts {
  /** Workflow time. */
  readonly now: () => Date;
  /** At least 0, less than 1; deterministic. */
  readonly random: () => number;
  /** Asked once a request, when it opens. */
  readonly isFair: () => boolean;
}

const KEPT_CLOSED = 50;
const KEPT_REFUSALS = 20;
const KEPT_TEXTS = 2000;

export function createApprovalBoard({ now, random, isFair }: BoardPorts): ApprovalBoard {
  const tickets = new Map<string, Ticket>();
  const texts = new Set<string>();
  const refusals: RefusedMessage[] = [];
  let received = 0;

  const enqueue = (ticket: Ticket, payload: unknown, text: string): Entry => {
    if (texts.size >= KEPT_TEXTS) texts.clear();
    texts.add(text);
    received += 1;
    // A payload with a readable address is decoded JSON.
    const verdict = payload as Json;
    const entry: Entry = { received: { n: received, receivedAt: now().toISOString(), verdict }, answer: undefined };
    const displaced = ticket.queue.add(entry, claimedName(ticket, payload));
    if (displaced !== undefined) {
      noteRefusal(CROWDED);
      displaced.answer = { kind: 'crowdedOut', why: CROWDED };
      // Sent once more it is no repetition: nobody has looked at it.
      texts.delete(JSON.stringify(displaced.received.verdict));
    }
    return entry;
  };

  const refuse = (why: string): Entry => {
    noteRefusal(why);
    return { received: { n: 0, receivedAt: now().toISOString(), verdict: null }, answer: { kind: 'refused', why } };
  };

  const noteRefusal = (why: string): void => {
    refusals.push({ at: now().toISOString(), why });
    if (refusals.length > KEPT_REFUSALS) refusals.shift();
  };

  return {
    open: (request) => {
      const fair = isFair();
      const queue: VerdictQueue<Entry> = fair ? createFairQueue(random) : createPlainQueue();
      const ticket: Ticket = { request, queue, isFair: fair, closing: undefined };
      tickets.set(request.id, ticket);
      return ticket;
    },
    close: (ticket, closing) => {
      ticket.closing ??= { id: ticket.request.id, closing, at: now().toISOString() };
      for (const entry of ticket.queue.take(ticket.queue.size()))
        entry.answer ??= { kind: 'refused', why: closedWords(ticket) };
    },
    receive: (payload) => {
      const address = readVerdictAddress(payload);
      if (address.kind === 'unreadable') return refuse(address.why);
      const ticket = tickets.get(address.requestId);
      const why = ticket === undefined ? unknownWords(address.requestId) : whyNot(ticket, payload, now());
      if (why !== undefined || ticket === undefined) return refuse(why ?? unknownWords(address.requestId));
      if (texts.has(address.text)) return refuse('This very verdict was received before.');
      return enqueue(ticket, payload, address.text);
    },
    waiting: () =>
      [...tickets.values()]
        .filter((ticket) => ticket.closing === undefined)
        .map(({ request }) => request)
        .toSorted((a, b) => callNumber(a) - callNumber(b)),
    asked: () => tickets.size,
    closed: () => [...tickets.values()].flatMap(({ closing }) => closing ?? []).slice(-KEPT_CLOSED),
    refused: () => refusals,
    noteRefusal,
  };
}

function callNumber({ callId }: ApprovalRequest): number {
  return Number(callId.slice(1).replace('-', '.'));
}

const CROWDED =
  'Too many verdicts in this approver’s name wait for this request, and nobody has looked at this one: send it again.';

function claimedName({ request }: Ticket, payload: unknown): string {
  const approver = ownString(payload, 'approver') ?? '';
  // No name of a request is empty.
  return request.mayAnswer.includes(approver) ? approver : '';
}

/** Denied when: the request is closed, another digest is meant, it is too late, or this is no verdict. */
function whyNot(ticket: Ticket, payload: unknown, now: Date): string | undefined {
  if (ticket.closing !== undefined) return closedWords(ticket);
  if (ownString(payload, 'digest') !== ticket.request.digest) {
    return 'The digest is not that of the waiting request: look at it again with "countersign show" and sign that.';
  }
  if (now.getTime() > Date.parse(ticket.request.expiresAt))
    return `The request expired at ${ticket.request.expiresAt}.`;
  const wrong = ticket.isFair ? wrongField(payload) : undefined;
  return wrong === undefined ? undefined : `This is not a verdict: ${wrong.slice(0, 60)} is wrong.`;
}

function closedWords(ticket: Ticket): string {
  const { closing } = ticket;
  if (closing === undefined) return 'This request is closed.';
  const words: Record<RequestClosing, string> = {
    approved: 'it was already decided (approved)',
    denied: 'it was already decided (denied)',
    expired: 'it expired, which denies it',
    cancelled: 'the session was cancelled',
    superseded: 'it was replaced by a newer request, because what it was about has changed',
    decided: 'it was already decided',
  };
  return `Request ${closing.id} is closed: ${words[closing.closing]} at ${closing.at}.`;
}

function unknownWords(requestId: string): string {
  return `This session has no request "${requestId.slice(0, 120)}"; see "countersign approvals".`;
}
