import type { JsonObject } from './json.ts';
import type { Limits } from './limits.ts';
import type { ModelPrice } from './model-price.ts';

/** A tool as the session was opened with it. */
export interface OfferedTool {
  readonly name: string;
  /** SHA-256 of name, description and schema, hex. */
  readonly version: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly queue: string;
  /** Start-to-close of its activity. */
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  /** True if no arguments make it act: then a failure is never a doubt. */
  readonly onlyReads: boolean;
  /** Calls of one turn are judged one after another: a limit counts what each of them is or spends. */
  readonly inOrder?: boolean;
  /** How often each action was begun is told to the guard. */
  readonly countsSame?: boolean;
}

/** The result of `openSession`: recorded once, frozen for the session. */
export interface OpenedSession {
  readonly policySha: string;
  readonly profile: string;
  readonly system: string;
  readonly tools: readonly OfferedTool[];
  readonly model: string;
  readonly limits: Limits;
  /** What the model cost when the session was opened; absent where it is not known. */
  readonly price?: ModelPrice;
  /** The policy names who may say what became of an action that ended unknown. */
  readonly asksWhatBecame?: boolean;
  readonly heartbeatTimeoutMs: number;
  /** True where the namespace knows the countersign search attributes; else none is upserted. */
  readonly searchAttributes: boolean;
}

/** The result of `think`. */
export interface Thought {
  /** Content blocks, verbatim. */
  readonly content: readonly JsonObject[];
  readonly stopReason: string;
  readonly usage: Usage;
  readonly model: string;
  readonly requestId: string;
  /** Category of a refusal, where the API gave one. */
  readonly refusal?: string;
}

export interface Usage {
  /** All input tokens: uncached, cache writes and cache reads together. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** Why a session ended. */
export type SessionEnd =
  | 'completed'
  | 'refused'
  | 'truncated'
  | 'context-exceeded'
  | 'limit'
  | 'cancelled'
  | 'model-failed'
  | 'unexpected-answer';

/** How a session came to its end; `why` for every end but `completed`. */
export interface Ending {
  readonly end: SessionEnd;
  readonly why?: string;
}

/** The result of a session. */
export interface SessionResult {
  readonly end: SessionEnd;
  /** Claude's last words, or for a script of actions a count of outcomes. */
  readonly text: string;
  /** For every end but `completed`: what happened and what to do. */
  readonly why?: string;
  readonly turns: number;
  readonly tokens: number;
  /** What the model cost, by the prices of that day; never invented. */
  readonly cost: SessionCost;
  readonly actions: readonly ActionSummary[];
}

/** US dollars by the prices of that day (a date), or `unknown` where the model has none. */
export type SessionCost = 'unknown' | { readonly usd: number; readonly pricesOf: string };

/** An action as the result of its session lists it. */
export interface ActionSummary {
  readonly callId: string;
  readonly tool: string;
  readonly outcome: 'done' | 'denied' | 'failed' | 'unknown';
}
