import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRow, LogRow } from '../../src/client/log-row.ts';
import { sendVerdict } from '../../src/client/approvals.ts';
import { waitingRequests } from '../../src/client/find-request.ts';
import { viewSession } from '../../src/client/sessions.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import type { Bell } from '../support/bell.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, testAddress, until, verdict } from '../support/harness.ts';
import type { Ran } from './run-cli.ts';
import { runCli, startCli } from './run-cli.ts';

let bell: Bell;
let harness: Harness;
let key: string;

beforeAll(async () => {
  bell = createBell();
  harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools });
  key = join(harness.directory, 'alice.pem');
  writeFileSync(key, privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
});
afterAll(() => harness.stop());
beforeEach(() => {
  bell.rung.length = 0;
  bell.perform = undefined;
  bell.beforePrepare = undefined;
});

const argvOf = (...argv: readonly string[]): readonly string[] => [
  '--address',
  testAddress(),
  '--task-queue',
  harness.taskQueue,
  '--state',
  harness.directory,
  ...argv,
];
const cli = (...argv: readonly string[]): Promise<Ran> => runCli(argvOf(...argv));

const ring = (...texts: readonly string[]): Record<string, unknown> => ({
  goal: 'ring',
  actions: texts.map((text) => ({ tool: 'ring_bell', input: { text } })),
});

/** The log as its readers get it. */
async function log(session: Session): Promise<readonly LogRow[]> {
  const { code, out } = await cli('log', session.workflowId, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as readonly LogRow[];
}
const actions = (rows: readonly LogRow[]): readonly ActionRow[] => rows.filter((row) => row.kind === 'action');

/** Waits until visibility has caught up with a session. */
const listed = (session: Session): Promise<true> =>
  until(async () => ((await cli('sessions', '--json')).out.includes(session.workflowId) ? true : undefined));

describe('answering at the command line', () => {
  test('S4: without a terminal an approval names the digest that was looked at', async () => {
    const session = await harness.start(ring('noon'));
    const { digest } = await session.request();
    await listed(session);
    const name = `${session.workflowId}/c1`;
    expect(await cli('approve', name, '--key', key)).toMatchObject({ code: 5, err: expect.stringContaining(digest) });
    expect(await cli('approve', name, '--key', key, '--digest', 'e'.repeat(64))).toMatchObject({ code: 5 });
    expect(bell.rung).toEqual([]);
    const ran = await cli('approve', name, '--key', key, '--digest', digest);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('the action is now: done') });
    expect(bell.rung).toEqual(['noon']);
    await session.result();
    expect(await cli('approve', name, '--key', key, '--digest', digest)).toMatchObject({ code: 3 });
    expect(bell.rung).toEqual(['noon']);
  });

  test('S6: a denial reaches the session with its reason', async () => {
    const session = await harness.start(ring('night'));
    await session.request();
    await listed(session);
    const ran = await cli('deny', session.workflowId, '--key', key, '--reason', 'people sleep');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('denied') });
    expect((await session.result()).text).toContain('people sleep');
  });

  test('sign prints the verdict to standard output and nothing else; any client can send it', async () => {
    const session = await harness.start(ring('pasted'));
    const { id, digest } = await session.request();
    await listed(session);
    const other = await cli('sign', id, 'approve', '--key', key, '--digest', 'e'.repeat(64));
    expect(other).toMatchObject({ code: 5, out: '' });
    const { code, out } = await cli('sign', id, 'approve', '--key', key, '--digest', digest);
    expect(code).toBe(0);
    expect(out).toMatch(/^\{\n {2}"requestId"/);
    await session.update(JSON.parse(out));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
  });

  test('S4: without a terminal sign, too, approves only the digest that was looked at; a denial needs none', async () => {
    const session = await harness.start(ring('unseen'));
    const { id, digest } = await session.request();
    const unseen = await cli('sign', id, 'approve', '--key', key);
    expect(unseen).toMatchObject({ code: 5, out: '', err: expect.stringContaining(`--digest ${digest}`) });
    expect(await cli('sign', id, 'deny', '--key', key)).toMatchObject({ code: 0 });
    await session.handle.terminate();
  });

  test.each<[string, string, number]>([
    ['y', 'approve', 0],
    ['Enter', '', 1],
    ['n', '', 1],
  ])(
    'S4: at a terminal sign shows the request and asks, beside the output that is redirected: %s',
    async (pressed, decision, exit) => {
      const session = await harness.start(ring('asked aside'));
      const { id, digest } = await session.request();
      const terminal = fakeTerminal();
      try {
        const { said, done } = startCli(argvOf('sign', id, 'approve', '--key', key));
        await until(() => Promise.resolve(said.err.includes('[y]es') ? true : undefined));
        expect(said.err).toContain(digest);
        terminal.press(pressed === 'Enter' ? '\r' : pressed);
        const { code, out } = await done;
        expect(code).toBe(exit);
        expect(out === '' ? '' : (JSON.parse(out) as { decision: string }).decision).toBe(decision);
      } finally {
        terminal.remove();
      }
      await session.handle.terminate();
    },
  );

  test('S5: a refusal of the guard is exit code 5 with its reason', async () => {
    const session = await harness.start(ring('fraud'));
    const { digest } = await session.request();
    await listed(session);
    const strange = join(harness.directory, 'stranger.pem');
    writeFileSync(strange, privateKeyPem(harness.stranger.privateKey), { mode: 0o600 });
    const ran = await cli('approve', session.workflowId, '--key', strange, '--as', 'alice', '--digest', digest);
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('approver directory') });
    expect(bell.rung).toEqual([]);
    await session.handle.terminate();
  });

  test('a verdict whose answer was lost gets the first answer when it is sent again, not "received before"', async () => {
    const session = await harness.start(ring('lost'));
    const request = await session.request();
    const flaky = dropFirstAnswer(harness.client);
    const delivery = await sendVerdict(flaky, session.workflowId, verdict(request, 'approve', harness.alice));
    expect(delivery).toMatchObject({ kind: 'counted', receipt: { outcome: 'done' } });
    expect(bell.rung).toEqual(['lost']);
  });

  test('a session that is over is gone, one that does not answer in time is unanswered', async () => {
    const session = await harness.start(ring('slow'));
    const request = await session.request();
    const approval = verdict(request, 'approve', harness.alice);
    let go = (): void => undefined;
    bell.beforePrepare = () => new Promise((resolve) => (go = resolve));
    expect(await sendVerdict(harness.client, session.workflowId, approval, 500)).toEqual({ kind: 'unanswered' });
    go();
    await session.result();
    expect(await sendVerdict(harness.client, session.workflowId, approval)).toMatchObject({ kind: 'gone' });
    expect(bell.rung).toEqual(['slow']);
  });
});

