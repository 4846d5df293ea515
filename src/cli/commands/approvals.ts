import type { Command } from 'commander';
import { answerTo, sendVerdict } from '../../client/approvals.ts';
import { ClientError } from '../../client/client-error.ts';
import type { Delivery } from '../../client/delivery.ts';
import { findRequest, waitingRequests } from '../../client/find-request.ts';
import { questionAfter } from '../../domain/call-id.ts';
import type { ApprovalRequest, RequestQuestion } from '../../domain/request.ts';
import type { Saying } from '../../domain/verdict.ts';
import { confirm, keyboardAside } from '../ask-person.ts';
import { describeRequest } from '../show-request.ts';
import type { GlobalOptions, KeyOptions } from '../surroundings.ts';
import { signingKey, withClient } from '../surroundings.ts';
import {
  cell,
  complain,
  fromNow,
  isInteractive,
  isInteractiveAside,
  line,
  print,
  printJson,
  table,
} from '../terminal.ts';

type AnswerOptions = GlobalOptions & KeyOptions & { readonly reason?: string; readonly digest?: string };

const DOES: Readonly<Record<Saying, string>> = {
  approve: 'approve a waiting request',
  deny: 'deny a waiting request',
  happened: 'say that an action whose outcome is unknown did happen, so that it is not done again',
};
const NOUNS: Readonly<Record<Saying, string>> = { approve: 'approval', deny: 'denial', happened: 'word' };

export function addApprovals(program: Command, done: (code: number) => void): void {
  program
    .command('approvals')
    .description('requests that wait for a person, those that expire first on top')
    .addHelpText('after', '\nExample:\n  countersign approvals --json')
    .action(async (_own: unknown, command: Command) => done(await list(command.optsWithGlobals<GlobalOptions>())));
  for (const decision of ['approve', 'deny', 'happened'] as const) {
    program
      .command(decision)
      .argument('<request>', 'request id, or session/call, or a call or a part of a session’s id that fits only one')
      .option('--reason <text>', 'told to the agent, and kept in the history')
      .option('--digest <sha256>', 'refuse unless the request has this digest (needed without a terminal)')
      .option('--key <file>', 'private key to sign with')
      .option('--as <approver>', 'whose key it is')
      .description(
        `${DOES[decision]}: shows it, ${decision === 'approve' ? 'asks once more, ' : ''}signs your answer, sends it`,
      )
      .addHelpText('after', `\nExample:\n  countersign ${decision} mail-the-notes-x7k2/c2`)
      .action(async (words: string, _own: unknown, command: Command) => {
        done(await answer(words, decision, command.optsWithGlobals<AnswerOptions>()));
      });
  }
  program
    .command('sign')
    .argument('<request>', 'request id, or anything that "approve" takes and that fits only one')
    .argument('<decision>', 'approve or deny; or happened, where a request asks what became of an action')
    .option('--reason <text>', 'told to the agent, and kept in the history')
    .option('--digest <sha256>', 'refuse unless the request has this digest (needed to approve without a terminal)')
    .option('--key <file>', 'private key to sign with')
    .option('--as <approver>', 'whose key it is')
    .description(
      'show a request, ask before an approval, print a signed verdict as JSON, to be sent as "decideApproval"',
    )
    .addHelpText(
      'after',
      '\nExample:\n  countersign sign c2 approve > verdict.json\n  temporal workflow update execute -w SESSION --name decideApproval --input-file verdict.json',
    )
    .action(async (words: string, decision: string, _own: unknown, command: Command) => {
      done(await printSigned(words, decision, command.optsWithGlobals<AnswerOptions>()));
    });
}

function list(options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    const { requests, silent, isCut } = await waitingRequests(client);
    if (options.json === true) printJson(requests);
    else if (requests.length > 0) print(table([['EXPIRES', 'REQUEST', 'TOOL', 'WHAT'], ...requests.map(row)]));
    else if (silent.length === 0 && !isCut) print('Nothing waits. When a session asks, its request appears here.');
    if (silent.length > 0) {
      const some = silent.slice(0, 3).map(line).join(', ');
      complain(`No worker answers for ${silent.length} running sessions (${some}); what waits there is not known.`);
    }
    if (isCut)
      complain('More sessions may wait than were asked: the list is cut. An exact id of a session is always found.');
    // Not known is not the same as nothing: a script must see the difference.
    return silent.length > 0 || isCut ? 4 : 0;
  });
}

