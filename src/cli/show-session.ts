/** What `show` says of a session. Names, goals and tool names are foreign text (S11). */
import type { PendingWork, SessionView } from '../client/session-view.ts';
import { costWords } from './cost-words.ts';
import { describeRequest } from './show-request.ts';
import { cell, fromNow, line, quoted, styled, table } from './terminal.ts';

export function describeView(view: SessionView): string {
  const { workflowId, status, state, ending, pending } = view;
  const parts = [`${styled('bold', line(workflowId))}: ${line(status)}`];
  if (ending !== null) parts.push(`ended: ${line(ending.end)}${ending.why === '' ? '' : `: ${line(ending.why)}`}`);
  if (state === null) parts.push(silence(view));
  else {
    const { goal, profile, model, turns, tokens, cost, actions, waiting, refused } = state;
    parts.push(
      `goal\n${quoted(goal)}`,
      `profile ${line(profile ?? '–')} · model ${line(model ?? '–')} · ${turns} turns · ${tokens} tokens · cost ${costWords(cost)}`,
    );
    if (actions.length > 0)
      parts.push(
        table(
          actions.map(({ callId, tool, summary, outcome }) => [callId, cell(tool, 24), outcome, cell(summary, 55)]),
        ),
      );
    for (const { at, why } of refused) parts.push(`refused at ${line(at)}: ${line(why)}`);
    for (const request of waiting) parts.push(`\n${describeRequest(request)}`);
  }
  parts.push(...pending.map(describePending));
  return parts.join('\n');
}

function silence({ ending, workflowId, taskQueue }: SessionView): string {
  return ending === null
    ? `No worker answers: what the session is doing is not known here. See "${doctorFor(taskQueue)}" and "countersign log ${line(workflowId)}".`
    : `No worker answers; the history still tells everything: countersign log ${line(workflowId)}`;
}

/** Which workers are looked for: those of the session, not those of the queue that is named here. */
export function doctorFor(taskQueue: string): string {
  return `countersign doctor --task-queue ${line(taskQueue)}`;
}

export function describePending({ activity, attempt, lastFailure, nextTryAt }: PendingWork): string {
  const last = lastFailure === '' ? '' : `, last: ${line(lastFailure)}`;
  const next = nextTryAt === null ? '' : `, next try ${fromNow(nextTryAt)}`;
  return `pending: ${line(activity)}, attempt ${attempt}${last}${next}`;
}