/** A person at the keyboard who has redirected standard output. */
function fakeTerminal(): { press(key: string): void; remove(): void } {
  const { stdin, stderr } = process;
  const faked: readonly (readonly [object, string, unknown])[] = [
    [stdin, 'isTTY', true],
    [stderr, 'isTTY', true],
    [stdin, 'setRawMode', () => stdin],
    // What the tests themselves were started with may be at its end.
    [stdin, 'resume', () => stdin],
  ];
  const before = faked.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
  for (const [target, name, value] of faked) Object.defineProperty(target, name, { value, configurable: true });
  return {
    press: (typed) => void stdin.emit('data', Buffer.from(typed)),
    remove: () => {
      for (const [position, [target, name]] of faked.entries()) {
        const own = before[position];
        if (own === undefined) Reflect.deleteProperty(target, name);
        else Object.defineProperty(target, name, own);
      }
    },
  };
}

/** The first update arrives and its answer is lost on the way back. */
function dropFirstAnswer(client: Harness['client']): Harness['client'] {
  let dropped = false;
  const workflow = Object.create(client.workflow) as typeof client.workflow;
  workflow.getHandle = ((id: string) => {
    const handle = client.workflow.getHandle(id);
    return Object.assign(Object.create(handle) as typeof handle, {
      executeUpdate: async (...args: Parameters<typeof handle.executeUpdate>) => {
        const answer: unknown = await handle.executeUpdate(...args);
        if (dropped) return answer;
        dropped = true;
        throw Object.assign(new Error('unavailable'), { code: 14, details: 'gone', metadata: {} });
      },
    });
  }) as typeof workflow.getHandle;
  return new Proxy(client, {
    get: (target, name) => (name === 'workflow' ? workflow : (Reflect.get(target, name) as unknown)),
  });
}

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

