/**
 * The effect mark: at most once, or "unknown" (S7; measured in the facts).
 *
 * 1. A mark is any heartbeat details but none or `withdrawn`; what cannot be read counts as a mark.
 * 2. The mark is set by a plain RPC that the server answers after storing it. Whatever that call throws, the effect
 *    does not run.
 * 3. Nothing beats before the mark: a buffered beat flushed after it would erase it. Afterwards beats carry the mark.
 * 4. This is the only module that beats; tools never do (lint).
 */
import { Context } from '@temporalio/activity';
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
} from '@temporalio/client';
import { RecordedDecisionShape } from '../contract/recorded-decision.ts';
import type { RecordedDecision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import { own } from '../domain/json.ts';

/** How setting the mark went. Only `set` permits the effect. */
export type MarkAnswer =
  | { readonly kind: 'set' }
  /** Stored, but the server answered that the session was cancelled: to be withdrawn. */
  | { readonly kind: 'cancelled' }
  /** Stored, but the server answered that the activity was paused or reset: to be withdrawn. */
  | { readonly kind: 'halted'; readonly why: string }
  /** Another attempt owns the action, or the server did not confirm: nothing is to be withdrawn. */
  | { readonly kind: 'notOurs'; readonly why: string };

export interface EffectMark {
  /** True if an earlier attempt was about to start the effect, or may have been. */
  found(): boolean;
  /** True if one was found, or if this attempt tried to set one, whatever came of it. */
  mayBeSet(): boolean;
  /** By which decision that attempt was about to act; undefined if the mark does not tell it readably. */
  decision(): RecordedDecision | undefined;
  /** Sets the mark; never throws. The answer came within 5 s or counts as not ours. */
  set(details: JsonObject): Promise<MarkAnswer>;
  /** Takes the mark back: surely nothing happened. A failure to do so leaves a false doubt, never a second effect. */
  withdraw(): Promise<void>;
}

const WITHDRAWN = { stage: 'withdrawn' };
const DEADLINE_MS = 5000;

export function effectMark(): EffectMark {
  const { info } = Context.current();
  const found = (): boolean => isMark(info.heartbeatDetails);
  let tried = false;
  return {
    found,
    mayBeSet: () => tried || found(),
    decision: () => RecordedDecisionShape.safeParse(own(info.heartbeatDetails, 'decision')).data,
    set: async (details) => {
      tried = true;
      try {
        await beatByRpc({ ...details, stage: 'started' });
        return { kind: 'set' };
      } catch (error) {
        return readMarkError(error);
      }
    },
    withdraw: async () => {
      try {
        await beatByRpc(WITHDRAWN);
      } catch {
        // Stored all the same where the server answered cancelled, paused or reset; else the doubt stays.
      }
    },
  };
}

export function isMark(details: unknown): boolean {
  return details !== undefined && details !== null && own(details, 'stage') !== WITHDRAWN.stage;
}

async function beatByRpc(details: JsonObject): Promise<void> {
  const { client, info } = { client: Context.current().client, info: Context.current().info };
  await client.withDeadline(Date.now() + DEADLINE_MS, () => client.activity.heartbeat(info.taskToken, details));
}

function readMarkError(error: unknown): MarkAnswer {
  if (error instanceof ActivityCancelledError) return { kind: 'cancelled' };
  if (error instanceof ActivityPausedError) return { kind: 'halted', why: 'the activity is paused' };
  if (error instanceof ActivityResetError) return { kind: 'halted', why: 'the activity was reset' };
  if (error instanceof ActivityNotFoundError) return { kind: 'notOurs', why: 'another attempt owns the action' };
  return { kind: 'notOurs', why: 'the server did not confirm the mark' };
}

/** Keeps a read alive until the returned function is called. */
export function keepBeating(): () => void {
  const context = Context.current();
  return everyQuarter(() => context.heartbeat());
}

export interface MarkedBeats {
  readonly stop: () => void;
  /** Stops, and lets a beat that the SDK still holds back say `withdrawn` too, so that it cannot restore the mark. */
  readonly stopWithdrawn: () => void;
}

/** Keeps an activity alive after its mark: each beat carries the mark. The first comes late, the mark being one. */
export function keepBeatingMark(details: JsonObject): MarkedBeats {
  const context = Context.current();
  let beaten = false;
  const stop = everyQuarter(() => {
    beaten = true;
    context.heartbeat({ ...details, stage: 'started' });
  });
  return {
    stop,
    stopWithdrawn: () => {
      stop();
      if (beaten) context.heartbeat(WITHDRAWN);
    },
  };
}

function everyQuarter(beat: () => void): () => void {
  const everyMs = Math.max(200, (Context.current().info.heartbeatTimeoutMs ?? 15_000) / 4);
  const timer = setInterval(beat, everyMs);
  return () => clearInterval(timer);
}
