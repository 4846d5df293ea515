/** A backtest for people: a row for each decision that changes, and what it all adds up to (S11). */
import { cell, line, table } from '../terminal.ts';
import type { Backtest, ChangedDecision } from './decide-history.ts';
import { countInWords, marked } from './describe-diff.ts';
import { answerWords } from './explain-recorded.ts';

export function describeBacktest(result: Backtest): string {
  const { changes } = result;
  const rows = changes.map(rowOf);
  const head = ['', 'SESSION', 'CALL', 'TOOL', 'PARTICULARS', 'WAS', 'WOULD BE', 'WHY'];
  return [...(rows.length === 0 ? [] : [table([head, ...rows])]), totals(result)].join('\n');
}

function rowOf({
  direction,
  session,
  callId,
  tool,
  particulars,
  was,
  person,
  wouldBe,
}: ChangedDecision): readonly string[] {
  return [
    marked(direction),
    line(session),
    line(callId),
    cell(tool, 24),
    cell(particulars, 40),
    `${decisionWords(was)}${person === null ? '' : `; ${answerWords(person)}`}`,
    decisionWords(wouldBe),
    line(wouldBe.why),
  ];
}

function decisionWords({ kind, rule }: { readonly kind: string; readonly rule: string | null }): string {
  return `${kind} (${rule === null ? 'no rule' : line(rule)})`;
}

function totals({ actions, sessions, same, changes, ...counts }: Backtest): string {
  const none = Object.entries(counts.undecidable);
  const undecided = none.reduce((sum, [, count]) => sum + count, 0);
  const why = none.length === 0 ? '' : ` (${none.map(([reason, count]) => `${count}: ${line(reason)}`).join('; ')})`;
  const first = `${actions} actions of ${sessions} sessions decided again: ${same} the same, ${changes.length} change, ${undecided} cannot be decided${why}`;
  if (changes.length === 0) return first;
  const people = `${counts.approvedByPerson} had been approved by a person, ${counts.deniedByPerson} denied`;
  return `${first}\nof the changes: ${countInWords(counts.counts)}; ${people}`;
}
