/** `countersign worker`: what it says at its start of a law that it cannot read, and which queue it serves. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { testAddress, until } from '../support/harness.ts';
import { cli, state, useStateFolder } from './state-folder.ts';

useStateFolder();
const BIN = join(__dirname, '../../bin/countersign.js');
let server: string;
// Before the state folder takes the settings of the test run out of the environment.
beforeAll(() => {
  server = testAddress();
});

/** Runs the command until `use` has seen what it said once it was ready; then it must end in order. */
async function withWorker(argv: readonly string[], use: (said: string) => Promise<void> | void): Promise<void> {
  const worker = spawn(process.execPath, [BIN, 'worker', '--roles', 'web', '--embedded', server, ...argv], {
    env: {
      PATH: process.env['PATH'],
      HOME: state,
      COUNTERSIGN_POLICY: join(state, 'nope.yaml'),
      COUNTERSIGN_APPROVERS: join(state, 'nobody.yaml'),
      COUNTERSIGN_TASK_QUEUE: 'worker-command-test',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(worker, 'exit');
  let said = '';
  worker.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  try {
    await until(async () => {
      if (worker.exitCode !== null) throw new Error(said);
      return said.includes('worker ready: web\n') ? true : undefined;
    }, 30_000);
    await use(said);
    worker.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    worker.kill('SIGKILL');
    await ended;
  }
}

test('S2: a worker without policy and approvers polls, and warns of each by its name', async () => {
  await withWorker([], (said) => {
    expect(said).toContain(
      `warning: The policy "${join(state, 'nope.yaml')}" is not there.\n` +
        `warning: The approver directory "${join(state, 'nobody.yaml')}" is not there.\n` +
        'Everything is denied until this is mended; no restart is needed then.\nworker ready: web\n',
    );
  });
}, 40_000);

test('--task-queue goes before COUNTERSIGN_TASK_QUEUE, as for every command', async () => {
  const queue = `worker-command-${randomBytes(4).toString('hex')}`;
  await withWorker(['--task-queue', queue], async () => {
    const found = await until(async () => {
      const { out } = await cli('--json', '--address', server, 'doctor', '--task-queue', queue);
      const findings = JSON.parse(out) as readonly { readonly what: string; readonly says: string }[];
      return findings.find(({ what, says }) => what === 'worker: web' && says === 'polls');
    }, 10_000);
    expect(found).toMatchObject({ state: 'ok' });
  });
}, 60_000);
