import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Command } from 'commander';
import { findSession, listSessions, sessionEvents, viewSession } from '../../client/sessions.ts';
import { sessionOfRequest } from '../../client/find-request.ts';
import { readEvents } from '../../client/history-event.ts';
import { ClientError } from '../../client/client-error.ts';
import type { LogRow } from '../../client/log-row.ts';
import { tellStory } from '../../client/session-log.ts';
import { own, ownList } from '../../domain/json.ts';
import { describeView } from '../show-session.ts';
import { describeStory } from '../show-log.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readInput, withClient } from '../surroundings.ts';
import { line, print, printJson, table } from '../terminal.ts';

export function addSessions(program: Command, done: (code: number) => void): void {
  program
    .command('sessions')
    .description('sessions, newest first')
    .addHelpText('after', '\nExample:\n  countersign sessions')
    .action(async (_own: unknown, command: Command) => done(await list(command.optsWithGlobals<GlobalOptions>())));
  program
    .command('show')
    .argument('<session>', 'session id, a part that fits only one, or the id of a request')
    .description('what a session is doing, what waits, what is being retried')
    .addHelpText('after', '\nExample:\n  countersign show mail-the-notes')
    .action(async (words: string, _own: unknown, command: Command) =>
      done(await show(words, command.optsWithGlobals<GlobalOptions>())),
    );
  program
    .command('cancel')
    .argument('<session>', 'session id, or a part that fits only one')
    .description('cancel a session: what waits is denied, a running tool is told to stop and awaited')
    .addHelpText('after', '\nExample:\n  countersign cancel mail-the-notes')
    .action(async (words: string, _own: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      done(
        await withClient(options, async (client) => {
          const handle = await findSession(client, words);
          await handle.cancel();
          print(`Asked ${line(handle.workflowId)} to cancel; "countersign show" tells how it ended.`);
          return 0;
        }),
      );
    });
  program
    .command('log')
    .argument('[session]', 'session id, or a part that fits only one')
    .option('--history <file>', 'an exported history instead (temporal workflow show --output json)')
    .description('the audit table: who allowed what, from the session’s history alone; no worker is needed')
    .addHelpText('after', LOG_HELP)
    .action(async (words: string | undefined, own_: { readonly history?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      if ((words === undefined) === (own_.history === undefined))
        throw new ClientError('usage', 'Say which session, or --history FILE; one of the two.');
      done(own_.history === undefined ? await log(words ?? '', options) : await logOfFile(own_.history, options));
    });
}

function list(options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    const sessions = await listSessions(client, 50);
    if (options.json === true) printJson(sessions);
    else if (sessions.length === 0) print('No sessions yet: countersign run "…" starts one.');
    else
      print(
        table([
          ['STARTED (UTC)', 'STATUS', 'STATE', 'SESSION'],
          ...sessions.map(({ startedAt, status, state, workflowId }) => [
            startedAt.slice(0, 19).replace('T', ' '),
            line(status),
            line(state ?? '–'),
            line(workflowId),
          ]),
        ]),
      );
    return 0;
  });
}

/** What is looked at may be named by one of its requests, or by a call, too. */
async function findShown(client: Client, words: string): Promise<WorkflowHandle> {
  const named = (await sessionOfRequest(client, words)) ?? words;
  const withoutCall = named.replace(/\/c[0-9]+$/, '');
  try {
    return await findSession(client, named);
  } catch (error) {
    if (withoutCall === named || !(error instanceof ClientError)) throw error;
    return findSession(client, withoutCall);
  }
}

function show(words: string, options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    const view = await viewSession(client, await findShown(client, words));
    if (options.json === true) {
      printJson(view);
      return 0;
    }
    print(describeView(view));
    return 0;
  });
}

function log(words: string, options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    return tell(tellStory(await sessionEvents(client, await findShown(client, words))), options);
  });
}

/** An exported history is protobuf JSON: payload data in base64, enums and numbers as text. */
async function logOfFile(file: string, options: GlobalOptions): Promise<number> {
  const text = readInput(file, 'the exported history');
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  let history: unknown;
  try {
    history = historyFromJSON(JSON.parse(text));
  } catch {
    throw new ClientError(
      'usage',
      `${line(file)} is not an exported history: make one with "temporal workflow show -w SESSION --output json > FILE".`,
    );
  }
  const events = ownList({ events: own({ ...(history as object) }, 'events') }, 'events');
  return tell(tellStory(readEvents(events)), options);
}

function tell(story: readonly LogRow[], options: GlobalOptions): number {
  if (options.json === true) printJson(story);
  else print(describeStory(story));
  return 0;
}

const LOG_HELP = `
Examples:
  countersign log mail-the-notes
  countersign log --history exported.json --json

With --json: a list of rows in order of time, each with "kind" and "at" (UTC). Kinds: session, opened, refused,
thought, action (outcome, decision, requests as shown, evidence, passes, attempts), verdict (claims, fate, refusal),
message, reset, cancelAsked, ended. Fields are added, never renamed.`;
