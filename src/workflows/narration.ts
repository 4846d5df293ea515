/**
 * What a person reads in the Temporal UI: summaries and current details. Written by code; whatever the model wrote is
 * escaped and fenced (S11), and a preview that does not fit is left out whole, never cut.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import { own, ownString } from '../domain/json.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import { utf8Length, withinBytes } from '../domain/text-size.ts';
import type { ReceivedVerdict } from '../domain/verdict.ts';
import { visibleLine } from '../domain/visible-text.ts';
import type { Ledger } from './session-ledger.ts';

/** The server names 400 bytes for a summary (JSON included) and 20,000 for details. */
const SUMMARY_BYTES = 200;
const DETAILS_BYTES = 19_000;

export function summaryLine(...parts: readonly string[]): string {
  return withinBytes(visibleLine(parts.filter((part) => part !== '').join(' · ')), SUMMARY_BYTES);
}

/** The title of a pass that carries verdicts: the claim is never cut off, the summary may be. */
export function passTitle(summary: string, claims: string): string {
  const left = SUMMARY_BYTES - utf8Length(` · ${claims}`);
  return summaryLine(withinBytes(visibleLine(summary), left), claims);
}

/** What the verdicts of a pass claim to be. Whether it is true its result says: nobody has checked it yet (S5, S9). */
export function claimWords(verdicts: readonly ReceivedVerdict[], mayAnswer: readonly string[]): string {
  const [first] = verdicts;
  if (first === undefined) return '';
  const decision = own(first.verdict, 'decision');
  const approver = mayAnswer.find((name) => name === ownString(first.verdict, 'approver'));
  const denial = own(first.verdict, 'answer') === 'happened' ? 'word that it happened' : 'denial';
  const known = decision === 'approve' ? 'approval' : decision === 'deny' ? denial : undefined;
  const count = `${verdicts.length} verdict${verdicts.length === 1 ? '' : 's'}`;
  const isPlain = verdicts.length === 1 && approver !== undefined && known !== undefined;
  return `not verified yet: ${isPlain ? `${known} in the name of ${withinBytes(visibleLine(approver), 60)}` : count}`;
}

/** Shows the waiting requests and how to decide them under User Metadata. */
export function tellPeople(ledger: Ledger): void {
  const waiting = ledger.board.waiting();
  const state = ledger.end === undefined ? '' : `Session ended: **${ledger.end}**`;
  const model = ledger.opened === undefined ? '' : `Model: ${inCode(visibleLine(ledger.opened.model))}`;
  const text = waiting.length > 0 ? waitingText(waiting) : state;
  setCurrentDetails([text, model].filter((part) => part !== '').join('\n\n'));
}

/** The waiting requests as Markdown. Foreign text stands in code only: file names are labels, and may be Markdown too. */
export function waitingText(waiting: readonly ApprovalRequest[]): string {
  const parts = [`## ${waiting.length} request${waiting.length === 1 ? '' : 's'} waiting for a person`];
  let size = utf8Length(parts.join(''));
  for (const request of waiting) {
    const head = headOf(request);
    const preview = request.preview
      .map(({ label, text }) => `${inCode(visibleLine(label))}\n\n${fenced(text)}`)
      .join('\n\n');
    const whole = `${head}\n\n${preview}`;
    const fits = size + utf8Length(whole) <= DETAILS_BYTES;
    const shown = fits ? whole : `${head}\n\nThe preview is too long for this page: ${command('show', request)}`;
    size += utf8Length(shown);
    parts.push(shown);
  }
  return parts.join('\n\n');
}

function headOf(request: ApprovalRequest): string {
  const names = request.mayAnswer.map((name) => inCode(visibleLine(name))).join(', ');
  const happened = request.question?.kind === 'unknown' ? `, ${command('happened', request)}` : '';
  return [
    `### ${request.tool}`,
    fenced(request.summary),
    `Request ${inCode(visibleLine(request.id))} by rule ${inCode(visibleLine(request.rule))}. May be answered by: ${names}, until ${request.expiresAt}.`,
    `Decide: ${command('approve', request)}${happened} or ${command('deny', request, ' --reason "…"')}; or send the output of ${command('sign', request, ' approve')} as the update \`decideApproval\`.`,
  ].join('\n\n');
}

/** Names the request by its id: that of the session is its client’s choice, and this is to be pasted into a shell. */
function command(verb: string, { id }: ApprovalRequest, more = ''): string {
  return inCode(`countersign ${verb} ${visibleLine(id)}${more}`);
}

function fenced(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}\n${text}\n${fence}`;
}

function inCode(line: string): string {
  const fence = fenceFor(line, 1);
  return `${fence} ${line} ${fence}`;
}

/** Longer than any run of backticks within (CommonMark 0.31, 4.5 and 6.1). */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}
