/**
 * The requests of a session and the verdicts on their way to the guard.
 *
 * 1. Handlers only enqueue; an action's loop is the only consumer of its ticket (S13).
 * 2. What is refused here is what the workflow can see: unknown, closed, late, other digest, repeated, too large. All
 *    else is the guard's (S5).
 * 3. Every verdict gets an answer, once: counted, or refused with a reason.
 */
import type { Json } from '../domain/json.ts';
import type { ApprovalRequest, RequestClosing } from '../domain/request.ts';
import type { ClosedRequest, RefusedMessage, VerdictReceipt } from '../domain/session-state.ts';
import type { ReceivedVerdict } from '../domain/verdict.ts';
import { readVerdictAddress } from '../domain/verdict.ts';

export type VerdictAnswer =
  { readonly kind: 'counted'; readonly receipt: VerdictReceipt } | { readonly kind: 'refused'; readonly why: string };

/** One verdict that was received, until it is answered. */
export interface Entry {
  readonly received: ReceivedVerdict;
  answer: VerdictAnswer | undefined;
}

/** A request and the verdicts that wait for the guard's next pass. */
export interface Ticket {
  readonly request: ApprovalRequest;
  queue: Entry[];
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

const MAX_QUEUE = 1000;
const KEPT_CLOSED = 50;
const KEPT_REFUSALS = 20;
const KEPT_TEXTS = 2000;

export function createApprovalBoard(now: () => Date): ApprovalBoard {
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
    ticket.queue.push(entry);
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
      const ticket: Ticket = { request, queue: [], closing: undefined };
      tickets.set(request.id, ticket);
      return ticket;
    },
    close: (ticket, closing) => {
      ticket.closing ??= { id: ticket.request.id, closing, at: now().toISOString() };
      for (const entry of ticket.queue) entry.answer ??= { kind: 'refused', why: closedWords(ticket) };
      ticket.queue = [];
    },
    receive: (payload) => {
      const address = readVerdictAddress(payload);
      if (address.kind === 'unreadable') return refuse(address.why);
      const ticket = tickets.get(address.requestId);
      const why = ticket === undefined ? unknownWords(address.requestId) : whyNot(ticket, address.digest, now());
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
  return Number(callId.slice(1));
}

/** Denied when: the request is closed, another digest is meant, it is too late, or the queue is full. */
function whyNot(ticket: Ticket, digest: string, now: Date): string | undefined {
  if (ticket.closing !== undefined) return closedWords(ticket);
  if (digest !== ticket.request.digest) {
    return 'The digest is not that of the waiting request: look at it again with "countersign show" and sign that.';
  }
  if (now.getTime() > Date.parse(ticket.request.expiresAt))
    return `The request expired at ${ticket.request.expiresAt}.`;
  if (ticket.queue.length >= MAX_QUEUE) return 'Too many verdicts wait for this request: try again in a minute.';
  return undefined;
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