describe('the log (S9)', () => {
  test('a terminated session shows what was scheduled and has no result as unknown, without any worker', async () => {
    let go = (): void => undefined;
    bell.perform = () => new Promise((resolve) => (go = () => resolve({ kind: 'unknown', why: 'late' })));
    const session = await harness.start(ring('cut off'));
    void session.update(verdict(await session.request(), 'approve', harness.alice)).catch(() => undefined);
    await until(async () => ((await session.state()).actions[0]?.outcome === 'running' ? true : undefined));
    await session.handle.terminate('enough');
    go();
    await harness.stopWorkers();
    try {
      const rows = await log(session);
      expect(actions(rows)).toMatchObject([{ callId: 'c1', outcome: 'unknown', requests: [{ summary: 'cut off' }] }]);
      expect(rows.at(-1)).toMatchObject({ kind: 'ended', how: 'terminated', why: expect.stringContaining('enough') });
    } finally {
      await harness.startWorkers();
    }
  });

  test('it agrees with the session’s own result, action by action', async () => {
    const session = await harness.start({
      goal: 'many ends',
      actions: [
        { tool: 'hear_bell', input: { text: 'x' } },
        { tool: 'no_such_tool', input: {} },
        { tool: 'ring_bell', input: { text: 7 } },
        { tool: 'ring_bell', input: { text: 'asked' } },
      ],
    });
    await session.update(verdict(await session.request(), 'deny', harness.bob));
    const { actions: ended } = await session.result();
    const told = actions(await log(session));
    expect(told.map(({ callId, tool, outcome }) => ({ callId, tool, outcome }))).toEqual(ended);
    expect(told.map(({ outcome }) => outcome)).toEqual(['done', 'denied', 'denied', 'denied']);
  });

  test('S5: a forged approval and the real one are told apart', async () => {
    const session = await harness.start(ring('twice'));
    const request = await session.request();
    await session.signal(verdict(request, 'approve', harness.stranger));
    await session.update(verdict(request, 'approve', harness.alice));
    await session.result();
    const fates = (await log(session)).flatMap((row) => (row.kind === 'verdict' ? [row.fate] : []));
    expect(fates).toEqual(['refused', 'settled']);
    const { out } = await cli('log', session.workflowId);
    expect(out).toMatch(/signed: approve by alice \(key [0-9a-f]{16}\)/);
    expect(out).toMatch(/policy [0-9a-f]{12}/);
  });

  test('S6: a request that expired in a session that goes on is denied, not waiting', async () => {
    harness.writePolicy(BELL_POLICY.replaceAll('expires: 1h', 'expires: 1s'));
    // The first is asked about; the other is held in its preparation, so that the session goes on.
    let prepared = 0;
    let go = (): void => undefined;
    bell.beforePrepare = () => {
      prepared += 1;
      return prepared === 1 ? Promise.resolve() : new Promise((resolve) => (go = resolve));
    };
    const session = await harness.start(ring('silence', 'held'));
    await until(async () => ((await session.state()).closed.length > 0 ? true : undefined));
    harness.writePolicy(BELL_POLICY);
    expect(
      actions(await log(session))
        .map(({ outcome }) => outcome)
        .toSorted(),
    ).toEqual(['denied', 'running']);
    const row = actions(await log(session)).find(({ outcome }) => outcome === 'denied');
    expect(row?.text).toContain('silence is denial');
    await session.handle.terminate();
    go();
  });

  test('an exported history tells the same story as the server', async () => {
    const session = await harness.start(ring('exported'));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    await session.result();
    const { historyToJSON } = await import('@temporalio/common/lib/proto-utils.js');
    const file = join(harness.directory, 'history.json');
    writeFileSync(file, historyToJSON(await session.handle.fetchHistory()));
    const { code, out } = await cli('log', '--history', file, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(await log(session));
  });

  test('a reset session says where it was reset, and asks anew', async () => {
    const session = await harness.start(ring('reset'));
    const first = await session.request();
    await session.update(verdict(first, 'approve', harness.alice));
    await session.result();
    const { runId } = await session.handle.describe();
    const history = await session.handle.fetchHistory();
    const workflowTask = history.events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    await harness.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: session.workflowId, runId },
      workflowTaskFinishEventId: workflowTask ?? null,
      requestId: `reset-${session.workflowId}`,
      reason: 'again',
    });
    await until(async () => ((await session.state()).waiting[0] !== undefined ? true : undefined));
    const rows = await log(session);
    expect(rows).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'reset', ofRun: runId })]));
    expect(actions(rows)).toMatchObject([{ outcome: 'waiting' }]);
    const told = rows.flatMap((row) => (row.kind === 'verdict' ? [row] : []));
    expect(told.map(({ fate }) => fate)).not.toContain('settled');
    expect(bell.rung).toEqual(['reset']);
    await session.handle.terminate();
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
