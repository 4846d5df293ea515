/** The log as a table for people: one block an action, one line for everything else. */
import type { ActionRow, LogRow } from '../client/session-log.ts';
import { clock, line, quoted, styled } from './terminal.ts';

export function describeStory(rows: readonly LogRow[]): string {
  return rows.map(describeRow).join('\n');
}

function describeRow(row: LogRow): string {
  const at = clock(row.at);
  switch (row.kind) {
    case 'session':
      return `${at}  session   “${line(row.goal)}” started by ${line(row.startedBy)}${row.resetOf === null ? '' : ` (a reset of run ${row.resetOf})`}`;
    case 'opened':
      return `${at}  opened    profile ${row.profile}, policy ${row.policySha.slice(0, 12)}, model ${line(row.model)}, tools ${row.tools.join(' ')}`;
    case 'refused':
      return `${at}  refused   ${line(row.why)}`;
    case 'thought':
      return `${at}  think     ${row.turn} ${line(row.model)} ${row.stopReason} ${row.tokens} tokens${row.state === 'done' ? '' : ` ${line(row.state)}`}`;
    case 'action':
      return describeAction(row);
    case 'verdict':
      return `${at}  verdict   by ${row.via} from ${line(row.sender || 'unknown sender')}: claims ${line(JSON.stringify(row.claims))}${row.refusal === null ? '' : ` → refused: ${line(row.refusal)}`}`;
    case 'cancelAsked':
      return `${at}  cancel    asked by ${line(row.sender)}`;
    case 'ended':
      return `${at}  ended     ${row.how}${row.why === '' ? '' : `: ${line(row.why)}`}`;
  }
}

function describeAction(row: ActionRow): string {
  const { decision, requests } = row;
  const indent = ' '.repeat(20);
  const lines = [
    `${clock(row.at)}  action    ${row.callId} ${styled('bold', row.tool)} ${line(JSON.stringify(row.input))}`,
  ];
  for (const request of requests) {
    lines.push(
      `${indent}asked: ${line(request.summary)} (request ${request.id}, digest ${request.digest.slice(0, 12)})`,
    );
    for (const { label, text } of request.preview)
      lines.push(`${indent}shown: ${line(label)}`, quoted(text).replaceAll(/^/gm, indent));
  }
  if (decision !== null) {
    const policy = decision.policySha === null ? '' : ` of policy ${decision.policySha.slice(0, 12)}`;
    lines.push(
      `${indent}decided: ${decision.kind} by ${decision.rule === null ? 'no rule' : `rule ${line(decision.rule)}`}${policy}`,
    );
    const { verdict } = decision;
    if (verdict !== undefined) {
      const reason = verdict.reason === undefined ? '' : `, reason: ${line(verdict.reason)}`;
      lines.push(
        `${indent}signed: ${verdict.decision} by ${line(verdict.approver)} (key ${line(verdict.keyId)}) at ${verdict.at}${reason}`,
      );
    }
  }
  const attempts = row.attempts > 1 + requests.length ? ` (${row.attempts} attempts)` : '';
  lines.push(`${indent}outcome: ${styled('bold', row.outcome)}${attempts} ${line(row.text.slice(0, 300))}`);
  if (row.evidence !== null) lines.push(`${indent}evidence: ${line(JSON.stringify(row.evidence).slice(0, 600))}`);
  return lines.join('\n');
}
