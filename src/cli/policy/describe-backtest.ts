/** A backtest for people: a row for each decision that changes, and what it all adds up to (S11). */
import { cell, line, styled, table } from '../terminal.ts';
import type { Backtest, ChangedDecision } from './decide-history.ts';
import { answerWords } from './explain-recorded.ts';

export function describeBacktest(result: Backtest): string {
  const { changes } = result;
  const rows = changes.map(rowOf);
  const head = ['SESSION', 'CALL', 'TOOL', 'PARTICULARS', 'WAS', 'WOULD BE', 'WHY'];
  return [...(rows.length === 0 ? [] : [table([head, ...rows])]), totals(result)].join('\n');
}

function rowOf({ session, callId, tool, particulars, was, person, wouldBe }: ChangedDecision): readonly string[] {
  return [
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
  const people = `(${counts.approvedByPerson} of them approved by a person, ${counts.deniedByPerson} denied)`;
  const none = Object.entries(counts.undecidable);
  const undecided = none.reduce((sum, [, count]) => sum + count, 0);
  const why = none.length === 0 ? '' : ` (${none.map(([reason, count]) => `${count}: ${line(reason)}`).join('; ')})`;
  const change = styled(changes.length === 0 ? 'green' : 'yellow', `${changes.length} change`);
  return `${actions} actions of ${sessions} sessions decided again: ${same} the same, ${change} ${people}, ${undecided} cannot be decided${why}`;
}
