/**
 * The client as other programs have it: the same functions that the command line calls, over one connection.
 *
 * 1. It decides nothing: the guard in the worker counts verdicts, this only signs and sends them.
 * 2. What is signed is what was shown: the digest of the request given is recomputed before (S4).
 */
import type { Client } from '@temporalio/client';
import type { ApprovalRequest } from '../domain/request.ts';
import { DEFAULT_TASK_QUEUE } from '../domain/role.ts';
import type { SessionResult } from '../domain/session.ts';
import type { StartInput } from '../domain/start-input.ts';
import type { Saying, Verdict } from '../domain/verdict.ts';
import type { Delivery } from './delivery.ts';
import { answerTo, sendVerdict } from './approvals.ts';
import { reach } from './connect.ts';
import { findRequest, waitingRequests } from './find-request.ts';
import type { Waiting } from './waiting.ts';
import type { LogRow } from './log-row.ts';
import { keyOfFile } from './private-key.ts';
import { sessionResult } from './session-result.ts';
import { tellStory } from './session-log.ts';
import type { SessionListing, SessionView } from './session-view.ts';
import { findSession, listSessions, sessionEvents, startSession, viewSession } from './sessions.ts';

/** Where the client looks. */
export interface ClientOptions {
  /** The Temporal server as `host:port`. Without it: Temporal's own variables and profile file, then localhost:7233. */
  readonly server?: string;
  /** The Temporal namespace. Without it: Temporal's own variables and profile file, then `default`. */
  readonly namespace?: string;
  /** The queue that sessions are started on; `countersign` without it. */
  readonly taskQueue?: string;
}

/** Who answers a request, and with what. */
export interface Answer {
  /** The person's id in the approver directory. */
  readonly approver: string;
  /** Their Ed25519 private key: a PEM file of mode 600, as "countersign keys new" makes it. */
  readonly keyFile: string;
  /** Told to the agent and kept in the history. */
  readonly reason?: string;
}

/**
 * Sessions, requests and verdicts. A session is named by its id or a part of it that fits only one; a request by its id,
 * or as `session/call` (`session-…-x7k2/c2`). Every function throws a `ClientError` in words: `kind` is `usage`,
 * `notFound`, `refused` or `unreachable`.
 */
export interface CountersignClient {
  /** Starts a session and returns its id. Throws `usage` where the input cannot be one. */
  start(input: StartInput): Promise<string>;
  /** Sessions, newest first, at most `limit` (50 without it). Lags a moment behind. */
  sessions(limit?: number): Promise<readonly SessionListing[]>;
  /** What a session is doing: status, what waits, what is being retried, how it ended. */
  show(session: string): Promise<SessionView>;
  /** Waits until the session has ended. Throws `refused` where it ended without a result (terminated, failed). */
  result(session: string): Promise<SessionResult>;
  /** Asks a session to end: what waits is denied, a running tool is told to stop and awaited. Returns at once. */
  cancel(session: string): Promise<void>;
  /** The audit table of a session, from its history alone: needs no worker, no policy. */
  log(session: string): Promise<readonly LogRow[]>;
  /** Everything that waits for a person, those that expire first on top, and what could not be asked. */
  approvals(): Promise<Waiting>;
  /** One waiting request, whole: arguments, facts, preview, who may answer. Show it before you sign it. */
  request(words: string): Promise<ApprovalRequest>;
  /**
   * Signs an approval of exactly this request and sends it. Throws `refused` where its digest is not that of what it
   * shows, and where the key file is not usable. Whether it counts the guard decides: look at the delivery.
   */
  approve(request: ApprovalRequest, answer: Answer): Promise<Delivery>;
  /** As `approve`, for a denial: one is enough. */
  deny(request: ApprovalRequest, answer: Answer): Promise<Delivery>;
  /**
   * Of a request that asks what became of an action whose outcome is unknown: it did happen, nothing is to be done. Throws
   * `usage` for any other request.
   */
  happened(request: ApprovalRequest, answer: Answer): Promise<Delivery>;
  /** Sends a verdict that was signed elsewhere ("countersign sign"); `session` is the `workflowId` of its request. */
  send(session: string, verdict: Verdict): Promise<Delivery>;
  /** Closes the connection; nothing else can be called after it. */
  close(): Promise<void>;
}

/** Connects. Throws a `ClientError` of kind `unreachable` when nobody answers within 10 s. Close it when you are done. */
export async function createClient(options: ClientOptions = {}): Promise<CountersignClient> {
  const { server: address, namespace, taskQueue = DEFAULT_TASK_QUEUE } = options;
  const client = await reach({ kind: 'environment', address, namespace });
  return { ...sessionsOf(client, taskQueue), ...approvalsOf(client), close: () => client.connection.close() };
}

type SessionDoor = Pick<CountersignClient, 'start' | 'sessions' | 'show' | 'result' | 'cancel' | 'log'>;

function sessionsOf(client: Client, taskQueue: string): SessionDoor {
  return {
    start: async (input) => (await startSession(client, taskQueue, input)).workflowId,
    sessions: (limit = 50) => listSessions(client, limit),
    show: async (words) => viewSession(client, await findSession(client, words)),
    result: async (words) => sessionResult(client, await findSession(client, words)),
    cancel: async (words) => {
      await (await findSession(client, words)).cancel();
    },
    log: async (words) => tellStory(await sessionEvents(client, await findSession(client, words))),
  };
}

type ApprovalDoor = Pick<CountersignClient, 'approvals' | 'request' | 'approve' | 'deny' | 'happened' | 'send'>;

function approvalsOf(client: Client): ApprovalDoor {
  const answer = (decision: Saying) => (request: ApprovalRequest, by: Answer) =>
    sendVerdict(client, request.workflowId, answerTo(request, decision, keyOfFile(by), by.reason));
  return {
    approvals: () => waitingRequests(client),
    request: (words) => findRequest(client, words),
    approve: async (request, by) => answer('approve')(request, by),
    deny: async (request, by) => answer('deny')(request, by),
    happened: async (request, by) => answer('happened')(request, by),
    send: (session, verdict) => sendVerdict(client, session, verdict),
  };
}
