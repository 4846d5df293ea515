// A worker process that kills itself at a named point, once. The effect is a line in a file outside the guard.
// node crash-worker.mjs ADDRESS QUEUE FOLDER KILL_AT
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import { createOpenSession } from '../../dist/activities/open-session.js';
import { free, one } from '../../dist/policy/kinds/argument.js';
import { defineTool } from '../../dist/tools/define-tool.js';
import { createReadLaw } from '../../dist/worker/read-law.js';
import { createWorkers, monotonicMs } from '../../dist/worker/workers.js';

const [address, taskQueue, folder, killAt] = process.argv.slice(2);
const died = join(folder, 'died');

function dieAt(point) {
  if (point !== killAt || existsSync(died)) return;
  writeFileSync(died, String(point));
  process.kill(process.pid, 'SIGKILL');
}

const tools = [
  defineTool({
    name: 'ring_bell',
    description: 'Rings the bell.',
    permission: 'publish',
    role: 'web',
    arguments: { text: free(one({ name: 'text', schema: z.string() }, 'what to ring')) },
    needs: [],
    labels: [],
    timeoutMs: 20_000,
    effect: 'once',
    summary: ({ text }) => text,
    prepare: async ({ text }) => {
      dieAt('beforeMark');
      return { kind: 'ready', facts: {}, preview: [{ label: 'Bell', text }], material: text };
    },
    perform: async (text) => {
      dieAt('afterMark');
      appendFileSync(join(folder, 'effects'), `${text}\n`);
      dieAt('afterEffect');
      return { kind: 'done', text: `rang ${text}`, evidence: {} };
    },
  }),
];

Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
});
const readLaw = createReadLaw({
  policyFile: join(folder, 'policy.yaml'),
  approversFile: join(folder, 'approvers.yaml'),
  tools,
  acceptDemoApprovers: false,
});
const connection = await NativeConnection.connect({ address });
const workers = await createWorkers({
  connection,
  namespace: 'default',
  taskQueue,
  roles: ['workflow', 'web'],
  parts: {
    tools,
    openSession: createOpenSession({
      now: () => new Date(),
      readLaw,
      tools,
      taskQueue,
      defaultModel: 'none',
      heartbeatTimeoutMs: 2000,
      searchAttributes: true,
    }),
    guard: {
      namespace: 'default',
      readLaw,
      world: {},
      runWithinMs: 60_000,
      now: () => new Date(),
      monotonic: monotonicMs,
    },
  },
});
process.on('SIGTERM', () => process.exit(0));
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
