/** The log as a table for people: one block an action, one line for everything else. All of it is foreign text (S11). */
import type { ActionRow, LogRow, ThoughtRow, VerdictRow } from '../client/log-row.ts';
import { withinBytes } from '../domain/text-size.ts';
import { clock, line, quoted, styled, terminalColumns } from './terminal.ts';

export function describeStory(rows: readonly LogRow[]): string {
  return rows.map(describeRow).join('\n');
}

function describeRow(row: LogRow): string {
  switch (row.kind) {
    case 'session':
      return entry(row.at, 'session', `“${line(row.goal)}” started by ${line(row.startedBy)} on ${line(row.at)} (UTC)`);
    case 'opened':
      return entry(
        row.at,
        'opened',
        `profile ${line(row.profile)}, policy ${line(row.policySha.slice(0, 12))}, model ${line(row.model)}, tools ${line(row.tools.join(' '))}`,
      );
    case 'refused':
      return entry(row.at, 'refused', line(row.why));
    case 'thought':
      return describeThought(row);
    case 'action':
      return describeAction(row);
    case 'verdict':
      return describeVerdict(row);
    case 'message':
      return entry(row.at, row.via, `${line(row.name)} from ${sender(row.sender)}: not a message this session knows`);
    case 'reset':
      return entry(
        row.at,
        'reset',
        `what stands above was copied from run ${line(row.ofRun)}; the session went on anew`,
      );
    case 'cancelAsked':
      return entry(row.at, 'cancel', `asked by ${sender(row.sender)}`);
    case 'ended':
      return entry(row.at, 'ended', `${line(row.how)}${row.why === '' ? '' : `: ${line(row.why)}`}`);
  }
}

function entry(at: string, what: string, words: string): string {
  return `${clock(at)}  ${what.padEnd(8)}  ${words}`;
}

function sender(identity: string): string {
  return identity === '' ? 'an unnamed sender' : line(identity);
}

function describeThought({ at, turn, state, model, stopReason, tokens, why, attempts }: ThoughtRow): string {
  const retries = attempts > 1 ? ` (${attempts} attempts)` : '';
  const words = state === 'done' ? `${line(model)} ${line(stopReason)}, ${tokens} tokens` : `${state} ${line(why)}`;
  return entry(at, 'think', `${line(turn)} ${words.trim()}${retries}`);
}

const FATES: Readonly<Record<VerdictRow['fate'], string>> = {
  settled: 'settled it',
  relayed: 'seen by the guard, decided nothing',
  open: 'not answered yet',
  refused: 'refused',
  ignored: 'ignored',
};

/** What a verdict claims is in quotes: only `signed:` of an action says what was proven (S5). */
function describeVerdict({ at, via, sender: from, claims, fate, refusal }: VerdictRow): string {
  const fateWords = fate === 'settled' ? styled('green', FATES[fate]) : styled('yellow', FATES[fate]);
  const why = refusal === null ? '' : `: ${line(refusal)}`;
  return entry(
    at,
    'verdict',
    `by ${via} from ${sender(from)}, claims ${line(JSON.stringify(claims))} → ${fateWords}${why}`,
  );
}

const INDENT = ' '.repeat(20);
const room = (): number => terminalColumns() - INDENT.length;
const FOLDED_BYTES = 600;

function describeAction(row: ActionRow): string {
  const input = withinBytes(line(JSON.stringify(row.input)), FOLDED_BYTES);
  const lines = [entry(row.at, 'action', `${line(row.callId)} ${styled('bold', line(row.tool))} ${input}`)];
  for (const { summary, id, digest, preview, rule, why, mayAnswer, requestedAt, expiresAt } of row.requests) {
    lines.push(
      `${INDENT}asked: ${line(summary)} (request ${line(id)}, digest ${line(digest.slice(0, 12))})`,
      `${INDENT}  by rule ${line(rule)}: ${line(why)}`,
      `${INDENT}  of ${mayAnswer.map(line).join(', ')}, from ${line(requestedAt)} until ${line(expiresAt)}`,
    );
    for (const { label, text } of preview)
      lines.push(`${INDENT}shown: ${line(label)}`, quoted(text, room()).replaceAll(/^/gm, INDENT));
  }
  lines.push(...describeDecision(row), ...describeCandidate(row));
  const retries = row.attempts > row.passes ? ` (${row.attempts} attempts)` : '';
  lines.push(`${INDENT}outcome: ${styled('bold', row.outcome)}${retries}${describeText(row.text)}`);
  lines.push(...describeQuestion(row));
  if (row.evidence !== null)
    lines.push(`${INDENT}evidence: ${withinBytes(line(JSON.stringify(row.evidence)), FOLDED_BYTES)}`);
  return lines.join('\n');
}

function describeQuestion({ question }: ActionRow): readonly string[] {
  if (question === null) return [];
  const { callId, said, by, outcome } = question;
  const says = by === null ? '' : `, says ${line(by)}`;
  switch (said) {
    case null:
      return [`${INDENT}asked in ${line(callId)} what became of it: ${outcome}`];
    case 'happened':
      return [`${INDENT}answered in ${line(callId)}: it happened${says}`];
    case 'again':
      return [`${INDENT}tried again in ${line(callId)}: ${outcome}`];
    case 'left':
      return [`${INDENT}left unknown in ${line(callId)}${says}`];
  }
}

function describeText(text: string): string {
  const kept = withinBytes(text.trimEnd(), FOLDED_BYTES);
  if (kept === '') return '';
  return kept.includes('\n') ? `\n${quoted(kept, room()).replaceAll(/^/gm, INDENT)}` : `: ${line(kept)}`;
}

function describeDecision({ decision }: ActionRow): readonly string[] {
  if (decision === null) return [];
  const { kind, rule, policySha, verdict } = decision;
  const policy = policySha === null ? '' : ` of policy ${line(policySha.slice(0, 12))}`;
  const decided = `${INDENT}decided: ${line(kind)} by ${rule === null ? 'no rule' : `rule ${line(rule)}`}${policy}`;
  if (verdict === undefined) return [decided];
  const reason = verdict.reason === undefined ? '' : `, reason: ${line(verdict.reason)}`;
  const by = `${line(verdict.approver)} (key ${line(verdict.keyId)}) at ${line(verdict.at)}`;
  const said = verdict.answer === 'happened' ? 'it happened' : line(verdict.decision);
  return [decided, `${INDENT}signed: ${said} by ${by}${reason}; the guard verified the signature`];
}

/** Shadow mode: what a policy that is only tried would have decided otherwise. Nothing followed from it. */
function describeCandidate({ candidate }: ActionRow): readonly string[] {
  if (candidate === null) return [];
  const { kind, rule, why, policySha } = candidate;
  const of = policySha === null ? '' : ` of policy ${line(policySha.slice(0, 12))}`;
  if (kind === 'broken') return [`${INDENT}candidate would: nothing, it is broken${of}: ${line(why)}`];
  const by = rule === null ? 'no rule' : `rule ${line(rule)}`;
  return [`${INDENT}candidate would: ${styled('yellow', kind)} by ${by}${of}: ${line(why)}`];
}
