/** What was recorded of one action of a session, and what a policy file says of it now. */
import { ClientError } from '../../client/client-error.ts';
import type { RecordedAction } from '../../client/recorded-actions.ts';
import { recordedActions } from '../../client/recorded-actions.ts';
import { findSession, sessionHistory } from '../../client/sessions.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { withClient } from '../surroundings.ts';
import { line, print, printJson, styled } from '../terminal.ts';
import type { DecidedAgain } from './decide-again.ts';
import { decideAgain } from './decide-again.ts';
import { describeDecision, describeExplanation } from './explain-call.ts';
import type { PolicyFile } from './policy-file.ts';

export function explainRecorded(
  words: string,
  callId: string,
  file: PolicyFile | undefined,
  options: GlobalOptions,
): Promise<number> {
  return withClient(options, async (client) => {
    const handle = await findSession(client, words);
    const runs = await sessionHistory(client, handle);
    const all = runs.flatMap((events) => recordedActions(events, handle.workflowId));
    const action = all.findLast((each) => each.callId === callId);
    if (action === undefined) {
      const known =
        all.length === 0 ? 'it has none yet' : `it has ${[...new Set(all.map((each) => each.callId))].join(', ')}`;
      throw new ClientError('notFound', `${line(handle.workflowId)} has no call "${line(callId)}"; ${known}.`);
    }
    const now = file === undefined ? undefined : decideAgain(file.policy, action, file.tools);
    if (options.json === true) printJson(asJson(action, file, now));
    else print([describeRecorded(action), ...describeNow(action, file, now)].join('\n'));
    return 0;
  });
}

function asJson(action: RecordedAction, file: PolicyFile | undefined, now: DecidedAgain | undefined): unknown {
  if (file === undefined) return { recorded: action, now: null };
  const told =
    now?.kind === 'decided' ? { decision: now.decision, explanation: now.explanation } : { undecidable: now?.why };
  return { recorded: action, now: { policySha: file.policySha, samePolicy: isSame(action, file), ...told } };
}

function describeRecorded(action: RecordedAction): string {
  const { session, callId, tool, input, facts, decided, policySha, candidate, answer, outcome, text } = action;
  const lines = [
    `${styled('bold', line(tool))} (${line(session)} ${line(callId)}) ${line(JSON.stringify(input))}`,
    facts.kind === 'facts' ? `profile: ${line(facts.profile)}` : `facts: ${facts.why}`,
  ];
  if (decided === null) lines.push('recorded: no decision by a policy');
  else
    lines.push(
      `recorded: ${decided.kind} by ${ruleWords(decided.rule)}`,
      `  why: ${line(decided.why)}`,
      `  policy: ${policySha === null ? 'not recorded yet' : line(policySha)}`,
    );
  if (candidate !== null)
    lines.push(`  candidate would: ${candidate.kind} by ${ruleWords(candidate.rule)}: ${line(candidate.why)}`);
  if (answer !== null) lines.push(`verdict: ${answerWords(answer)}`);
  lines.push(`outcome: ${outcome}${text === '' ? '' : `: ${line(text.split('\n')[0] ?? '')}`}`);
  return lines.join('\n');
}

function describeNow(
  action: RecordedAction,
  file: PolicyFile | undefined,
  now: DecidedAgain | undefined,
): readonly string[] {
  if (file === undefined || now === undefined) return [];
  const same = isSame(action, file);
  const which = same === null ? '' : same ? ', the very file that decided' : ', another file than the one that decided';
  const head = `\n${file.file} (${file.policySha.slice(0, 12)}${which}) says now:`;
  if (now.kind === 'undecidable') return [head, `nothing: ${line(now.why)}`];
  const profile = action.facts.kind === 'facts' ? action.facts.profile : '';
  const tightened =
    now.decision.why === now.explanation.decision.why
      ? []
      : [`with what the session did before: ${describeDecision(now.decision)}`];
  return [head, describeExplanation(action.tool, profile, now.explanation), ...tightened];
}

/** Null where no policy is recorded. */
function isSame({ policySha }: RecordedAction, file: PolicyFile): boolean | null {
  return policySha === null ? null : policySha === file.policySha;
}

export function ruleWords(rule: string | null): string {
  return rule === null ? 'no rule' : `rule ${line(rule)}`;
}

export function answerWords(answer: NonNullable<RecordedAction['answer']>): string {
  return answer.kind === 'unanswered' ? 'nobody answered' : `${answer.kind} by ${line(answer.approver)}`;
}
