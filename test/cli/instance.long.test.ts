import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../src/client/connect.ts';
import { ensureOwner, writeNewKey } from '../../src/cli/owner-key.ts';
import { layOutFiles } from '../../src/cli/instance-files.ts';
import { startModel } from '../../src/cli/instance-parts.ts';
import { killAll } from '../../src/server/children.ts';
import { freePort } from '../../src/server/free-port.ts';
import { startOf } from '../../src/server/process-start.ts';
import type { OwnProcess, RunFile } from '../../src/server/run-file.ts';
import { readLedger, readRunFile } from '../../src/server/run-file.ts';
import type { Ended } from '../server/scene.ts';
import { ended, eventually, lives } from '../server/scene.ts';

const BIN = join(__dirname, '..', '..', 'bin', 'countersign.js');

let state: string;
const seen: OwnProcess[] = [];
const starts: ChildProcess[] = [];

/** Whatever a failed test left. */
function endAll(): void {
  for (const child of starts.splice(0)) child.kill('SIGKILL');
  killAll([...seen.splice(0), ...readLedger(state).processes]);
  rmSync(state, { recursive: true, force: true });
}

function fresh(): string {
  return mkdtempSync(join(tmpdir(), 'countersign-instance-'));
}

interface Up {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  readonly said: () => string;
}

function up(...more: readonly string[]): Up {
  const child = spawn(process.execPath, [BIN, '--state', state, 'up', '--model', 'scripted', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  starts.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, end: ended(child), said: () => said };
}

/** What is on record now; remembered, so that nothing outlives the test. */
function onRecord(): readonly OwnProcess[] {
  const { processes } = readLedger(state);
  seen.push(...processes);
  return processes;
}

async function untilUp({ said, child }: Up): Promise<RunFile> {
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(said());
    return said().includes('Running until Ctrl-C');
  }, 60_000);
  const run = readRunFile(state);
  if (run === undefined) throw new Error('up, and no run.json');
  onRecord();
  return run;
}

const portsOf = ({ address, uiUrl, mailUrl }: RunFile): readonly number[] =>
  [`http://${address}`, uiUrl, mailUrl].map((url) => Number(new URL(url).port));

async function expectGone(run: RunFile): Promise<void> {
  for (const { name, pid } of run.processes) expect([name, lives(pid)]).toEqual([name, false]);
  // Another instance on this machine may take the usual ones at once.
  for (const port of portsOf(run).filter((port) => ![7233, 8233, 8025].includes(port)))
    expect(await freePort(port)).toBe(port);
}

describe('an instance from start to start', () => {
  beforeAll(() => {
    state = fresh();
  });
  afterAll(endAll);

  test('is up with its addresses on record, for its owner’s eyes only; a second start there is refused in words', async () => {
    const first = up();
    const run = await untilUp(first);
    expect(run.processes.map(({ name }) => name)).toEqual([
      'temporal-server',
      'mail-catcher',
      'demo-shop',
      'stand-in',
      'worker',
    ]);
    expect(statSync(join(state, 'run.json')).mode & 0o077).toBe(0);
    expect(statSync(state).mode & 0o077).toBe(0);
    const second = await up().end;
    expect(second).toMatchObject({ code: 5, err: expect.stringContaining(`(process ${first.child.pid})`) });
    expect(second.err).not.toMatch(/\n\s+at /);
    for (const { pid } of run.processes) expect(lives(pid)).toBe(true);

    const client = await connect({ kind: 'embedded', address: run.address });
    await client.workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'kept', args: [] });
    await client.connection.close();

    first.child.kill('SIGKILL');
    await first.end;
    for (const { pid } of run.processes) expect(lives(pid)).toBe(true);
  });

  test('of an owner that was killed is swept by the next start, with every session', async () => {
    const left = onRecord();
    const again = up();
    const run = await untilUp(again);
    expect(again.said()).toContain('Ending what an earlier start left behind');
    for (const { pid } of left) expect(lives(pid)).toBe(false);
    expect(run.address === '127.0.0.1:7233' || again.said().includes('Port 7233 is taken')).toBe(true);
    const client = await connect({ kind: 'embedded', address: run.address });
    expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await client.connection.close();

    again.child.kill('SIGTERM');
    expect((await again.end).code).toBe(0);
    await expectGone(run);
    expect(existsSync(join(state, 'run.json'))).toBe(false);
  });

  test('takes other ports where its own are taken, and says which', async () => {
    const squat = spawn(process.execPath, [
      '-e',
      `for (const port of [7233, 8025]) require('node:net').createServer().on('error', () => {}).listen(port, '127.0.0.1'); console.log('ready')`,
    ]);
    await new Promise((resolve) => squat.stdout.once('data', resolve));
    const other = up();
    try {
      const run = await untilUp(other);
      expect(other.said()).toMatch(/Port 7233 is taken: the Temporal server listens on \d+/);
      expect(other.said()).toMatch(/Port 8025 is taken: the mail page listens on \d+/);
      expect(portsOf(run)).not.toContain(7233);
      other.child.kill('SIGINT');
      expect((await other.end).code).toBe(0);
      await expectGone(run);
    } finally {
      squat.kill('SIGKILL');
    }
  });

  test.each(['temporal-server', 'stand-in', 'worker'])(
    'Ctrl-C the moment %s exists leaves no process and no record',
    async (name) => {
      const begun = up();
      let found: readonly OwnProcess[] = [];
      await eventually(() => {
        found = onRecord();
        return found.some((ours) => ours.name === name);
      }, 60_000);
      begun.child.kill('SIGINT');
      const { code, err } = await begun.end;
      expect([0, 130]).toContain(code);
      expect(err).not.toMatch(/\n\s+at /);
      for (const { pid } of found) expect(lives(pid)).toBe(false);
      expect(existsSync(join(state, 'run.json'))).toBe(false);
    },
  );
});

