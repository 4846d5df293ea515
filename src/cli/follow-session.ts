/** Follows a session to its end: what happens, as it happens, and the questions to the person at this terminal. */
import type { Client } from '@temporalio/client';
import { answerTo, sendVerdict } from '../client/approvals.ts';
import type { SessionView } from '../client/sessions.ts';
import { viewSession } from '../client/sessions.ts';
import type { ApprovalRequest } from '../domain/request.ts';
import type { SessionResult } from '../domain/session.ts';
import { askPerson } from './ask-person.ts';
import type { GlobalOptions, KeyOptions } from './surroundings.ts';
import { signingKey } from './surroundings.ts';
import { complain, line, print, quoted, styled } from './terminal.ts';

type FollowOptions = GlobalOptions & KeyOptions;

/** Exit code: 0 if the session completed and every action was done, 1 otherwise. */
export async function followSession(client: Client, workflowId: string, options: FollowOptions): Promise<number> {
  const told = new Set<string>();
  const tell = (key: string, text: string, fact: unknown): void => {
    if (told.has(key)) return;
    told.add(key);
    print(options.json === true ? JSON.stringify(fact) : text);
  };
  tell('start', styled('bold', workflowId), { event: 'started', session: workflowId });
  const asked = new Set<string>();
  for (;;) {
    const view = await viewSession(client, client.workflow.getHandle(workflowId));
    tellProgress(view, tell);
    if (view.status !== 'running') break;
    const request = view.state?.waiting.find(({ id }) => !asked.has(id));
    if (request === undefined) await new Promise((resolve) => setTimeout(resolve, 300));
    else {
      asked.add(request.id);
      await answer(client, request, options);
    }
  }
  return tellEnd(client, workflowId, options);
}

type Tell = (key: string, text: string, fact: unknown) => void;

function tellProgress({ state, pending }: SessionView, tell: Tell): void {
  for (const { activity, attempt, lastFailure, nextTryAt } of pending) {
    if (attempt < 2) continue;
    const text = `${activity}: attempt ${attempt}; ${line(lastFailure)}${nextTryAt === null ? '' : ` next try ${nextTryAt}`}`;
    tell(`retry ${activity} ${attempt}`, text, { event: 'retrying', activity, attempt, lastFailure, nextTryAt });
  }
  if (state === null) return;
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
    tell(`${callId} ${outcome}`, `${callId} ${tool} ${line(summary)}: ${outcomeStyle(outcome)}${words}`, {
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
  if (process.stdin.isTTY !== true || options.json === true) {
    const text = `waits for a person: countersign approve ${request.id}   (or deny)`;
    print(options.json === true ? JSON.stringify({ event: 'request', request }) : text);
    return;
  }
  const said = await askPerson(request);
  if (said.kind === 'later') {
    print(`Left waiting: countersign approve ${request.id}   (or deny)`);
    return;
  }
  const verdict = answerTo(request, said.kind, signingKey(options), said.reason);
  const delivery = await sendVerdict(client, request.workflowId, verdict);
  if (delivery.kind === 'refused') complain(`The verdict was refused: ${line(delivery.why)}`);
}

async function tellEnd(client: Client, workflowId: string, options: FollowOptions): Promise<number> {
  try {
    const result = (await client.workflow.getHandle(workflowId).result()) as SessionResult;
    if (options.json === true) print(JSON.stringify({ event: 'ended', ...result }));
    else {
      print(
        `${styled('bold', result.end)}${result.why === undefined ? '' : `: ${line(result.why)}`} (${result.turns} turns, ${result.tokens} tokens, cost ${result.cost})`,
      );
      if (result.text !== '') print(quoted(result.text));
    }
    return result.end === 'completed' && result.actions.every(({ outcome }) => outcome === 'done') ? 0 : 1;
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : 'it did not end by itself';
    if (options.json === true) print(JSON.stringify({ event: 'failed', why: cause }));
    else complain(`The session failed: ${line(cause)}`);
    return 1;
  }
}
