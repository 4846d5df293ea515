/** Follows a session to its end: what happens, as it happens, and the questions to the person at this terminal. */
import type { Client } from '@temporalio/client';
import type { SigningKey } from '../client/approvals.ts';
import { answerTo, sendVerdict } from '../client/approvals.ts';
import { ClientError } from '../client/client-error.ts';
import type { SessionView } from '../client/session-view.ts';
import { viewSession } from '../client/sessions.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import { costWords } from './cost-words.ts';
import { askPerson } from './ask-person.ts';
import { describePending, doctorFor } from './show-session.ts';
import type { GlobalOptions, KeyOptions } from './surroundings.ts';
import { signingKey } from './surroundings.ts';
import { complain, isInteractive, line, print, printJsonLine, quoted, styled } from './terminal.ts';

type FollowOptions = GlobalOptions & KeyOptions;

/** Exit code: 0 if the session completed and every action was done, 1 otherwise. */
export async function followSession(client: Client, workflowId: string, options: FollowOptions): Promise<number> {
  const told = new Set<string>();
  const tell = (key: string, text: string, fact: unknown): void => {
    if (told.has(key)) return;
    told.add(key);
    if (options.json === true) printJsonLine(fact);
    else print(text);
  };
  tell('start', styled('bold', line(workflowId)), { event: 'started', session: workflowId });
  const asked = new Set<string>();
  const leave = (): void => {
    complain(`\nThe session goes on: countersign show ${line(workflowId)}   (or cancel)`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  try {
    for (;;) {
      const view = await viewSession(client, client.workflow.getHandle(workflowId));
      tellProgress(view, tell);
      if (view.status !== 'running') return tellEnd(view, options);
      const request = view.state?.waiting.find(({ id }) => !asked.has(id));
      if (request === undefined) await new Promise((resolve) => setTimeout(resolve, 300));
      else {
        asked.add(request.id);
        await answer(client, request, options);
      }
    }
  } finally {
    process.off('SIGINT', leave);
  }
}

type Tell = (key: string, text: string, fact: unknown) => void;

function tellProgress({ state, pending, status, taskQueue }: SessionView, tell: Tell): void {
  for (const { activity, attempt, lastFailure, nextTryAt } of pending) {
    if (attempt < 2) continue;
    const text = describePending({ activity, attempt, lastFailure, nextTryAt });
    tell(`retry ${activity} ${attempt}`, text, { event: 'retrying', activity, attempt, lastFailure, nextTryAt });
  }
  if (state === null) {
    if (status === 'running')
      tell('silence', `No worker answers; waiting for one (see "${doctorFor(taskQueue)}").`, { event: 'noWorker' });
    return;
  }
  if (state.turns > 0)
    tell(`turn ${state.turns}`, `turn ${state.turns} (${state.tokens} tokens)`, {
      event: 'turn',
      turn: state.turns,
      tokens: state.tokens,
    });
  for (const action of state.actions) {
    const { callId, tool, summary, outcome, text } = action;
    const ended = outcome !== 'running' && outcome !== 'waiting';
    const words = ended ? `\n${quoted(text.length > 2000 ? `${text.slice(0, 2000)}…` : text)}` : '';
    tell(`${callId} ${outcome}`, `${callId} ${line(tool)} ${line(summary)}: ${outcomeStyle(outcome)}${words}`, {
      event: 'action',
      ...action,
    });
  }
}

function outcomeStyle(outcome: string): string {
  const style = outcome === 'done' ? 'green' : outcome === 'denied' || outcome === 'failed' ? 'red' : 'yellow';
  return styled(style, outcome);
}

async function answer(client: Client, request: ApprovalRequest, options: FollowOptions): Promise<void> {
  if (options.json === true) {
    printJsonLine({ event: 'request', request });
    return;
  }
  const key = isInteractive() ? keyOrWords(options) : undefined;
  if (key === undefined || typeof key === 'string') {
    print(`waits for a person: ${line(request.tool)} ${line(request.summary)}`);
    print(
      `  countersign approve ${line(request.id)}   (${otherAnswers(request)})${key === undefined ? '' : `\n  ${key}`}`,
    );
    return;
  }
  const said = await askPerson(request);
  if (said.kind === 'later') {
    print(`Left waiting: countersign approve ${line(request.id)}   (${otherAnswers(request)})`);
    return;
  }
  const delivery = await sendVerdict(client, request.workflowId, answerTo(request, said.kind, key, said.reason));
  if (delivery.kind === 'refused' || delivery.kind === 'gone')
    complain(`The verdict was refused: ${line(delivery.why)}`);
  if (delivery.kind === 'unanswered') complain('The verdict was sent and is not answered yet.');
}

function otherAnswers({ question }: ApprovalRequest): string {
  return question?.kind === 'unknown' ? 'or happened, or deny' : 'or deny';
}

/** Nobody is asked who could not answer: without a key the request is left to others, and the session followed on. */
function keyOrWords(options: FollowOptions): SigningKey | string {
  try {
    return signingKey(options);
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
}

function tellEnd({ status, ending }: SessionView, options: FollowOptions): number {
  const result = ending?.result ?? null;
  if (result === null) {
    const why = ending?.why ?? '';
    if (options.json === true) printJsonLine({ event: 'failed', status, why });
    else complain(`The session ended as ${line(status)}${why === '' ? '.' : `: ${line(why)}`}`);
    return 1;
  }
  if (options.json === true) printJsonLine({ event: 'ended', ...result });
  else {
    const why = result.why === undefined ? '' : `: ${line(result.why)}`;
    const spent = `${result.turns} turns, ${result.tokens} tokens, cost ${costWords(result.cost)}`;
    print(`${styled('bold', line(result.end))}${why} (${spent})`);
    if (result.text !== '') print(quoted(result.text));
  }
  return result.end === 'completed' && result.actions.every(({ outcome }) => outcome === 'done') ? 0 : 1;
}
