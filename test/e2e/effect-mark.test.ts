import { describe, expect, test } from '@jest/globals';
import Long from 'long';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { BELL_POLICY, OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { refusal, sessionOf, startHarness, until, verdict } from '../support/harness.ts';
import { leave } from '../support/what-became.ts';

useBellHarness(OPEN_POLICY);

/** The `temporal activity …` commands that an operator may give, by the same RPCs. */
async function operate(session: Session, call: 'pause' | 'unpause'): Promise<void> {
  const { workflowService } = harness.client;
  const request = { namespace: 'default', execution: { workflowId: session.workflowId }, id: 'c1' };
  await (call === 'pause' ? workflowService.pauseActivity(request) : workflowService.unpauseActivity(request));
}

/** `temporal workflow reset` to the first workflow task, or to another. */
async function reset(session: Session, eventId = Long.fromNumber(4)): Promise<string> {
  const { runId } = await harness.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: session.workflowId },
    workflowTaskFinishEventId: eventId,
    requestId: `reset-${session.workflowId}`,
    reason: 'test',
  });
  return runId;
}

describe('an approved read', () => {
  test('S4, S7: is made once: an attempt that broke off is not made again on the same approval', async () => {
    harness.writePolicy(BELL_POLICY.replace('tool: hear_bell, allow: {}', 'tool: hear_bell, ask: {}'));
    const heard: string[] = [];
    bell.hear = (text) => {
      heard.push(text);
      throw new Error('the worker was lost');
    };
    const session = await harness.start({ goal: 'hear', actions: [{ tool: 'hear_bell', input: { text: 'noon' } }] });
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    await leave(session, harness.alice);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'unknown' }, { callId: 'c1-2' }] });
    expect(heard).toEqual(['noon']);
    bell.hear = undefined;
    harness.writePolicy(BELL_POLICY);
  });
});