function row({ expiresAt, tool, summary, workflowId, callId, question }: ApprovalRequest): readonly string[] {
  const what = `${asks(question)}${summary}`;
  return [fromNow(expiresAt), `${line(workflowId)}/${line(callId)}`, cell(tool, 16), cell(what, 40)];
}

function asks(question: RequestQuestion | undefined): string {
  switch (question?.kind) {
    case 'unknown':
      return `did ${question.callId} happen? `;
    case 'limit':
      return 'limit: ';
    case undefined:
      return '';
  }
}

function answer(words: string, decision: Saying, options: AnswerOptions): Promise<number> {
  return withClient(options, async (client) => {
    const request = await findRequest(client, words);
    const key = signingKey(options);
    refuseOtherDigest(request, options);
    const unseen = isUnseen(request, decision, options, isInteractive());
    print(describeRequest(request));
    const verdict = answerTo(request, decision, key, options.reason);
    if (unseen && !(await confirm('Approve exactly this?'))) {
      print('Nothing was decided; the request still waits.');
      return 1;
    }
    return tellDelivery(await sendVerdict(client, request.workflowId, verdict), decision, request);
  });
}

/** S4: an approval without a digest is asked for once the request was shown; refused where nobody can be asked. */
function isUnseen({ digest }: ApprovalRequest, decision: Saying, options: AnswerOptions, canAsk: boolean): boolean {
  if (decision !== 'approve' || options.digest !== undefined) return false;
  if (canAsk) return true;
  throw new ClientError(
    'refused',
    `Without a terminal nobody can have seen this request: say --digest ${line(digest)} if you have.`,
  );
}

/** S4: what was looked at before must be what is signed now. */
function refuseOtherDigest(request: ApprovalRequest, { digest }: AnswerOptions): void {
  if (digest !== undefined && digest !== request.digest)
    throw new ClientError('refused', `The request has another digest (${line(request.digest)}): look at it again.`);
}

function tellDelivery(delivery: Delivery, decision: Saying, request: ApprovalRequest): number {
  const look = `"countersign show ${line(request.workflowId)}" tells what became of it`;
  switch (delivery.kind) {
    case 'counted': {
      const { outcome, text } = delivery.receipt;
      print(`Your ${NOUNS[decision]} was taken; the action is now: ${line(outcome)}. ${line(text)}`);
      if (outcome === 'unknown') tellNextQuestion(request);
      return 0;
    }
    case 'signalled':
      print(`The session is busy; the verdict was left as a signal: ${look}.`);
      return 0;
    case 'unanswered':
      complain(`The verdict was sent and is not answered yet: ${look}.`);
      return 1;
    case 'refused':
    case 'gone':
      complain(`Refused: ${line(delivery.why)}`);
      return 5;
  }
}

/** The question comes once the attempt is surely over; after the last try there is none. */
function tellNextQuestion({ workflowId, callId }: ApprovalRequest): void {
  const next = questionAfter(callId);
  if (next === undefined) return;
  const name = `${line(workflowId)}/${line(next)}`;
  print('You will be asked what became of it, as soon as the attempt is surely over:');
  print(`  countersign happened ${name}   (or approve: it did not, do it again; or deny: leave it)`);
}

function printSigned(words: string, decision: string, options: AnswerOptions): Promise<number> {
  if (decision !== 'approve' && decision !== 'deny' && decision !== 'happened')
    throw new ClientError(
      'usage',
      'The decision is "approve", "deny" or, of an action whose outcome is unknown, "happened".',
    );
  return withClient(options, async (client) => {
    const request = await findRequest(client, words);
    const key = signingKey(options);
    refuseOtherDigest(request, options);
    const unseen = isUnseen(request, decision, options, isInteractiveAside());
    complain(describeRequest(request));
    const verdict = answerTo(request, decision, key, options.reason);
    if (unseen && !(await confirm('Sign an approval of exactly this?', keyboardAside))) {
      complain('Nothing was signed.');
      return 1;
    }
    printJson(verdict);
    return 0;
  });
}
