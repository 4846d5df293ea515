/** Putting back what a session deleted: a session of its own, so that guard, approval and log are the same. */
import type { Command } from 'commander';
import type { Deletion } from '../../client/deletions.ts';
import { deletionsOf, restoreActions } from '../../client/deletions.ts';
import { ClientError } from '../../client/client-error.ts';
import { findSession, sessionEvents } from '../../client/sessions.ts';
import { tellStory } from '../../client/session-log.ts';
import { MAX_CALLS } from '../../domain/model-answer.ts';
import type { SessionOptions } from '../start-and-follow.ts';
import { profileOf, startAndFollow } from '../start-and-follow.ts';
import { withClient } from '../surroundings.ts';
import { complain, line } from '../terminal.ts';

export function addUndo(program: Command, done: (code: number) => void): void {
  program
    .command('undo')
    .argument('<session>', 'session id or a part that fits only one; with "/c2" one of its deletions alone')
    .option('--profile <name>', 'profile of the policy (else its defaultProfile)')
    .option('--detach', 'do not follow: print the session and end')
    .option('--key <file>', 'private key to answer requests with')
    .option('--as <approver>', 'whose key it is')
    .description('put back what a session deleted, while it lies in the trash')
    .addHelpText('after', HELP)
    .action(async (words: string, _own: unknown, command: Command) =>
      done(await undo(words, command.optsWithGlobals<SessionOptions>())),
    );
}

const HELP = `
Example:
  countersign undo tidy-the-drafts

It starts a session with the action restore_files, so the policy must let the profile do that. Nothing that stands at a
path now is overwritten.`;

function undo(words: string, options: SessionOptions): Promise<number> {
  return withClient(options, async (client) => {
    const { session, call } = split(words);
    const handle = await findSession(client, session);
    const rows = tellStory(await sessionEvents(client, handle));
    const found = deletionsOf(rows, handle.workflowId).filter(({ callId }) => call === undefined || callId === call);
    const kept = stillThere(found, line(words));
    const open = found.filter(({ kind }) => kind === 'running');
    for (const deletion of [...open, ...kept]) tellUnclear(deletion);
    const input = { goal: `undo: ${handle.workflowId}`, actions: restoreActions(kept), ...profileOf(options) };
    return Math.max(await startAndFollow(client, input, options), open.length === 0 ? 0 : 1);
  });
}

function split(words: string): { readonly session: string; readonly call: string | undefined } {
  const [, session = words, call] = /^(.+)\/(c[0-9]+)$/.exec(words) ?? [];
  return { session, call };
}

/** What the trash may still hold; the worker’s clock has the last word. */
function stillThere(found: readonly Deletion[], words: string): readonly Deletion[] {
  const ended = found.filter(({ kind }) => kind !== 'running');
  const [last] = ended.toReversed();
  if (last === undefined && found.length > 0)
    throw new ClientError('refused', `What "${words}" deletes has not ended; try again when it has.`);
  if (last === undefined)
    throw new ClientError(
      'notFound',
      `"${words}" deleted nothing that can be put back; "countersign log" shows what it did.`,
    );
  const kept = ended.filter(({ until }) => until === null || !(Date.parse(until) <= Date.now()));
  if (kept.length === 0)
    throw new ClientError(
      'refused',
      `What "${words}" deleted was kept until ${line(last.until ?? '')}, and is gone from the trash.`,
    );
  if (kept.length > MAX_CALLS)
    throw new ClientError(
      'usage',
      `"${words}" deleted ${kept.length} times; name one of them, like "${words}/${last.callId}".`,
    );
  return kept;
}

/** What the log cannot say of a deletion, before the session says what came back. */
function tellUnclear({ kind, callId, trash }: Deletion): void {
  if (kind === 'running') complain(`${line(callId)} has not ended and is left out; undo it when it has.`);
  if (kind === 'unclear')
    complain(
      `${line(callId)}, deletion ${line(trash)}, ended unknown. What the trash has of it is put back; look for the rest where it was, and in .countersign-trash/${line(trash)} of the workspace.`,
    );
}