describe('the effect mark (S7)', () => {
  test('a tool that breaks off while acting ends as unknown and is not tried again', async () => {
    let tries = 0;
    bell.perform = () => {
      tries += 1;
      throw new Error('broke off');
    };
    const session = await harness.start(ringing('x'));
    await leave(session, harness.alice);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'unknown' }, { callId: 'c1-2' }] });
    expect(tries).toBe(1);
  });

  test.each(['done', 'failed', 'unknown'] as const)('%s: recorded, however much the tool says', async (kind) => {
    const said = '\u0001'.repeat(3_000_000);
    bell.perform = () => Promise.resolve({ kind, text: said, why: said, evidence: {} });
    const session = await harness.start(ringing('x'));
    if (kind === 'unknown') await leave(session, harness.alice);
    const result = await session.result();
    expect(result.actions[0]?.outcome).toBe(kind);
    expect(JSON.stringify(result).includes('the result has 3000000 characters')).toBe(true);
  });

  test('a tool that surely did nothing is tried again', async () => {
    let tries = 0;
    bell.perform = (text) => {
      tries += 1;
      if (tries === 1) return Promise.resolve({ kind: 'notPerformed', why: 'refused at the door' });
      bell.rung.push(text);
      return Promise.resolve({ kind: 'done', text, evidence: {} });
    };
    const session = await harness.start(ringing('x'));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['x']);
  });

  test('also after it has beaten for a while: a beat that was held back does not restore the mark', async () => {
    let tries = 0;
    bell.perform = async (text) => {
      tries += 1;
      if (tries === 1) {
        await new Promise((resolve) => setTimeout(resolve, 1600));
        return { kind: 'notPerformed', why: 'refused at the door, slowly' };
      }
      bell.rung.push(text);
      return { kind: 'done', text, evidence: {} };
    };
    const session = await harness.start(ringing('slow door'));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['slow door']);
  });

  test('an attempt that was given up and wakes before its mark performs nothing: its successor owns the action', async () => {
    let attempts = 0;
    let wake = (): void => undefined;
    bell.beforePrepare = () => {
      attempts += 1;
      return attempts === 1 ? new Promise((resolve) => (wake = resolve)) : Promise.resolve();
    };
    const session = await harness.start(ringing('once'));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    wake();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(attempts).toBe(2);
    expect(bell.rung).toEqual(['once']);
  });

  test('a frozen process that wakes long after its mark performs nothing in that attempt', async () => {
    const clock = { looks: 0, now: 0 };
    const frozen = await startHarness({
      policy: OPEN_POLICY,
      tools: bell.tools,
      // Looks of one attempt: at its start, while preparing, before the mark, after it. The last one finds 10 s gone.
      guard: {
        monotonic: () => {
          clock.looks += 1;
          if (clock.looks === 4) clock.now += 10_000;
          return clock.now;
        },
      },
    });
    const session = await frozen.start(ringing('late'));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    const { events } = await session.handle.fetchHistory();
    const attempts = events?.flatMap((event) => event.activityTaskStartedEventAttributes?.attempt ?? []);
    await frozen.stop();
    expect(attempts).toEqual([1, 2]);
    expect(bell.rung).toEqual(['late']);
  });

  test('a pause before the mark holds the effect back until it is lifted, and then it happens once', async () => {
    let prepared = 0;
    let go = (): void => undefined;
    bell.beforePrepare = () => {
      prepared += 1;
      return prepared === 1 ? new Promise((resolve) => (go = resolve)) : Promise.resolve();
    };
    const session = await harness.start(ringing('paused'));
    await until(async () => (prepared === 1 ? true : undefined));
    await operate(session, 'pause');
    go();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(bell.rung).toEqual([]);
    await operate(session, 'unpause');
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['paused']);
  });

  test('a session cancelled between preparing and the mark performs nothing and says so', async () => {
    let go = (): void => undefined;
    let prepared = false;
    bell.beforePrepare = () => {
      prepared = true;
      return new Promise((resolve) => (go = resolve));
    };
    const session = await harness.start(ringing('cancelled'));
    await until(async () => (prepared ? true : undefined));
    await session.handle.cancel();
    await until(async () => {
      const { events } = await session.handle.fetchHistory();
      return (
        events?.some((event) => (event.activityTaskCancelRequestedEventAttributes ?? null) !== null) === true ||
        undefined
      );
    });
    go();
    expect(await session.result()).toMatchObject({ end: 'cancelled', actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('an action that ended unknown asks before it is tried again, and the question says why', async () => {
    bell.perform = () => Promise.resolve({ kind: 'unknown', why: 'the line went dead' });
    let thoughts = 0;
    const think = (): Promise<unknown> => {
      thoughts += 1;
      const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
      const call = { type: 'tool_use', id: `t${thoughts}`, name: 'ring_bell', input: { text: 'same' } };
      const over = { content: [{ type: 'text', text: 'over' }], stopReason: 'end_turn' };
      const more = { content: [call], stopReason: 'tool_use' };
      return Promise.resolve({ ...(thoughts > 2 ? over : more), usage, model: 'm', requestId: 'r' });
    };
    const soon = OPEN_POLICY.replace(/^approval: .*$/m, 'approval: { by: [owner], expires: 2s }');
    const thinking = await startHarness({ policy: soon, tools: bell.tools, think });
    const session = await thinking.start({ goal: 'ring twice' });
    expect((await session.request()).callId).toBe('c1-2');
    // Nobody says what became of it; the model tries by itself.
    thinking.writePolicy(OPEN_POLICY);
    const request = await until(async () => (await session.waiting()).find(({ callId }) => callId === 'c2'));
    expect(request.why).toContain('CAUTION');
    bell.perform = undefined;
    await session.update(verdict(request, 'approve', thinking.alice));
    const outcomes = (await session.result()).actions.map(({ callId, outcome }) => `${callId} ${outcome}`);
    expect(outcomes).toEqual(['c1 unknown', 'c1-2 denied', 'c2 done']);
    await thinking.stop();
  });
});

describe('a workflow reset', () => {
  test('S4: does not carry out an approved action a second time: it is asked anew', async () => {
    harness.writePolicy(BELL_POLICY);
    const session = await harness.start(ringing('once'));
    await session.signal(verdict(await session.request(), 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['once']);
    const runId = await reset(session);
    const again = await session.request();
    expect(again.id.startsWith(`${runId}/`)).toBe(true);
    expect(bell.rung).toEqual(['once']);
    await session.update(verdict(again, 'deny', harness.alice));
    await harness.client.workflow.getHandle(session.workflowId).result();
    expect(bell.rung).toEqual(['once']);
  });

  test('S4: turns what was allowed into a question', async () => {
    const session = await harness.start(ringing('open'));
    await session.result();
    await reset(session);
    const request = await session.request();
    expect(request.why).toContain('reset');
    await session.update(verdict(request, 'deny', harness.alice));
    await harness.client.workflow.getHandle(session.workflowId).result();
    expect(bell.rung).toEqual(['open']);
  });
});

describe('a workflow reset while a request is shown', () => {
  /** A request of the run that was reset, still shown by the one that goes on. */
  async function shownFromBefore(text: string): Promise<{ session: Session; request: ApprovalRequest }> {
    harness.writePolicy(BELL_POLICY);
    const session = await harness.start(ringing(text));
    const request = await session.request();
    const { events } = await session.handle.fetchHistory();
    const lastTask = events?.findLast(
      ({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes,
    );
    const runId = await reset(session, lastTask?.eventId ?? undefined);
    const shown = await session.request();
    expect(shown).toEqual(request);
    expect(shown.id.startsWith(runId)).toBe(false);
    // The handle of the first run would wait for that run alone.
    return { session: sessionOf(harness.client.workflow.getHandle(session.workflowId)), request };
  }

  test('S6: a denial of what is still shown from the run before denies', async () => {
    const { session, request } = await shownFromBefore('before');
    expect(await session.update(verdict(request, 'deny', harness.bob))).toMatchObject({ outcome: 'denied' });
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('S4, S5: its approval, and a denial that nobody entitled signed, are refused, and it is asked anew', async () => {
    const { session, request } = await shownFromBefore('anew');
    expect(await refusal(session.update(verdict(request, 'deny', harness.stranger)))).toMatch(/changed|directory/);
    const newer = await until(async () => (await session.state()).waiting.find(({ id }) => id !== request.id));
    expect(await refusal(session.update(verdict(request, 'approve', harness.alice)))).toContain('closed');
    expect(bell.rung).toEqual([]);
    await session.update(verdict(newer, 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['anew']);
  });

  test('S4: an approval of it alone carries nothing out', async () => {
    const { session, request } = await shownFromBefore('alone');
    expect(await refusal(session.update(verdict(request, 'approve', harness.alice)))).toMatch(/changed/);
    const newer = await until(async () => (await session.state()).waiting.find(({ id }) => id !== request.id));
    expect(bell.rung).toEqual([]);
    await session.update(verdict(newer, 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });
});

describe('who may call a tool (S1)', () => {
  test('an activity started without a session, or by another workflow, is refused before anything is looked at', async () => {
    const input = { callId: 'c1', input: { text: 'x' }, profile: 'ringer', originalRunId: 'r', chainId: 'r' };
    const standing = { actions: {}, sums: {}, unknown: [], unknownTools: [], denied: [], grants: [], labels: [] };
    const handle = await harness.client.activity.start('ring_bell', {
      id: `alone-${harness.taskQueue}`,
      taskQueue: `${harness.taskQueue}-web`,
      args: [{ ...input, standing }],
      startToCloseTimeout: '5s',
    });
    await expect(handle.result()).rejects.toThrow();
    expect(bell.rung).toEqual([]);
  });
});
