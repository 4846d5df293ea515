/** A tool of another package: installed from what `npm pack` makes, it gets everything that a built-in tool gets. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CountersignClient } from '../../src/client/create-client.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { ActionRow, LogRow } from '../../src/client/log-row.ts';
import { testAddress, until } from '../support/harness.ts';
import type { Installed } from './installed.ts';
import { installPackage } from './installed.ts';

const taskQueue = `package-${randomBytes(6).toString('hex')}`;
const input = { queue: 'support', title: 'Printer', body: 'No paper.' };
const by = { approver: 'alice', keyFile: '' };
let installed: Installed;
let worker: ChildProcess;
let workerSaid = '';
let client: CountersignClient;
const inFolder = (name: string): string => join(installed.folder, name);
const tickets = (): readonly unknown[] =>
  readFileSync(inFolder('tickets.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const actionOf = (log: readonly LogRow[]): ActionRow | undefined => log.find((row) => row.kind === 'action');
const environment = (): Record<string, string> => ({
  TEMPORAL_ADDRESS: testAddress(),
  COUNTERSIGN_TASK_QUEUE: taskQueue,
  HOME: installed.folder,
});

beforeAll(async () => {
  installed = await installPackage('custom-tool');
  by.keyFile = inFolder('alice.pem');
  const said = await installed.compile();
  if (said !== '') throw new Error(said);
  const line = await installed.node([
    'node_modules/countersign/bin/countersign.js',
    'keys',
    'new',
    '--name',
    'alice',
    '--out',
    'alice.pem',
  ]);
  writeFileSync(inFolder('approvers.yaml'), `version: 1\npeople:\n${line.trimEnd()}\ngroups:\n  desk: [alice]\n`);
  writeFileSync(inFolder('tickets.jsonl'), '');
  worker = spawn(process.execPath, ['dist/worker.js'], { cwd: installed.folder, env: environment(), stdio: 'pipe' });
  for (const stream of [worker.stdout, worker.stderr])
    stream?.on('data', (chunk: Buffer) => {
      workerSaid += chunk.toString('utf8');
    });
  await until(async () => {
    if (worker.exitCode !== null) throw new Error(workerSaid);
    return workerSaid.includes('worker ready') ? true : undefined;
  }, 60_000);
  client = await createClient({ server: testAddress(), taskQueue });
}, 120_000);

afterAll(async () => {
  await client?.close();
  if (worker?.exitCode === null) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  installed?.remove();
});

async function ended(start: Parameters<CountersignClient['start']>[0]): Promise<ActionRow | undefined> {
  const session = await client.start(start);
  await client.result(session);
  return actionOf(await client.log(session));
}

async function waiting(): Promise<{ readonly session: string; readonly id: string }> {
  const session = await client.start({ goal: 'open a ticket', actions: [{ tool: 'create_ticket', input }] });
  const found = await until(async () => (await client.show(session)).state?.waiting[0]);
  return { session, id: found.id };
}

describe('a tool in a package of its own', () => {
  test('the session of the example asks, shows, is approved and opens the ticket once; the log tells all of it', async () => {
    const child = spawn(process.execPath, ['dist/session.js'], {
      cwd: installed.folder,
      env: environment(),
      stdio: 'pipe',
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.stdin.end('yes\n');
    await once(child, 'exit');
    expect(said).toContain(
      'support: Printer without paper\nPeople at the help desk will act on it. (rule "tickets")\n',
    );
    expect(said).toContain('--- What its people read\nFloor 2, next to the kitchen.\n');
    const [delivery, result, log] = said
      .split('\n')
      .map((line) => line.replace(/^Approve exactly this\? \(yes\/no\) /, ''))
      .filter((line) => /^[{[]/.test(line))
      .map((line): unknown => JSON.parse(line));
    expect(delivery).toMatchObject({ kind: 'counted', receipt: { outcome: 'done' } });
    expect(result).toMatchObject({ end: 'completed', actions: [{ tool: 'create_ticket', outcome: 'done' }] });
    const kept = tickets();
    expect(kept).toEqual([expect.objectContaining({ queue: 'support', title: 'Printer without paper' })]);
    const action = actionOf(log as readonly LogRow[]);
    expect(action).toMatchObject({ outcome: 'done', evidence: { ticket: (kept[0] as { id: string }).id } });
    expect(action?.requests).toEqual([expect.objectContaining({ rule: 'tickets', quorum: 1, mayAnswer: ['alice'] })]);
    expect((log as readonly LogRow[]).filter(({ kind }) => kind === 'verdict')).toEqual([
      expect.objectContaining({ fate: 'settled' }),
    ]);
  });

  test('without the permission of the tool it is denied', async () => {
    const before = tickets().length;
    const action = await ended({ goal: 'x', profile: 'reader', actions: [{ tool: 'create_ticket', input }] });
    expect(action).toMatchObject({ outcome: 'denied', requests: [] });
    expect(tickets()).toHaveLength(before);
  });

  test('what no rule allows is denied, and so are arguments that have no canonical form', async () => {
    const before = tickets().length;
    const closed = { ...input, queue: 'payroll' };
    const broken = { ...input, title: 'two\nlines' };
    for (const wrong of [closed, broken]) {
      const action = await ended({ goal: 'x', actions: [{ tool: 'create_ticket', input: wrong }] });
      expect(action).toMatchObject({ outcome: 'denied', requests: [] });
    }
    expect(tickets()).toHaveLength(before);
  });

  test('a denial by a person counts, and the reason reaches the log', async () => {
    const before = tickets().length;
    const { session, id } = await waiting();
    const delivery = await client.deny(await client.request(id), { ...by, reason: 'Not today.' });
    expect(delivery).toMatchObject({ kind: 'counted', receipt: { outcome: 'denied' } });
    await client.result(session);
    expect(actionOf(await client.log(session))?.text).toContain('Not today.');
    expect(tickets()).toHaveLength(before);
  });

  test('a key that is in no directory approves nothing', async () => {
    const before = tickets().length;
    const { session, id } = await waiting();
    await installed.node([
      'node_modules/countersign/bin/countersign.js',
      'keys',
      'new',
      '--name',
      'alice',
      '--out',
      'mallory.pem',
    ]);
    const request = await client.request(id);
    expect(await client.approve(request, { ...by, keyFile: inFolder('mallory.pem') })).toMatchObject({
      kind: 'refused',
    });
    await client.cancel(session);
    await client.result(session);
    expect(tickets()).toHaveLength(before);
  });

  test('a request that shows another thing than its digest covers is not signed (S4)', async () => {
    const { session, id } = await waiting();
    const request = await client.request(id);
    await expect(client.approve({ ...request, summary: 'harmless' }, by)).rejects.toThrow('do not sign it');
    await client.cancel(session);
    await client.result(session);
  });

  test('what fails is told in words and leaves no ticket', async () => {
    rmSync(inFolder('tickets.jsonl'));
    const action = await ended({ goal: 'x', actions: [{ tool: 'create_ticket', input }] });
    writeFileSync(inFolder('tickets.jsonl'), '');
    expect(action).toMatchObject({ outcome: 'failed', requests: [] });
    expect(action?.text).toContain('The help desk cannot be reached');
  });

  test('a changed policy counts for the next action, without a restart', async () => {
    const policy = readFileSync(inFolder('policy.yaml'), 'utf8');
    writeFileSync(
      inFolder('policy.yaml'),
      policy.replace('ask: { queue', 'allow: { queue').replace(/^ +why: .*\n/m, ''),
    );
    const before = tickets().length;
    const action = await ended({ goal: 'x', actions: [{ tool: 'create_ticket', input }] });
    writeFileSync(inFolder('policy.yaml'), policy);
    expect(action).toMatchObject({ outcome: 'done', requests: [] });
    expect(tickets()).toHaveLength(before + 1);
  });
});

describe('the package', () => {
  test('opens nothing but its public face', async () => {
    await expect(installed.node(['-e', 'import("countersign/dist/activities/guard.js")'])).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  test('checks a policy file with own tools, its examples and tests too', async () => {
    const check = `import { readFileSync } from 'node:fs';
      import { checkPolicy, tools } from 'countersign';
      import { createTicketIn } from './dist/create-ticket.js';
      const good = readFileSync('policy.yaml', 'utf8');
      const all = [...tools, createTicketIn('tickets.jsonl')];
      const open = good.replace('[support, facilities]', '[support, facilities, payroll]');
      console.log(JSON.stringify([checkPolicy(good, all), checkPolicy(good, tools), checkPolicy(open, all)]));`;
    const said = await installed.node(['--input-type=module', '-e', check]);
    const [good, unknown, open] = JSON.parse(said) as readonly string[][];
    expect(good).toEqual([]);
    expect(unknown?.join()).toContain('create_ticket');
    expect(open).toEqual([expect.stringContaining('this example matches, and should not')]);
  });

  test('declares itself without any type of Temporal, so that its inside can change', async () => {
    const files = await installed.node(['node_modules/typescript/bin/tsc', '-p', '.', '--listFilesOnly']);
    expect(files).toContain('/countersign/dist/index.d.ts');
    expect(files).not.toContain('@temporalio');
  });

  test('a worker stops when it is told to, and its process ends by itself', async () => {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    expect({ code: worker.exitCode, signal: worker.signalCode }).toEqual({ code: 0, signal: null });
  });
});
