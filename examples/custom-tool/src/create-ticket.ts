/** A tool in one file: opens a ticket, which is one line of a file that the help desk reads. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { defineTool, free, one, text } from 'countersign';
import type { Performance } from 'countersign';

/** `file`: where tickets are kept, one JSON object a line. It must exist: a mistyped path makes no second help desk. */
export function createTicketIn(file: string) {
  return defineTool({
    name: 'create_ticket',
    description: 'Opens a ticket at the help desk. Its people read title and body.',
    permission: 'publish',
    role: 'web',
    arguments: {
      // A rule must say for which queues; what is written there it need not restrict.
      queue: one(text({ maxLength: 40, multiline: false }), 'the queue, like "support"'),
      title: free(one(text({ maxLength: 120, multiline: false }), 'what it is about')),
      body: free(one(text({ maxLength: 10_000, multiline: true }), 'what to do, and why')),
    },
    needs: [],
    labels: [],
    timeoutMs: 10_000,
    effect: 'once',
    summary: ({ queue, title }) => `${queue}: ${title}`,
    prepare: async ({ queue, title, body }, { workflowId, callId, at }) => {
      const problem = await problemOf(file);
      if (problem !== undefined) return { kind: 'failed', why: problem };
      // From the place of the action alone, so that it is the same whenever it is prepared.
      const id = `${workflowId}/${callId}`;
      const line = JSON.stringify({ id, queue, title, body, openedAt: at.toISOString() });
      return {
        kind: 'ready',
        facts: { ticket: id },
        preview: [
          { label: `Ticket in the queue ${queue}`, text: title },
          { label: 'What its people read', text: body },
        ],
        material: { id, line: `${line}\n` },
      };
    },
    perform: ({ id, line }) => append(file, id, line),
  });
}

/** Opens without making it: `r+` fails where nothing is. */
async function problemOf(file: string): Promise<string | undefined> {
  try {
    await (await open(file, 'r+')).close();
    return undefined;
  } catch {
    return 'The help desk cannot be reached: its file is not there or cannot be written.';
  }
}

/** Before the first byte it is certain that nothing happened; from then on only the whole line is. */
async function append(file: string, id: string, line: string): Promise<Performance> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_APPEND | constants.O_WRONLY);
  } catch {
    return { kind: 'notPerformed', why: 'the file of the help desk is not there or cannot be written' };
  }
  try {
    await handle.appendFile(line);
    await handle.sync();
    return { kind: 'done', text: `Ticket ${id} is open.`, evidence: { ticket: id, bytes: Buffer.byteLength(line) } };
  } catch {
    return { kind: 'unknown', why: 'writing broke off; the last line of the tickets tells whether it is there' };
  } finally {
    await handle.close().catch(() => undefined);
  }
}
