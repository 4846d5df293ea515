/** `countersign worker`: what it says at its start of a law that it cannot read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { testAddress, until } from '../support/harness.ts';
import { state, useStateFolder } from './state-folder.ts';

useStateFolder();
let server: string;
// Before the state folder takes the settings of the test run out of the environment.
beforeAll(() => {
  server = testAddress();
});
const BIN = join(__dirname, '../../bin/countersign.js');

test('S2: a worker without policy and approvers polls, and warns of each by its name', async () => {
  const policy = join(state, 'nope.yaml');
  const approvers = join(state, 'nobody.yaml');
  const env = {
    PATH: process.env['PATH'],
    HOME: state,
    COUNTERSIGN_POLICY: policy,
    COUNTERSIGN_APPROVERS: approvers,
    COUNTERSIGN_TASK_QUEUE: 'worker-command-test',
  };
  const worker = spawn(process.execPath, [BIN, 'worker', '--roles', 'web', '--embedded', server], {
    env,
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
      return said.includes('worker ready: web') ? true : undefined;
    }, 30_000);
    expect(said).toContain(
      `warning: The policy "${policy}" is not there.\n` +
        `warning: The approver directory "${approvers}" is not there.\n` +
        'Everything is denied until this is mended; no restart is needed then.\nworker ready: web\n',
    );
    worker.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    worker.kill('SIGKILL');
    await ended;
  }
}, 40_000);
