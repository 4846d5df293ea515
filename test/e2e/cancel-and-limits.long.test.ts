import { describe, expect, test } from '@jest/globals';
import { OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import { refusal, startHarness, until, verdict } from '../support/harness.ts';

useBellHarness();

describe('a cancel', () => {
  test('S6: while requests wait closes them as cancelled, and nothing is done', async () => {
    const session = await harness.start(ringing('a', 'b'));
    const [request] = await session.waiting(2);
    await session.handle.cancel();
    expect(await session.result()).toMatchObject({
      end: 'cancelled',
      actions: [{ outcome: 'denied' }, { outcome: 'denied' }],
    });
    expect((await session.state()).closed.map(({ closing }) => closing)).toEqual(['cancelled', 'cancelled']);
    await expect(
      session.signal(verdict(request ?? { id: '', digest: '' }, 'approve', harness.alice)),
    ).rejects.toThrow();
    expect(bell.rung).toEqual([]);
  });

  test('while a tool runs reaches it, waits for it and records what it says', async () => {
    harness.writePolicy(OPEN_POLICY);
    let begun = false;
    bell.perform = (text, signal) => {
      begun = true;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'unknown', why: `${text} was cut off` }));
      });
    };
    const session = await harness.start(ringing('long'));
    await until(async () => begun || undefined);
    await session.handle.cancel();
    expect(await session.result()).toMatchObject({ end: 'cancelled', actions: [{ outcome: 'unknown' }] });
  });

  test('S7: before any worker took the action up leaves nothing done; the server’s silence is a doubt, never a claim', async () => {
    const only = await startHarness({ policy: OPEN_POLICY, tools: bell.tools, roles: ['workflow'] });
    const session = await only.start({
      goal: 'never',
      actions: [
        { tool: 'ring_bell', input: { text: 'never' } },
        { tool: 'hear_bell', input: { text: 'never' } },
      ],
    });
    await until(async () => ((await session.state()).phase === 'acting' ? true : undefined));
    await session.handle.cancel();
    expect(await session.result()).toMatchObject({
      end: 'cancelled',
      actions: [{ outcome: 'unknown' }, { outcome: 'failed' }],
    });
    await only.stop();
    expect(bell.rung).toEqual([]);
  });
});

describe('a cancel after the mark', () => {
  test('S7: when the worker that set the mark is gone, the outcome is unknown, never denied', async () => {
    harness.writePolicy(OPEN_POLICY);
    let begun = 0;
    bell.perform = () => {
      begun += 1;
      return new Promise(() => undefined);
    };
    const session = await harness.start(ringing('lost'));
    await until(async () => (begun > 0 ? true : undefined));
    await harness.stopWorkers();
    await session.handle.cancel();
    await new Promise((resolve) => setTimeout(resolve, 3500));
    await harness.startWorkers();
    expect(await session.result()).toMatchObject({ end: 'cancelled', actions: [{ outcome: 'unknown' }] });
    expect(begun).toBe(1);
  });
});

describe('limits', () => {
  test('S2: more requests than may wait at once are denied, in call order', async () => {
    const session = await harness.start(ringing('1', '2', '3', '4', '5', '6', '7'));
    const waiting = await session.waiting(5);
    await until(async () =>
      (await session.state()).actions.filter(({ outcome }) => outcome === 'denied').length === 2 ? true : undefined,
    );
    for (const request of waiting) await session.update(verdict(request, 'deny', harness.alice));
    const { actions } = await session.result();
    expect(actions).toHaveLength(7);
    expect(bell.rung).toEqual([]);
  });

  test('S2: actions by tool, earlier calls of the same turn counted as done', async () => {
    harness.writePolicy(`${OPEN_POLICY}limits: { actions: { ring_bell: 2 } }\n`);
    const session = await harness.start(ringing('1', '2', '3'));
    expect((await session.result()).actions.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'denied']);
    expect(bell.rung.toSorted()).toEqual(['1', '2']);
  });

  test('S2: an action that failed counts: it may have reached the world', async () => {
    harness.writePolicy(`${OPEN_POLICY}limits: { actions: { ring_bell: 1 } }\n`);
    bell.perform = () => Promise.resolve({ kind: 'failed', text: 'the rope broke' });
    const { actions } = await (await harness.start(ringing('a', 'b'))).result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['failed', 'denied']);
  });

  test('the start input narrows limits and never widens them', async () => {
    harness.writePolicy(`${OPEN_POLICY}limits: { actions: { ring_bell: 2 } }\n`);
    const narrow = await harness.start({ ...ringing('1', '2'), limits: { actions: { ring_bell: 1 } } });
    expect((await narrow.result()).actions.map(({ outcome }) => outcome)).toEqual(['done', 'denied']);
    const wide = await harness.start({ ...ringing('1', '2', '3'), limits: { actions: { ring_bell: 99 }, asks: 99 } });
    expect((await wide.result()).actions.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'denied']);
  });

  test('wall time ends the session with a clear result and closes what waits', async () => {
    const session = await harness.start({ ...ringing('slow'), limits: { wallTimeMs: 1500 } });
    await session.request();
    expect(await session.result()).toMatchObject({
      end: 'limit',
      why: expect.stringContaining('wall time'),
      actions: [{ outcome: 'denied' }],
    });
    expect(bell.rung).toEqual([]);
  });

  test('S3: what a person denied stays denied in this session', async () => {
    const session = await harness.start(ringing('again', 'again'));
    const [first, second] = await session.waiting(2);
    if (first === undefined || second === undefined) throw new Error('two requests were expected');
    await session.update(verdict(first, 'deny', harness.alice));
    await session.update(verdict(second, 'approve', harness.alice)).catch(() => undefined);
    expect((await session.result()).actions.map(({ outcome }) => outcome)).toEqual(['denied', 'denied']);
    expect(bell.rung).toEqual([]);
  });

  test('an update after the end is refused by the server, not lost in silence', async () => {
    harness.writePolicy(OPEN_POLICY);
    const session = await harness.start(ringing('done'));
    await session.result();
    expect(await refusal(session.update({ requestId: 'x', digest: 'y' }))).not.toBe('');
  });
});
