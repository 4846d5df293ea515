/** What people said of actions that ended unknown: it stands in the row of the question, and is told in that of the action too. */
import { nextCallId } from '../domain/call-id.ts';
import type { ActionRow, AnsweredQuestion, LogRow } from './log-row.ts';

/** Of the rows of one run. */
export function tellAnswers(rows: readonly LogRow[]): readonly LogRow[] {
  const actions = new Map(rows.flatMap((row) => (row.kind === 'action' ? [[row.callId, row] as const] : [])));
  return rows.map((row) => {
    if (row.kind !== 'action' || row.outcome !== 'unknown') return row;
    const question = actions.get(nextCallId(row.callId));
    return question === undefined ? row : { ...row, question: answerOf(question) };
  });
}

function answerOf(question: ActionRow): AnsweredQuestion {
  const { callId, outcome, decision } = question;
  return { callId, said: saidIn(question), by: decision?.verdict?.approver ?? null, outcome };
}

function saidIn({ outcome, decision }: ActionRow): AnsweredQuestion['said'] {
  if (outcome === 'denied') return 'left';
  const { verdict } = decision ?? {};
  if (verdict?.answer === 'happened') return 'happened';
  // What failed before anybody answered says nothing.
  return verdict?.decision === 'approve' ? 'again' : null;
}
