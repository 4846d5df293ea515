/** A limit that is met, and that people may lift: as much again, or stop. */
import { describe, expect, test } from '@jest/globals';
import { OPEN_POLICY, BELL_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { until, verdict } from '../support/harness.ts';

const limited = (limits: string, policy = OPEN_POLICY): string => `${policy}limits: ${limits}\n`;
useBellHarness(limited('{ actions: { ring_bell: { max: 2, atLimit: ask } } }'));

const outcomesOf = async (session: Session): Promise<readonly string[]> =>
  (await session.result()).actions.map(({ callId, outcome }) => `${callId} ${outcome}`);

describe('a limit at which people are asked', () => {
  test('asks once it is met, with what is used and what each answer does', async () => {
    const session = await harness.start(ringing('a', 'b', 'c'));
    const request = await session.request();
    expect(request).toMatchObject({
      callId: 'c3',
      question: { kind: 'limit', limits: [{ limit: 'actions/ring_bell' }] },
    });
    expect(request.preview.slice(0, 2)).toEqual([
      { label: 'A limit of the session is met', text: '2 of 2 uses of ring_bell (limits.actions)' },
      {
        label: 'What each answer does to it',
        text: expect.stringMatching(/^approve: .* lift it: 2 more uses of ring_bell, this among them\ndeny: stop/),
      },
    ]);
    expect(bell.rung).toEqual(['a', 'b']);
    await session.update(verdict(request, 'approve', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 done', 'c2 done', 'c3 done']);
  });

  test('as much again, and then it asks again: each of a turn waits for what is said of the first', async () => {
    const session = await harness.start(ringing('a', 'b', 'c', 'd', 'e'));
    const first = await session.request();
    expect((await session.state()).waiting).toHaveLength(1);
    await session.update(verdict(first, 'approve', harness.alice));
    const second = await until(async () => (await session.state()).waiting.find(({ callId }) => callId === 'c5'));
    expect(bell.rung).toEqual(['a', 'b', 'c', 'd']);
    expect(second.preview[0]?.text).toBe('4 of 4 uses of ring_bell (limits.actions)');
    await session.update(verdict(second, 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('stop: nothing more is done, and nobody is asked again', async () => {
    const session = await harness.start(ringing('a', 'b', 'c', 'd'));
    await session.update(verdict(await session.request(), 'deny', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 done', 'c2 done', 'c3 denied', 'c4 denied']);
    expect(bell.rung).toEqual(['a', 'b']);
    expect((await session.result()).text).toContain('A person was asked, and said to stop.');
  });

  test('silence stops what waited, and lifts nothing', async () => {
    const policy = limited('{ actions: { ring_bell: { max: 1, atLimit: ask } } }');
    harness.writePolicy(policy.replace(/^approval: .*$/m, 'approval: { by: [owner], expires: 1s }'));
    const session = await harness.start(ringing('a', 'b'));
    expect(await outcomesOf(session)).toEqual(['c1 done', 'c2 denied']);
  });

  test('the very same action has a limit of its own', async () => {
    harness.writePolicy(limited('{ sameAction: { ring_bell: { max: 1, atLimit: ask } } }'));
    const session = await harness.start(ringing('a', 'b', 'a', 'b'));
    const request = await session.request();
    expect(request).toMatchObject({ callId: 'c3', question: { kind: 'limit' } });
    await session.update(verdict(request, 'approve', harness.alice));
    const other = await until(async () => (await session.state()).waiting.find(({ callId }) => callId === 'c4'));
    await session.update(verdict(other, 'deny', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 done', 'c2 done', 'c3 done', 'c4 denied']);
  });
});

describe('S3, S5: what lifts a limit', () => {
  test('a rule that asks anyway: its approvers must be those of the file too', async () => {
    const rule = BELL_POLICY.replace('by: [owner], expires: 1h }, why', 'by: [bob], expires: 1h }, why');
    harness.writePolicy(limited('{ actions: { ring_bell: { max: 0, atLimit: ask } } }', rule));
    expect(await outcomesOf(await harness.start(ringing('a')))).toEqual(['c1 denied']);
  });

  test('a limit that denies is not lifted by one that asks', async () => {
    harness.writePolicy(limited('{ actions: { ring_bell: { max: 1, atLimit: ask } }, sameAction: { ring_bell: 1 } }'));
    expect(await outcomesOf(await harness.start(ringing('a', 'a')))).toEqual(['c1 done', 'c2 denied']);
  });

  test('an approval of one session lifts nothing in another', async () => {
    const first = await harness.start(ringing('a', 'b', 'c'));
    await first.update(verdict(await first.request(), 'approve', harness.alice));
    await first.result();
    const second = await harness.start(ringing('a', 'b', 'c'));
    const request = await second.request();
    await second.update(verdict(request, 'deny', harness.alice));
    expect(await outcomesOf(second)).toEqual(['c1 done', 'c2 done', 'c3 denied']);
  });

  test('a session that claims grants at its start is refused', async () => {
    const grants = [{ limit: 'actions/ring_bell', more: true }];
    await expect((await harness.start({ ...ringing('a'), grants })).result()).rejects.toThrow();
    expect(bell.rung).toEqual([]);
  });
});
