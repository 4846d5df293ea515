import type { Command } from 'commander';
import { findSession, listSessions, sessionEvents, viewSession } from '../../client/sessions.ts';
import { readEvents } from '../../client/history-event.ts';
import { tellStory } from '../../client/session-log.ts';
import { own, ownList } from '../../domain/json.ts';
import { describeRequest } from '../show-request.ts';
import { describeStory } from '../show-log.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readText, withClient } from '../surroundings.ts';
import { line, print, printJson, quoted, table } from '../terminal.ts';

export function addSessions(program: Command, done: (code: number) => void): void {
  program
    .command('sessions')
    .description('sessions, newest first')
    .addHelpText('after', '\nExample:\n  countersign sessions')
    .action(async (_own: unknown, command: Command) => done(await list(command.optsWithGlobals<GlobalOptions>())));
  program
    .command('show')
    .argument('<session>', 'session id, or a part that fits only one')
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
          print(`Asked ${handle.workflowId} to cancel; "countersign show" tells how it ended.`);
          return 0;
        }),
      );
    });
  program
    .command('log')
    .argument('[session]', 'session id, or a part that fits only one')
    .option('--history <file>', 'an exported history instead (temporal workflow show --output json)')
    .description('the audit table: who allowed what, from the session’s history alone')
    .addHelpText('after', '\nExample:\n  countersign log mail-the-notes --json')
    .action(async (words: string | undefined, own_: { readonly history?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
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
          ['STARTED', 'STATUS', 'SESSION'],
          ...sessions.map(({ startedAt, status, workflowId }) => [startedAt.slice(0, 19), status, line(workflowId)]),
        ]),
      );
    return 0;
  });
}

function show(words: string, options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    const view = await viewSession(client, await findSession(client, words));
    if (options.json === true) {
      printJson(view);
      return 0;
    }
    const { state } = view;
    print(
      `${line(view.workflowId)}: ${view.status}${state === null ? ' (no worker answered: its own state is not known)' : ''}`,
    );
    if (state !== null) {
      print(`goal\n${quoted(state.goal)}`);
      print(
        `profile ${state.profile ?? '–'} · model ${line(state.model ?? '–')} · ${state.turns} turns · ${state.tokens} tokens · cost unknown`,
      );
      print(table(state.actions.map(({ callId, tool, summary, outcome }) => [callId, tool, outcome, line(summary)])));
      for (const request of state.waiting) print(`\n${describeRequest(request)}`);
      for (const { at, why } of state.refused) print(`refused at ${at}: ${line(why)}`);
    }
    for (const { activity, attempt, lastFailure, nextTryAt } of view.pending) {
      print(
        `pending: ${activity}, attempt ${attempt}${lastFailure === '' ? '' : `; last: ${line(lastFailure)}`}${nextTryAt === null ? '' : `; next try ${nextTryAt}`}`,
      );
    }
    return 0;
  });
}

function log(words: string, options: GlobalOptions): Promise<number> {
  return withClient(options, async (client) => {
    const story = tellStory(await sessionEvents(client, await findSession(client, words)));
    if (options.json === true) printJson(story);
    else print(describeStory(story));
    return 0;
  });
}

/** An exported history is protobuf JSON: payload data in base64, enums and numbers as text. */
async function logOfFile(file: string, options: GlobalOptions): Promise<number> {
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  const history: unknown = historyFromJSON(JSON.parse(readText(file, 'the exported history')));
  const events = ownList({ events: own({ ...(history as object) }, 'events') }, 'events');
  const story = tellStory(readEvents(events, ''));
  if (options.json === true) printJson(story);
  else print(describeStory(story));
  return 0;
}