describe('what a start finds', () => {
  beforeEach(() => {
    state = fresh();
  });
  afterEach(endAll);

  test('two starts at once: one is up, the other is refused', async () => {
    const both = [up(), up()];
    await eventually(() => both.some(({ child }) => child.exitCode !== null), 60_000);
    const [refused, other] = both[0]?.child.exitCode === null ? [both[1], both[0]] : both;
    expect(await refused?.end).toMatchObject({ code: 5, err: expect.stringContaining('already running') });
    if (other === undefined) throw new Error('none is left');
    const run = await untilUp(other);
    other.child.kill('SIGTERM');
    expect((await other.end).code).toBe(0);
    await expectGone(run);
  });

  test('a run file that names an innocent process, and one that is garbage: nobody is harmed, the start goes on', async () => {
    const innocent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' });
    try {
      const claim = { name: 'temporal-server', pid: innocent.pid, start: `${startOf(innocent.pid ?? 0)}0` };
      writeFileSync(join(state, 'run.json'), JSON.stringify({ owner: claim, processes: [claim, null, 7] }));
      writeFileSync(join(state, 'start.lock'), JSON.stringify(claim));
      const start = up();
      const run = await untilUp(start);
      expect(lives(innocent.pid ?? 0)).toBe(true);
      start.child.kill('SIGTERM');
      await start.end;
      await expectGone(run);
    } finally {
      innocent.kill('SIGKILL');
    }
  });

  test('a state folder that cannot be one is told in a sentence', async () => {
    const folder = state;
    writeFileSync(join(folder, 'file'), '');
    state = join(folder, 'file');
    const failed = await up().end;
    state = folder;
    expect(failed).toMatchObject({ code: 5, err: expect.stringContaining('name another with --state') });
    expect(failed.err).not.toMatch(/\n\s+at /);
  });

  test('a database that is damaged: the start fails in words and leaves no process and no record', async () => {
    writeFileSync(join(state, 'temporal.db'), 'no database '.repeat(1000));
    const failed = await up().end;
    expect(failed.code).not.toBe(0);
    expect(failed.err).toContain('temporal.log');
    expect(failed.err).not.toMatch(/\n\s+at /);
    expect(existsSync(join(state, 'run.json'))).toBe(false);
  });
});

describe('the model of an instance', () => {
  test('S10: without a key no worker has the model role, so that no conversation leaves the house', async () => {
    const household = (env: Record<string, string>): Parameters<typeof startModel>[0] => ({
      state: 'nowhere',
      env,
      signal: new AbortController().signal,
      record: () => undefined,
      tellPort: () => undefined,
    });
    const without = await startModel(household({ ANTHROPIC_API_KEY: '' }), false);
    expect(without.roles).not.toContain('model');
    expect(without.env).not.toHaveProperty('ANTHROPIC_API_KEY');
    expect((await startModel(household({ ANTHROPIC_API_KEY: 'k' }), false)).roles).toContain('model');
  });
});

describe('the files of a first start', () => {
  beforeEach(() => {
    state = fresh();
  });
  afterEach(endAll);

  test('an owner’s key whose directory was not written any more is taken up, not replaced', () => {
    const key = writeNewKey(join(state, 'keys', 'owner.pem'));
    const pem = readFileSync(join(state, 'keys', 'owner.pem'), 'utf8');
    const { approversFile, keyFile } = ensureOwner(state, false);
    expect(readFileSync(approversFile, 'utf8')).toContain(key.publicText);
    expect(readFileSync(keyFile, 'utf8')).toBe(pem);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  test('an owner’s key and directory are made once', () => {
    const { approversFile, keyFile } = ensureOwner(state, true);
    const before = [keyFile, approversFile].map((file) => readFileSync(file, 'utf8'));
    ensureOwner(state, true);
    expect([keyFile, approversFile].map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    expect(() => writeNewKey(keyFile)).toThrow('never overwritten');
  });

  test('declared tools are those that are named, else those of the state folder; the example’s come with its policy alone', () => {
    const home = join(state, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'policy.yaml'), 'version: 1\n');
    expect(layOutFiles(home, false, {}).toolsFile).toBeUndefined();
    writeFileSync(join(home, 'tools.yaml'), 'version: 1\ntools: []\n');
    expect(layOutFiles(home, false, {}).toolsFile).toBe(join(home, 'tools.yaml'));
    const named = join(state, 'named.yaml');
    writeFileSync(named, '');
    expect(layOutFiles(home, false, { COUNTERSIGN_TOOLS: named }).toolsFile).toBe(named);
  });

  test('S2: a policy, tools or a workspace that the environment names and that is not there is refused, not made', () => {
    for (const name of ['COUNTERSIGN_POLICY', 'COUNTERSIGN_TOOLS', 'COUNTERSIGN_WORKSPACE']) {
      const path = join(state, 'mistyped');
      expect(() => layOutFiles(join(state, 'home'), false, { [name]: path })).toThrow(`${name} names ${path}`);
      expect(existsSync(path)).toBe(false);
    }
  });

  test('half a workspace of an interrupted start is not taken for the person’s', () => {
    mkdirSync(join(state, 'workspace.part', 'notes'), { recursive: true });
    const { workspace, policyFile } = layOutFiles(state, false, {});
    expect(existsSync(join(workspace, 'notes', 'meeting.md'))).toBe(true);
    expect(existsSync(policyFile)).toBe(true);
    expect(existsSync(join(state, 'workspace.part'))).toBe(false);
  });
});
