import type { Command } from 'commander';
import { answerTo, findRequest, sendVerdict, waitingRequests } from '../../client/approvals.ts';
import { ClientError } from '../../client/client-error.ts';
import { describeRequest } from '../show-request.ts';
import type { GlobalOptions, KeyOptions } from '../surroundings.ts';
import { signingKey, withClient } from '../surroundings.ts';
import { clock, complain, line, print, printJson, table } from '../terminal.ts';

type AnswerOptions = GlobalOptions & KeyOptions & { readonly reason?: string; readonly digest?: string };

export function addApprovals(program: Command, done: (code: number) => void): void {
  program
    .command('approvals')
    .description('requests that wait for a person, those that expire first on top')
    .addHelpText('after', '\nExample:\n  countersign approvals --json')
    .action(async (_own: unknown, command: Command) => done(await list(command.optsWithGlobals<GlobalOptions>())));
  for (const decision of ['approve', 'deny'] as const) {
    program
      .command(decision)
      .argument('<request>', 'request id, or a part of it or of its session’s id that fits only one')
      .option('--reason <text>', 'told to the agent, and kept in the history')
      .option('--digest <sha256>', 'refuse unless the request has this digest (needed without a terminal)')
      .option('--key <file>', 'private key to sign with')
      .option('--as <approver>', 'whose key it is')
      .description(`${decision} a waiting request: shows it, signs your answer, sends it`)
      .addHelpText('after', `\nExample:\n  countersign ${decision} mail-the-notes-x7k2/c2`)
      .action(async (words: string, _own: unknown, command: Command) => {
        done(await answer(words, decision, command.optsWithGlobals<AnswerOptions>()));
      });
  }
  program
    .command('sign')
    .argument('<request>', 'request id, or a part that fits only one')
    .argument('<decision>', 'approve or deny')
    .option('--reason <text>', 'told to the agent, and kept in the history')
    .option('--key <file>', 'private key to sign with')
    .option('--as <approver>', 'whose key it is')
    .description('print a signed verdict as JSON, to be sent as the update "decideApproval"')
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
    const waiting = await waitingRequests(client);
    if (options.json === true) printJson(waiting);
    else if (waiting.length === 0) print('Nothing waits. When a session asks, its request appears here.');
    else {
      const rows = waiting.map((request) => [
        clock(request.expiresAt),
        request.tool,
        line(request.summary),
        `${line(request.workflowId)}/${request.callId}`,
      ]);
      print(table([['EXPIRES', 'TOOL', 'WHAT', 'REQUEST'], ...rows]));
    }
    return 0;
  });
}

function answer(words: string, decision: 'approve' | 'deny', options: AnswerOptions): Promise<number> {
  return withClient(options, async (client) => {
    const request = await findRequest(client, words);
    if (options.digest !== undefined && options.digest !== request.digest) {
      throw new ClientError('refused', `The request has another digest (${request.digest}): look at it again.`);
    }
    if (decision === 'approve' && options.digest === undefined && process.stdout.isTTY !== true) {
      throw new ClientError(
        'refused',
        `Without a terminal nobody can have seen this request: say --digest ${request.digest} if you have.`,
      );
    }
    print(describeRequest(request));
    const verdict = answerTo(request, decision, signingKey(options), options.reason);
    const delivery = await sendVerdict(client, request.workflowId, verdict);
    switch (delivery.kind) {
      case 'counted':
        print(
          `${decision === 'approve' ? 'Approved' : 'Denied'}; the action ended as: ${delivery.receipt.outcome}. ${line(delivery.receipt.text)}`,
        );
        return 0;
      case 'signalled':
        print('The session is busy; the verdict was left as a signal. "countersign show" tells what became of it.');
        return 0;
      case 'refused':
        complain(`Refused: ${line(delivery.why)}`);
        return 5;
    }
  });
}

function printSigned(words: string, decision: string, options: AnswerOptions): Promise<number> {
  if (decision !== 'approve' && decision !== 'deny')
    throw new ClientError('usage', 'The decision is "approve" or "deny".');
  return withClient(options, async (client) => {
    const request = await findRequest(client, words);
    complain(describeRequest(request));
    printJson(answerTo(request, decision, signingKey(options), options.reason));
    return 0;
  });
}
