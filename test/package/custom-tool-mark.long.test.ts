/**
 * The mark of a tool of another package (S7): its worker is killed in the act, and nobody performs it again. Beside it
 * the same tool said to be one that only reads, which has no mark: there the next worker does repeat it.
 */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { CountersignClient } from '../../src/client/create-client.ts';
import { createClient } from '../../src/client/create-client.ts';
import { connect } from '../../src/client/connect.ts';
import { approversYaml, newSigner, testAddress, until } from '../support/harness.ts';
import type { Installed } from './installed.ts';
import { installPackage } from './installed.ts';

const taskQueue = `package-${randomBytes(6).toString('hex')}`;
let installed: Installed;
let client: CountersignClient;
let temporal: Client;
const workers: ChildProcess[] = [];

async function startWorker(): Promise<ChildProcess> {
  const env = {
    TEMPORAL_ADDRESS: testAddress(),
    COUNTERSIGN_TASK_QUEUE: taskQueue,
    COUNTERSIGN_HEARTBEAT_MS: '1000',
    HOME: installed.folder,
  };
  const worker = spawn(process.execPath, ['dist/worker.js'], { cwd: installed.folder, env, stdio: 'pipe' });
  workers.push(worker);
  let said = '';
  for (const stream of [worker.stdout, worker.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  await until(async () => {
    if (worker.exitCode !== null) throw new Error(said);
    return said.includes('worker ready') ? true : undefined;
  }, 60_000);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

beforeAll(async () => {
  installed = await installPackage('custom-tool');
  const policy = join(installed.folder, 'policy.yaml');
  // Nobody is named who could say what became of it: it stays unknown.
  const open = readFileSync(policy, 'utf8')
    .replace('ask: { queue', 'allow: { queue')
    .replace(/^approval: .*\n/m, '');
  writeFileSync(policy, open);
  writeFileSync(
    join(installed.folder, 'approvers.yaml'),
    approversYaml([newSigner('alice')], []).replace('owner: []', 'desk: [alice]'),
  );
  client = await createClient({ server: testAddress(), taskQueue });
  temporal = await connect({ kind: 'embedded', address: testAddress() });
}, 60_000);
afterEach(() => Promise.all(workers.splice(0).map(kill)));
afterAll(async () => {
  await client?.close();
  await temporal?.connection.close();
  installed?.remove();
});

/** `read` instead of `once` is all that the tool says otherwise. */
async function compileAs(effect: string): Promise<void> {
  const file = join(installed.folder, 'src', 'create-ticket.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/effect: '\w+'/, `effect: '${effect}'`));
  const said = await installed.compile();
  if (said !== '') throw new Error(said);
}

test.each([
  ['once', 'unknown', 0],
  ['read', 'done', 1],
])(
  'an act of a tool that says "%s", cut off in the middle: %s, and %s tickets',
  async (effect, outcome, count) => {
    await compileAs(effect);
    const tickets = join(installed.folder, 'tickets.jsonl');
    rmSync(tickets, { force: true });
    // A pipe that nobody reads: opening it to look succeeds, opening it to write holds on.
    execFileSync('mkfifo', [tickets]);
    const first = await startWorker();
    const actions = [{ tool: 'create_ticket', input: { queue: 'support', title: 'Printer', body: 'No paper.' } }];
    const session = await client.start({ goal: 'open a ticket', actions });
    await until(() => isUnderWay(session, effect === 'once'));
    await kill(first);
    rmSync(tickets);
    writeFileSync(tickets, '');
    await startWorker();
    expect(await client.result(session)).toMatchObject({ actions: [{ tool: 'create_ticket', outcome }] });
    expect(readFileSync(tickets, 'utf8').split('\n').filter(Boolean)).toHaveLength(count);
  },
  90_000,
);

async function isUnderWay(session: string, marked: boolean): Promise<true | undefined> {
  const { raw } = await temporal.workflow.getHandle(session).describe();
  const found = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'create_ticket');
  if (found?.lastWorkerIdentity === undefined || found.lastStartedTime === undefined) return undefined;
  return marked && (found.heartbeatDetails?.payloads?.length ?? 0) === 0 ? undefined : true;
}
