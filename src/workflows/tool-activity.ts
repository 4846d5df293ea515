/**
 * The one place that calls activities by a computed name, and the one cast that needs.
 *
 * 1. Only names of the opened session's list come here; the caller looked them up in a Map (S1, S2).
 * 2. Whatever comes back is an answer: an unreadable result, or a failure that does not prove that nothing happened,
 *    ends as `unknown` (S7).
 */
import type { ActivityOptions } from '@temporalio/workflow';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
  proxyActivities,
} from '@temporalio/workflow';
import type { ToolCallInput } from '../contract/tool-call.ts';
import type { Outcome, GuardResult } from '../domain/outcome.ts';
import { BEFORE_MARK, NOT_PERFORMED } from '../domain/outcome.ts';
import { own } from '../domain/json.ts';
import { readGuardResult } from '../domain/read-result.ts';
import type { OfferedTool } from '../domain/session.ts';

export interface ToolPass {
  readonly tool: OfferedTool;
  /** Our own counter, unique in the run. */
  readonly activityId: string;
  /** Shown in the Temporal UI; already escaped and within the size limit. */
  readonly summary: string;
  readonly heartbeatTimeoutMs: number;
  readonly input: ToolCallInput;
}

/** One pass of the guard. Never throws. */
export async function runTool(pass: ToolPass): Promise<GuardResult> {
  type ByName = Record<string, (input: ToolCallInput) => Promise<unknown>>;
  const activity = proxyActivities<ByName>(optionsOf(pass))[pass.tool.name];
  if (activity === undefined) return withoutWord('unknown', 'The activity could not be scheduled.');
  try {
    const result = readGuardResult(await activity(pass.input));
    return result ?? withoutWord('unknown', 'The tool’s answer could not be read; whether it acted is not known.');
  } catch (error) {
    const outcome = readFailure(error);
    return outcome.kind === 'unknown' && pass.tool.onlyReads
      ? withoutWord('failed', 'The read was not finished.')
      : outcome;
  }
}

function optionsOf({ tool, activityId, summary, heartbeatTimeoutMs }: ToolPass): ActivityOptions {
  return {
    activityId,
    summary,
    taskQueue: tool.queue,
    startToCloseTimeout: tool.timeoutMs,
    heartbeatTimeout: heartbeatTimeoutMs,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: tool.maxAttempts },
  };
}

/** What a final failure of the activity says of the effect. */
export function readFailure(error: unknown): Outcome {
  if (error instanceof CancelledFailure) return withoutWord('denied', 'The session was cancelled; this was not begun.');
  if (!(error instanceof ActivityFailure)) return withoutWord('unknown', 'The tool could not be run.');
  const { cause } = error;
  if (cause instanceof ApplicationFailure && (cause.type === BEFORE_MARK || cause.type === NOT_PERFORMED)) {
    return withoutWord('failed', `Nothing was done: ${cause.message}`);
  }
  if (cause instanceof TimeoutFailure && !showsMark(cause.lastHeartbeatDetails)) {
    return withoutWord('failed', 'No worker finished it in time; nothing that must not happen twice was begun.');
  }
  // The server cancels an activity that no worker holds by itself, and does not say whether an earlier attempt had
  // set its mark (measured): that is a doubt, not a denial.
  if (cause instanceof CancelledFailure) {
    return withoutWord(
      'unknown',
      'The session was cancelled while no worker held the action; whether it had begun is not known.',
    );
  }
  return withoutWord('unknown', 'The action began and its end was not recorded: whether it happened is not known.');
}

/** Any details but none or `withdrawn` count as a mark, unreadable ones too. */
function showsMark(details: unknown): boolean {
  return details !== undefined && details !== null && own(details, 'stage') !== 'withdrawn';
}

function withoutWord(kind: 'failed' | 'unknown' | 'denied', text: string): Outcome {
  return { kind, text, actionKey: null, decision: { kind: 'deny', rule: null, why: text, policySha: null } };
}
