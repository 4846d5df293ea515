/** Starting workers from a program of one's own: what is refused before anything polls, and in which words. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/client/create-client.ts';
import { freePort } from '../../src/server/free-port.ts';
import type { StartWorkerOptions } from '../../src/worker/start-worker.ts';
import { startWorker, startWorkerWithin } from '../../src/worker/start-worker.ts';
import { createBell } from '../support/bell.ts';
import { approversYaml, newSigner, quiet, testAddress } from '../support/harness.ts';
import { postStatus } from '../support/post-status.ts';

const EXAMPLE = join(__dirname, '../../examples/personal-assistant/tools.yaml');

const POLICY = `version: 1
profiles: { reader: { grant: [read_files], startable: true } }
defaultProfile: reader
rules:
  - { id: notes, tool: read_file, allow: { path: { under: notes } } }
`;

let folder: string;
let good: StartWorkerOptions;
beforeAll(() => {
  quiet();
  folder = mkdtempSync(join(tmpdir(), 'countersign-start-'));
  mkdirSync(join(folder, 'workspace'));
  for (const name of ['policy.yaml', 'workspace/policy.yaml']) writeFileSync(join(folder, name), POLICY);
  writeFileSync(join(folder, 'approvers.yaml'), approversYaml([newSigner('alice')]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  good = {
    tools: [postStatus],
    policy: join(folder, 'policy.yaml'),
    approvers: join(folder, 'approvers.yaml'),
    server: testAddress(),
    taskQueue: 'start-worker-test',
  };
});

/** Starts and stops: fails if nothing is refused. */
async function started(more: Partial<StartWorkerOptions>): Promise<readonly string[]> {
  const worker = await startWorker({ ...good, ...more });
  await worker.stop();
  await worker.done;
  return worker.roles;
}

describe('the roles of a worker', () => {
  test('are all that the settings are enough for', async () => {
    expect(await started({})).toEqual(['workflow', 'web']);
    const settings = { COUNTERSIGN_WORKSPACE: join(folder, 'workspace'), ANTHROPIC_API_KEY: 'none' };
    expect(await started({ settings })).toEqual(['workflow', 'model', 'files', 'web']);
  });

  test('are those that are named, where some are', async () => {
    expect(await started({ roles: ['web'] })).toEqual(['web']);
  });

  test('must hold the role of an own tool, unless it is said that another process has it', async () => {
    const [, listens] = createBell().tools;
    if (listens === undefined) throw new Error('the bell has lost a tool');
    await expect(started({ tools: [listens] })).rejects.toThrow(
      'The tool "hear_bell" runs in the role files, which needs COUNTERSIGN_WORKSPACE: give it in "settings", or say',
    );
    expect(await started({ tools: [listens], roles: ['workflow'] })).toEqual(['workflow']);
  });
});

describe('refused before anything polls', () => {
  test.each([
    ['a built-in one', [{ ...postStatus, name: 'send_email' }]],
    ['another of one’s own', [postStatus, postStatus]],
  ])('a tool with the name of %s', async (_which, tools) => {
    await expect(started({ tools })).rejects.toThrow(/^Two tools are named "(send_email|post_status)": give yours/);
  });

  test('a setting that is wrong: by its name, never its value', async () => {
    const said = await started({ settings: { COUNTERSIGN_HEARTBEAT_MS: 'hunter2' } }).catch(String);
    expect(said).toContain('COUNTERSIGN_HEARTBEAT_MS (for every role)');
    expect(said).not.toContain('hunter2');
  });

  test('declared tools: a file that is broken or not there, and a name that another tool has (S2)', async () => {
    const file = join(folder, 'tools.yaml');
    const settings = { COUNTERSIGN_TOOLS: file };
    await expect(started({ settings })).rejects.toThrow(/^The file of declared tools \S+ .*not there|cannot/);
    writeFileSync(file, 'version: 1\ntools: [{ name: x }]\n');
    await expect(started({ settings })).rejects.toThrow(/is broken:\n {2}line 2/);
    const [, call = ''] = /(- name: post_publicly[\s\S]*?)\n\n/.exec(readFileSync(EXAMPLE, 'utf8')) ?? [];
    const taken = call.replaceAll('post_publicly', 'send_email');
    writeFileSync(file, `version: 1\ntools:\n  ${taken}\n`);
    await expect(started({ settings })).rejects.toThrow('there is another tool named "send_email"');
    writeFileSync(file, `version: 1\ntools:\n  ${call}\n`);
    expect(await started({ settings })).toEqual(['workflow', 'web']);
  });

  test('a policy that the agent could write (S12)', async () => {
    const settings = { COUNTERSIGN_WORKSPACE: join(folder, 'workspace') };
    const policy = join(folder, 'workspace', 'policy.yaml');
    await expect(started({ policy, settings })).rejects.toThrow(/workspace\/policy\.yaml/);
    // The files may be in the hands of another process.
    await expect(started({ policy, settings, roles: ['workflow', 'web'] })).rejects.toThrow(/workspace\/policy\.yaml/);
  });

  test('a server that does not answer', async () => {
    const server = `127.0.0.1:${await freePort(0)}`;
    await expect(startWorkerWithin({ ...good, server }, 300)).rejects.toThrow(`Nobody answers at ${server}: is it up?`);
  });
});

describe('a policy or an approver directory that cannot be read keeps no worker from starting (S2)', () => {
  async function problemsOf(more: Partial<StartWorkerOptions>): Promise<readonly string[]> {
    const worker = await startWorker({ ...good, roles: ['web'], ...more });
    await worker.stop();
    return worker.problems;
  }

  test('it says which file it is and why, of both; and nothing of files that it can read', async () => {
    const policy = join(folder, 'nope.yaml');
    const approvers = join(folder, 'nobody.yaml');
    expect(await problemsOf({})).toEqual([]);
    expect(await problemsOf({ policy })).toEqual([`The policy "${policy}" is not there.`]);
    const ofApprovers = `The approver directory "${approvers}" is not there.`;
    expect(await problemsOf({ approvers })).toEqual([ofApprovers]);
    writeFileSync(policy, 'version: 1\nruls: []\n');
    const broken = expect.stringMatching(/^The policy "\S+" is broken: .*line 2, column 1: .*did you mean "rules"/);
    expect(await problemsOf({ policy, approvers })).toEqual([broken, ofApprovers]);
  });

  test('a session that is started then is refused in the same words', async () => {
    const taskQueue = `start-worker-${randomBytes(4).toString('hex')}`;
    const approvers = join(folder, 'nobody.yaml');
    const worker = await startWorker({ ...good, roles: ['workflow'], approvers, taskQueue });
    const client = await createClient({ server: testAddress(), taskQueue });
    try {
      const session = await client.start({ goal: 'anything' });
      const said = `No session can start until this is mended: The approver directory "${approvers}" is not there.`;
      await expect(client.result(session)).rejects.toThrow(said);
    } finally {
      await client.close();
      await worker.stop();
    }
  });
});

test('the environment of the process is not read for settings (S10)', async () => {
  process.env['COUNTERSIGN_WORKSPACE'] = join(folder, 'workspace');
  try {
    expect(await started({})).toEqual(['workflow', 'web']);
  } finally {
    delete process.env['COUNTERSIGN_WORKSPACE'];
  }
});
