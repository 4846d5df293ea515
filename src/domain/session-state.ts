import type { Outcome } from './outcome.ts';
import type { ApprovalRequest, RequestClosing } from './request.ts';
import type { SessionCost, SessionEnd } from './session.ts';

/** What a session is doing. */
export type SessionPhase = 'opening' | 'thinking' | 'acting' | 'waiting' | 'ended';

/** The answer of the `state` query: what people and pages show of a running session. */
export interface SessionState {
  readonly goal: string;
  readonly profile: string | null;
  readonly model: string | null;
  readonly policySha: string | null;
  readonly phase: SessionPhase;
  readonly end: SessionEnd | null;
  readonly turns: number;
  readonly tokens: number;
  readonly cost: SessionCost;
  /** What results that the model has seen are marked with. */
  readonly labels: readonly string[];
  readonly actions: readonly ActionState[];
  readonly waiting: readonly ApprovalRequest[];
  /** Requests that are closed, newest last; at most 50. */
  readonly closed: readonly ClosedRequest[];
  /** Verdicts that did not count, newest last; at most 20. */
  readonly refused: readonly RefusedMessage[];
  readonly lastWords: string;
}

/** An action of a session, as it stands now. */
export interface ActionState {
  readonly callId: string;
  readonly tool: string;
  /** What is known of it in one line. */
  readonly summary: string;
  readonly outcome: Outcome['kind'] | 'running' | 'waiting';
  readonly text: string;
}

/** A request that nobody can answer any more. `at` is RFC 3339, UTC. */
export interface ClosedRequest {
  readonly id: string;
  readonly closing: RequestClosing;
  readonly at: string;
}

/** A verdict that did not count, and why. `at` is RFC 3339, UTC. */
export interface RefusedMessage {
  readonly at: string;
  readonly why: string;
}

/** What the update `decideApproval` answers when a verdict counted. */
export interface VerdictReceipt {
  readonly requestId: string;
  /** How the action ended, or `waiting` where more approvals are needed. */
  readonly outcome: Outcome['kind'] | 'waiting';
  readonly text: string;
}
