/**
 * An action that ended unknown: a person says what became of it (S7).
 *
 * 1. The question is an action of its own, with its own request and, if a person has it tried again, its own mark.
 * 2. Nobody is asked before the first try can no longer be acting.
 * 3. Unanswered, denied, not askable, or failed before anybody answered, it stays unknown; what a person says is told to
 *    the model with their name.
 */
import { CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow';
import { MAX_TRIES } from '../domain/call-id.ts';
import type { Outcome } from '../domain/outcome.ts';
import { withinBytes } from '../domain/text-size.ts';
import { summaryLine } from './narration.ts';
import type { Action } from './perform-action.ts';
import { performAction } from './perform-action.ts';
import { addRetry, isAnswered } from './session-ledger.ts';

const KNOWN_BYTES = 4000;

type Unknown = Outcome & { readonly kind: 'unknown' };

/** Follows one action to its outcome, and where that is unknown, to what a person says of it. Never throws. */
export async function performAndAsk(first: Action): Promise<Outcome> {
  let action = first;
  let outcome = await performAction(action);
  for (let tries = 1; outcome.kind === 'unknown' && tries < MAX_TRIES; tries += 1) {
    if (!mayAsk(action) || !(await untilOver(action, outcome))) return outcome;
    // What it may have spent is counted from here on: whoever waits for that goes on.
    action.onJudged();
    const { record } = action;
    action = { ...action, record: addRetry(action.ledger, record), known: withinBytes(outcome.text, KNOWN_BYTES) };
    const answer: Outcome = await performAction(action);
    if (answer.kind !== 'unknown' && !isAnswered(answer)) return leftUnknown(outcome, answer.text);
    outcome = answer;
  }
  return outcome;
}

/** Sessions that were recorded before this was asked are replayed as they were. */
function mayAsk({ record, opened }: Action): boolean {
  const hasSomebody = record.asked || opened.asksWhatBecame === true;
  return hasSomebody && !CancellationScope.current().consideredCancelled && patched('ask-what-became');
}

/** False if the session is cancelled first. */
async function untilOver({ tool, record }: Action, { until, actionKey }: Unknown): Promise<boolean> {
  // Without a word of the guard nothing is known of when the attempt began: the whole of its time is waited for.
  const end = until !== undefined ? Date.parse(until) : actionKey === null ? Date.now() + tool.timeoutMs : 0;
  const left = Math.min(Number.isNaN(end) ? tool.timeoutMs : end - Date.now(), tool.timeoutMs);
  if (left <= 0) return true;
  try {
    await sleep(left, { summary: summaryLine('until the first try is over', record.summary) });
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  }
}

function leftUnknown(outcome: Unknown, why: string): Outcome {
  return { ...outcome, text: `${outcome.text} It was not tried again: ${why}` };
}
