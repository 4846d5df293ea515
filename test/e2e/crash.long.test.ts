import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { obtainServer } from '../../src/server/obtain-server.ts';
import { killProcess } from '../../src/server/children.ts';
import { freePort } from '../../src/server/free-port.ts';
import type { OwnProcess } from '../../src/server/run-file.ts';
import { startServer } from '../../src/server/start-server.ts';
import { connect } from '../../src/client/connect.ts';
import type { Signer } from '../support/harness.ts';
import { approversYaml, newSigner, sessionOf, startHarness, testAddress, until, verdict } from '../support/harness.ts';
import { leave, questionOf } from '../support/what-became.ts';
import { runCli } from '../cli/run-cli.ts';
import { BELL_POLICY, OPEN_POLICY, createBell } from '../support/bell.ts';

// Only tools of this process's own: the crash worker registers ring_bell alone.
const only = (policy: string): string => policy.replace(/^ {2}- \{ id: hearing.*\n/m, '');

jest.setTimeout(120_000);

let folder: string;
let alice: Signer;
const children: ChildProcess[] = [];
const servers: OwnProcess[] = [];
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-crash-'));
  alice = newSigner('alice');
  writeFileSync(join(folder, 'approvers.yaml'), approversYaml([alice]));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const server of servers.splice(0)) killProcess(server);
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(queue: string, killAt: string): ChildProcess {
  const script = join(__dirname, '..', 'support', 'crash-worker.mjs');
  const child = spawn(process.execPath, [script, testAddress(), queue, folder, killAt], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  children.push(child);
  return child;
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  child.signalCode === null
    ? new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    : Promise.resolve(child.signalCode);

const effects = (): readonly string[] =>
  existsSync(join(folder, 'effects')) ? readFileSync(join(folder, 'effects'), 'utf8').trim().split('\n') : [];

describe('a worker that is killed (S7)', () => {
  test.each([
    ['beforeMark', 'done', 1, 'rang noon'],
    ['afterMark', 'unknown', 0, 'An earlier attempt was about to do this'],
    ['afterEffect', 'unknown', 1, 'An earlier attempt was about to do this'],
  ])('%s: the action ends as %s and the effect happened %i times', async (killAt, outcome, times, words) => {
    writeFileSync(join(folder, 'policy.yaml'), only(OPEN_POLICY));
    const queue = `crash-${killAt}-${Date.now()}`;
    const client = await connect({ kind: 'embedded', address: testAddress() });
    const first = startWorker(queue, killAt);
    const handle = await client.workflow.start('agentSession', {
      taskQueue: queue,
      workflowId: queue,
      args: [{ goal: 'ring', actions: [{ tool: 'ring_bell', input: { text: 'noon' } }] }],
    });
    expect(await ended(first)).toBe('SIGKILL');
    startWorker(queue, 'never');
    const session = sessionOf(handle);
    if (outcome === 'unknown') await leave(session, alice);
    const result = await session.result();
    await client.connection.close();
    expect(result.actions.map((action) => action.outcome)).toEqual(outcome === 'done' ? ['done'] : [outcome, 'denied']);
    expect(result.text).toContain(words);
    expect(effects()).toHaveLength(times);
  });

  test('S9: of an approved action that ended unknown the log tells by which rule it was decided, and who signed', async () => {
    writeFileSync(join(folder, 'policy.yaml'), only(BELL_POLICY));
    const queue = `crash-log-${Date.now()}`;
    const client = await connect({ kind: 'embedded', address: testAddress() });
    const first = startWorker(queue, 'afterEffect');
    const handle = await client.workflow.start('agentSession', {
      taskQueue: queue,
      workflowId: queue,
      args: [{ goal: 'ring', actions: [{ tool: 'ring_bell', input: { text: 'noon' } }] }],
    });
    const session = sessionOf(handle);
    await session.signal(verdict(await session.request(), 'approve', alice));
    expect(await ended(first)).toBe('SIGKILL');
    startWorker(queue, 'never');
    const asked = await questionOf(session);
    // S7: the first try may have been acting until its time was over, and nobody is asked before.
    const { events } = await handle.fetchHistory();
    const [unclear] = (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: done }) => {
      const text = Buffer.from(done?.result?.payloads?.[0]?.data ?? []).toString();
      return text.includes('"until"') ? [JSON.parse(text) as { until: string }] : [];
    });
    expect(Date.parse(asked.requestedAt)).toBeGreaterThanOrEqual(Date.parse(unclear?.until ?? ''));
    await session.update(verdict(asked, 'deny', alice));
    expect((await session.result()).actions.map(({ outcome }) => outcome)).toEqual(['unknown', 'denied']);
    await client.connection.close();
    const { code, out } = await runCli(['--address', testAddress(), 'log', queue]);
    expect(code).toBe(0);
    expect(out).toMatch(/outcome: unknown/);
    expect(out).toMatch(/decided: ask by rule ringing of policy [0-9a-f]{12}/);
    expect(out).toContain(`signed: approve by alice (key ${alice.keyId})`);
    expect(effects()).toEqual(['noon']);
  });

  test('S6: while a request waits: the request is still there, and its approval is carried out once', async () => {
    writeFileSync(join(folder, 'policy.yaml'), only(BELL_POLICY));
    const queue = `crash-waiting-${Date.now()}`;
    const client = await connect({ kind: 'embedded', address: testAddress() });
    const first = startWorker(queue, 'never');
    const handle = await client.workflow.start('agentSession', {
      taskQueue: queue,
      workflowId: queue,
      args: [{ goal: 'ring', actions: [{ tool: 'ring_bell', input: { text: 'noon' } }] }],
    });
    const session = sessionOf(handle);
    const request = await session.request();
    first.kill('SIGKILL');
    await ended(first);
    await session.signal(verdict(request, 'approve', alice));
    startWorker(queue, 'never');
    expect((await session.result()).actions.map((action) => action.outcome)).toEqual(['done']);
    await client.connection.close();
    expect(effects()).toEqual(['noon']);
  });
});

describe('a Temporal server that is killed', () => {
  test('while a request waits loses nothing: the approval after its restart is carried out once', async () => {
    const binary = await obtainServer({ report: () => undefined, env: process.env });
    const options = { binary, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') };
    const first = await startServer(options);
    servers.push(first.process);
    const bell = createBell();
    const harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools, address: first.address });
    closers.push(() => harness.stop());
    const session = await harness.start({ goal: 'ring', actions: [{ tool: 'ring_bell', input: { text: 'once' } }] });
    const request = await session.request();
    killProcess(first.process);
    const port = Number(first.address.split(':')[1]);
    // The kernel frees the port only when the last thread is gone.
    await until(async () => ((await freePort(port)) === port ? true : undefined));
    const again = await startServer({ ...options, port });
    servers.push(again.process);
    expect(again.address).toBe(first.address);
    await until(() => session.update(verdict(request, 'approve', harness.alice)));
    expect((await session.result()).actions.map(({ outcome }) => outcome)).toEqual(['done']);
    expect(bell.rung).toEqual(['once']);
  });
});
