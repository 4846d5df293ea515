import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendVerdict } from '../../src/client/approvals.ts';
import { waitingRequests } from '../../src/client/find-request.ts';
import { viewSession } from '../../src/client/sessions.ts';
import { until, verdict } from '../support/harness.ts';
import type { Ran } from './run-cli.ts';
import { startCli } from './run-cli.ts';
import { actions, argvOf, bell, cli, harness, key, listed, log, ring, useBellAtCli } from './bell-at-cli.ts';

useBellAtCli();

describe('what is shown', () => {
  const EVIL = 'evil\u001b[2J\u009b1m\u202Etxt';

  test('S11: no control or bidi character of a session reaches the terminal, from any command', async () => {
    const session = await harness.start({
      goal: `goal ${EVIL}`,
      actions: [
        { tool: EVIL, input: { [EVIL]: EVIL } },
        { tool: 'ring_bell', input: { text: EVIL } },
      ],
    });
    await session.request();
    await session.signal({ requestId: EVIL, digest: EVIL, reason: EVIL });
    await harness.client.workflow.getHandle(session.workflowId).signal(EVIL, EVIL);
    await listed(session);
    const all: Ran[] = [];
    for (const json of [[], ['--json']]) {
      for (const argv of [['sessions'], ['show', session.workflowId], ['log', session.workflowId]])
        all.push(await cli(...argv, ...json));
      // 4 where other tests left sessions that nobody serves.
      all.push({ ...(await cli('approvals', ...json)), code: 0 });
    }
    all.push(await cli('sign', `${session.workflowId}/c2`, 'deny', '--key', key, '--reason', EVIL));
    await session.handle.terminate(EVIL);
    all.push(await cli('log', session.workflowId), await cli('show', session.workflowId));
    for (const { code, out, err } of all) {
      expect(code).toBe(0);
      // eslint-disable-next-line no-control-regex -- what must not reach a terminal
      expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    }
  });

  test('what is being retried shows its attempt, its last failure and its next try', async () => {
    const session = await harness.start(ring('broken'));
    bell.beforePrepare = () => Promise.reject(new Error('the bell tower is locked'));
    const ran = await until(async () => {
      const shown = await cli('show', session.workflowId);
      return /attempt [2-9]/.test(shown.out) && shown.out.includes('next try in') ? shown : undefined;
    });
    expect(ran.out).toMatch(/pending: ring_bell, attempt \d, last: .+, next try in \d s/);
    await session.handle.terminate();
  });

  test('where no worker answers, approvals and show say so: it is not "nothing waits"', async () => {
    const session = await harness.start(ring('orphan'));
    await session.request();
    await listed(session);
    await harness.stopWorkers();
    try {
      const [approvals, show] = [await cli('approvals'), await cli('show', session.workflowId)];
      expect(approvals.code).toBe(4);
      expect(approvals.err).toContain('No worker answers');
      expect(approvals.out).not.toContain('Nothing waits');
      expect(show.out).toContain('No worker answers');
      expect(show.out).toContain(`See "countersign doctor --task-queue ${harness.taskQueue}" and`);
      expect(actions(await log(session))).toMatchObject([{ outcome: 'waiting' }]);
    } finally {
      await harness.startWorkers();
    }
    await session.handle.terminate();
  });

  test('a workflow that is no session is neither shown nor cancelled', async () => {
    const id = `${harness.taskQueue}-stranger`;
    const handle = await harness.client.workflow.start('somethingElse', { taskQueue: 'nobody', workflowId: id });
    for (const command of ['show', 'cancel', 'log']) expect(await cli(command, id)).toMatchObject({ code: 3 });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });
});

describe('following', () => {
  test('act runs one action through the guard and ends with its outcome', async () => {
    const ran = await cli('act', 'hear_bell', '--input', '{"text":"x"}');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('heard x') });
    expect(await cli('act', 'no_such', '--input', '{}')).toMatchObject({ code: 1 });
  });

  test('--json is one object a line, with the request in it; nobody is asked', async () => {
    const { said, done } = startCli(argvOf('act', 'ring_bell', '--input', '{"text":"json"}', '--json'));
    const request = await until(async () => {
      if (!said.out.includes('"event":"request"')) return undefined;
      return (await waitingRequests(harness.client)).requests.find(({ summary }) => summary === 'json');
    });
    await sendVerdict(harness.client, request.workflowId, verdict(request, 'approve', harness.alice));
    const { code, out } = await done;
    const events = out
      .trim()
      .split('\n')
      .map((each) => (JSON.parse(each) as { event?: string }).event);
    expect(code).toBe(0);
    expect(events[0]).toBe('started');
    expect(events).toContain('request');
    expect(events.at(-1)).toBe('ended');
  });

  test('a file of tool calls runs without a model', async () => {
    const file = join(harness.directory, 'calls.json');
    writeFileSync(file, JSON.stringify([{ tool: 'hear_bell', input: { text: 'from a file' } }]));
    const ran = await cli('run', 'listen', '--actions', file);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('heard from a file') });
  });

  test('--detach prints the session and ends', async () => {
    const { code, out } = await cli('act', 'hear_bell', '--input', '{"text":"x"}', '--detach', '--json');
    expect(code).toBe(0);
    const { session } = JSON.parse(out) as { session: string };
    expect(await harness.client.workflow.getHandle(session).result()).toMatchObject({ end: 'completed' });
  });

  test('cancel ends a session; what waited is denied', async () => {
    const session = await harness.start(ring('cancelled'));
    await session.request();
    expect(await cli('cancel', session.workflowId)).toMatchObject({ code: 0 });
    expect(await session.result()).toMatchObject({ end: 'cancelled' });
    expect((await viewSession(harness.client, session.handle)).ending).toMatchObject({ end: 'cancelled' });
    expect(actions(await log(session))).toMatchObject([{ outcome: 'denied' }]);
  });
});
