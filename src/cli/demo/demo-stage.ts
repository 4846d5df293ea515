/** The stage of the demo: real sessions, and checks that look at the world and not at the agent’s word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { SigningKey } from '../../client/approvals.ts';
import { answerTo, sendVerdict } from '../../client/approvals.ts';
import { deletionsOf, restoreActions } from '../../client/deletions.ts';
import { tellStory } from '../../client/session-log.ts';
import { sessionEvents, startSession, stateOf } from '../../client/sessions.ts';
import { DEFAULT_TASK_QUEUE } from '../../domain/role.ts';
import { isRecord, own, ownList, ownString } from '../../domain/json.ts';
import type { ApprovalRequest } from '../../domain/request.ts';
import type { Saying } from '../../domain/verdict.ts';
import type { SessionResult } from '../../domain/session.ts';
import type { StartInput } from '../../domain/start-input.ts';
import { askPerson } from '../ask-person.ts';
import type { Instance } from '../instance.ts';
import { describeRequest } from '../show-request.ts';
import { line, print, quoted, styled, terminalColumns } from '../terminal.ts';

export interface DemoMail {
  readonly to: readonly string[];
  /** Exactly as received. */
  readonly source: string;
}

export interface Stage {
  readonly instance: Instance;
  readonly client: Client;
  /** Session ids, in the order of the play. */
  readonly sessions: string[];
  /** Sentences that did not hold. */
  readonly failures: string[];
  step(title: string): void;
  start(goal: string): Promise<string>;
  /** Starts the session that puts back what another deleted. */
  undo(session: string): Promise<string>;
  /** The next request of a session; with `older`, the one that takes its place. */
  request(session: string, older?: ApprovalRequest): Promise<ApprovalRequest>;
  /** Shows a request and answers it: the person in a terminal, else the demo approver. Tells what was decided. */
  answer(request: ApprovalRequest, suggested: 'approve' | 'deny', reason?: string): Promise<Saying>;
  result(session: string): Promise<SessionResult>;
  mails(): Promise<readonly DemoMail[]>;
  file(path: string): string | undefined;
  check(sentence: string, holds: boolean): void;
}

export function createStage(instance: Instance, client: Client, key: SigningKey, interactive: boolean): Stage {
  const sessions: string[] = [];
  const failures: string[] = [];
  let steps = 0;
  const start = async (input: StartInput): Promise<string> => {
    print(`   goal: “${input.goal}”`);
    const handle = await startSession(client, DEFAULT_TASK_QUEUE, input);
    sessions.push(handle.workflowId);
    return handle.workflowId;
  };
  return {
    instance,
    client,
    sessions,
    failures,
    step: (title) => {
      steps += 1;
      print(`\n${styled('bold', `${steps}. ${title}`)}`);
    },
    start: (goal) => start({ goal }),
    undo: async (session) => {
      const rows = tellStory(await sessionEvents(client, client.workflow.getHandle(session)));
      return start({ goal: `undo: ${session}`, actions: restoreActions(deletionsOf(rows, session)) });
    },
    request: (session, older) => waitingRequest(client, session, older?.id),
    answer: async (request, suggested, reason) => {
      const decision = interactive ? await decide(request) : suggested;
      if (!interactive) {
        print(quoted(describeRequest(request, terminalColumns() - 5)));
        print(
          `   ${styled('yellow', `The demo's own approver ${suggested === 'approve' ? 'approves' : 'denies'} this${reason === undefined ? '' : `: “${reason}”`}`)}`,
        );
      }
      const delivery = await sendVerdict(
        client,
        request.workflowId,
        answerTo(request, decision, key, decision === 'deny' ? reason : undefined),
      );
      if (delivery.kind === 'refused') print(`   refused: ${line(delivery.why)}`);
      return decision;
    },
    result: async (session) => {
      const result = (await client.workflow.getHandle(session).result()) as SessionResult;
      print(quoted(result.text));
      return result;
    },
    mails: () => caughtMails(instance.mailUrl),
    file: (path) => readIfThere(join(instance.workspace, path)),
    check: (sentence, holds) => {
      print(`   ${holds ? styled('green', '✓') : styled('red', '✗')} ${sentence}`);
      if (!holds) failures.push(sentence);
    },
  };
}

async function decide(request: ApprovalRequest): Promise<Saying> {
  for (;;) {
    const said = await askPerson(request);
    if (said.kind !== 'later') return said.kind;
    print('In the demo, please decide now.');
  }
}

async function waitingRequest(client: Client, session: string, older?: string): Promise<ApprovalRequest> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const waiting = (await stateOf(client, client.workflow.getHandle(session)))?.waiting;
    const request = waiting?.find(({ id }) => id !== older);
    if (request !== undefined) return request;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The session ${session} did not ask within a minute; see "countersign show ${session}".`);
}

async function caughtMails(mailUrl: string): Promise<readonly DemoMail[]> {
  const answer: unknown = await (await fetch(new URL('api/messages', mailUrl))).json();
  return ownList({ mails: answer }, 'mails')
    .filter(isRecord)
    .map((mail) => ({
      to: ownList(mail, 'to').map(String),
      source: Buffer.from(ownString(mail, 'source') ?? '', 'latin1').toString('utf8'),
    }));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The message that a request showed as exactly what would be sent, with the line ends of SMTP. */
export function messageShown(request: ApprovalRequest): string {
  const part = request.preview.find(({ label }) => label.startsWith('Message exactly as it will be sent'));
  return (part?.text ?? '').replaceAll('\n', '\r\n');
}

/** True for a denial that names why. */
export function wasDenied(result: SessionResult, tool: string): boolean {
  return (
    result.actions.some((action) => action.tool === tool && action.outcome === 'denied') &&
    own(result, 'end') === 'completed'
  );
}
