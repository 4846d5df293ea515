import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BELL_POLICY } from '../support/bell.ts';
import { answerTo, sendVerdict } from '../../src/client/approvals.ts';
import { questionOf } from '../support/what-became.ts';
import { until, verdict } from '../support/harness.ts';
import { actions, bell, cli, harness, log, ring, useBellAtCli } from './bell-at-cli.ts';

useBellAtCli();

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

  test.each([
    ['happened', 'happened', 'answered in c1-2: it happened, says alice'],
    ['approve', 'again', 'tried again in c1-2: done'],
    ['deny', 'left', 'left unknown in c1-2, says alice'],
  ] as const)('S7: the row of an action that ended unknown says what was answered: %s', async (answer, said, words) => {
    bell.perform = () => Promise.resolve({ kind: 'unknown', why: 'no answer' });
    const session = await harness.start(ring('fog'));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    const asked = await questionOf(session);
    expect(actions(await log(session))[0]).toMatchObject({ question: { callId: 'c1-2', said: null, by: null } });
    bell.perform = undefined;
    await sendVerdict(harness.client, session.workflowId, answerTo(asked, answer, harness.alice));
    await session.result();
    const [first, second] = actions(await log(session));
    expect(first).toMatchObject({ outcome: 'unknown', question: { callId: 'c1-2', said, by: 'alice' } });
    expect(second).toMatchObject({ callId: 'c1-2', question: null });
    expect((await cli('log', session.workflowId)).out).toContain(words);
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
    expect(told[1]?.text).toContain('it is offered no tool of that name');
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
    expect(actions(await log(session))).toMatchObject([{ outcome: 'done', runId }]);
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
    const { runId: runOfNow } = await session.handle.describe();
    expect(runOfNow).not.toBe(runId);
    expect(actions(rows)).toMatchObject([{ outcome: 'waiting', runId: runOfNow }]);
    const told = rows.flatMap((row) => (row.kind === 'verdict' ? [row] : []));
    expect(told.map(({ fate }) => fate)).not.toContain('settled');
    expect(bell.rung).toEqual(['reset']);
    await session.handle.terminate();
  });
});
