/** A session, its request shown and answered, and what the log says of it. */
import { createInterface } from 'node:readline/promises';
import { createClient } from 'countersign';
import type { ApprovalRequest } from 'countersign';

const client = await createClient(queueOf(process.env['COUNTERSIGN_TASK_QUEUE']));
try {
  const session = await client.start({
    goal: 'Tell the help desk that the printer on floor 2 is out of paper.',
    // With ANTHROPIC_API_KEY in the worker leave this out: then Claude decides what to call.
    actions: [
      {
        tool: 'create_ticket',
        input: { queue: 'support', title: 'Printer without paper', body: 'Floor 2, next to the kitchen.' },
      },
    ],
  });
  const request = await waitingOf(session);
  show(request);
  const by = { approver: 'alice', keyFile: 'alice.pem' };
  const delivery = (await isApproved()) ? await client.approve(request, by) : await client.deny(request, by);
  console.log(JSON.stringify(delivery));
  console.log(JSON.stringify(await client.result(session)));
  console.log(JSON.stringify(await client.log(session)));
} finally {
  await client.close();
}

async function waitingOf(session: string): Promise<ApprovalRequest> {
  for (;;) {
    const { state, status } = await client.show(session);
    const [first] = state?.waiting ?? [];
    if (first !== undefined) return first;
    if (status !== 'running')
      throw new Error(`The session is ${status}, and nothing waits: is it denied? See its log.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function show({ summary, why, preview }: ApprovalRequest): void {
  console.log(`${summary}\n${why}`);
  for (const { label, text } of preview) console.log(`--- ${label}\n${text}`);
}

async function isApproved(): Promise<boolean> {
  const keyboard = createInterface({ input: process.stdin, output: process.stdout });
  const said = await keyboard.question('Approve exactly this? (yes/no) ');
  keyboard.close();
  return said === 'yes';
}

function queueOf(taskQueue: string | undefined) {
  return taskQueue === undefined ? {} : { taskQueue };
}
