/**
 * The rows of the log: what `countersign log --json` prints, in order of time. Stable: fields are added, never renamed
 * or given another meaning. Times are RFC 3339, UTC. Text is as recorded: whoever shows it makes it visible first (S11).
 */
import type { CandidateDecision, RecordedDecision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ApprovalRequest } from '../domain/request.ts';

/** One row of the audit table. `at` is RFC 3339, UTC; rows stand in order of time. */
export type LogRow =
  | { readonly kind: 'session'; readonly at: string; readonly goal: string; readonly startedBy: string }
  | {
      readonly kind: 'opened';
      readonly at: string;
      readonly profile: string;
      /** SHA-256 of the policy file, hex. */
      readonly policySha: string;
      readonly model: string;
      readonly limits: JsonObject;
      readonly tools: readonly string[];
    }
  /** The session could not be opened. */
  | { readonly kind: 'refused'; readonly at: string; readonly why: string }
  | ThoughtRow
  | ActionRow
  | VerdictRow
  /** A signal or update of another name than a verdict’s: it does nothing. */
  | {
      readonly kind: 'message';
      readonly at: string;
      readonly via: 'signal' | 'update';
      readonly sender: string;
      readonly name: string;
    }
  /** `temporal workflow reset`: what stands above was copied from the run that was reset. */
  | { readonly kind: 'reset'; readonly at: string; readonly ofRun: string }
  | { readonly kind: 'cancelAsked'; readonly at: string; readonly sender: string }
  | { readonly kind: 'ended'; readonly at: string; readonly how: string; readonly why: string };

/** One call of the model. */
export interface ThoughtRow {
  readonly kind: 'thought';
  readonly at: string;
  /** `#1` and so on. */
  readonly turn: string;
  readonly model: string;
  readonly stopReason: string;
  /** All input and output tokens together. */
  readonly tokens: number;
  /** `unknown`: the run is closed and no answer was recorded. */
  readonly state: 'done' | 'running' | 'failed' | 'unknown';
  /** Why it failed, else empty. */
  readonly why: string;
  readonly attempts: number;
}

/** An action stands where it was first proposed; all passes of the guard are folded into it. */
export interface ActionRow {
  readonly kind: 'action';
  readonly at: string;
  readonly callId: string;
  readonly tool: string;
  /** As the model wrote them; canonical arguments stand in the requests. */
  readonly input: unknown;
  /** `unknown` where the run is closed and no result was recorded; `running` or `waiting` while it is open. */
  readonly outcome: Outcome['kind'] | 'running' | 'waiting';
  readonly text: string;
  /** Null where the guard gave none: the session itself denied it, or the activity failed. */
  readonly decision: RecordedDecision | null;
  /** What a candidate policy, tried beside the one in force, would have decided otherwise; null where nothing. */
  readonly candidate: CandidateDecision | null;
  /** What people were shown, newest last. */
  readonly requests: readonly ApprovalRequest[];
  readonly evidence: JsonObject | null;
  /** SHA-256 of tool and canonical arguments, hex. */
  readonly actionKey: string | null;
  /** How often the guard was asked. */
  readonly passes: number;
  /** The run in which it was asked last; null where it never was, or where no event names the run. */
  readonly runId: string | null;
  /** Attempts of all passes; more than `passes` means retries. */
  readonly attempts: number;
  readonly endedAt: string | null;
  /** Of an outcome that is unknown: what people were asked and said of it; null where they were not asked. */
  readonly question: AnsweredQuestion | null;
}

/** What was said of an action that ended unknown. */
export interface AnsweredQuestion {
  /** The row that asks: `c1-2` of `c1`. */
  readonly callId: string;
  /** That it happened; that it did not, so that it was tried again; nothing, so that it stays unknown. Null: not yet. */
  readonly said: 'happened' | 'again' | 'left' | null;
  /** Whose signed answer it was; null where nobody answered. */
  readonly by: string | null;
  readonly outcome: ActionRow['outcome'];
}

/**
 * What became of a verdict, as far as the history tells:
 * `settled` it decided the action; `refused` it was answered with a refusal; `relayed` the guard saw it and it decided
 * nothing; `ignored` the session never passed it on; `open` no answer is recorded.
 */
export type VerdictFate = 'settled' | 'refused' | 'relayed' | 'ignored' | 'open';

/** A verdict that somebody sent, whether it counted or not. */
export interface VerdictRow {
  readonly kind: 'verdict';
  readonly at: string;
  readonly via: 'signal' | 'update';
  /** The identity its sender chose; it proves nothing (S5). */
  readonly sender: string;
  /** What it claims to be, or `{ "unreadable": true }`. */
  readonly claims: JsonObject;
  readonly fate: VerdictFate;
  /** Why it was refused or ignored, else null. */
  readonly refusal: string | null;
}
