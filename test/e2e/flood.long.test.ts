/** What someone who may only send messages can do to an answer: thousands of forged verdicts around an honest one. */
import { describe, expect, test } from '@jest/globals';
import { sendVerdict } from '../../src/client/approvals.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { bell, harness, useBellHarness, waitingSession } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { newSigner, verdict } from '../support/harness.ts';

useBellHarness();

/** Sends each, some at a time. */
async function flood(session: Session, verdicts: readonly unknown[]): Promise<void> {
  const left = [...verdicts];
  const send = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await session.signal(next);
  };
  // A session that has ended takes no more.
  await Promise.allSettled(Array.from({ length: 20 }, send));
}

/** Verdicts on a request that no key of its approver signed. */
const forged = (request: ApprovalRequest, approver: string, count: number): readonly unknown[] => {
  const one = verdict(request, 'approve', newSigner(approver));
  return Array.from({ length: count }, (_, n) => ({ ...one, reason: `try ${n}` }));
};

/** How many passes of the guard the session scheduled. */
async function passes(session: Session): Promise<number> {
  const { events } = await session.handle.fetchHistory();
  return (events ?? []).filter(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'ring_bell',
  ).length;
}

describe('a flood of verdicts (S6, S13)', () => {
  test.each<[string, number, (request: ApprovalRequest) => readonly unknown[]]>([
    ['in another approver’s name', 3, (request) => forged(request, 'bob', 1100)],
    ['in the approver’s own name', 12, (request) => forged(request, 'alice', 900)],
    [
      'in names that nobody has',
      3,
      (request) => forged(request, 'x', 1100).map((one, n) => ({ ...(one as object), approver: `nobody-${n}` })),
    ],
    [
      'that are none, but name the request',
      2,
      ({ id, digest }) => Array.from({ length: 1100 }, (_, n) => ({ requestId: id, digest, n })),
    ],
  ])('%s does not keep an honest approval out', async (_, mostPasses, made) => {
    const session = await waitingSession();
    const request = await session.request();
    // The worst moment: nobody looks while they pile up.
    await harness.stopWorkers();
    await flood(session, made(request));
    await session.signal(verdict(request, 'approve', harness.alice));
    await harness.startWorkers();
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['dong']);
    expect(await passes(session)).toBeLessThanOrEqual(mostPasses);
  });

  test('in the approver’s own name delays the honest one by a few tries, and ends nothing', async () => {
    const session = await waitingSession();
    const request = await session.request();
    const all = [...forged(request, 'alice', 3000)];
    const flooding = (async (): Promise<void> => {
      while (all.length > 0) await flood(session, all.splice(0, 100));
    })();
    const delivery = await sendVerdict(
      harness.client,
      session.workflowId,
      verdict(request, 'approve', harness.alice),
    ).finally(() => all.splice(0));
    await flooding;
    expect(delivery).toMatchObject({ kind: 'counted', receipt: { outcome: 'done' } });
    expect(bell.rung).toEqual(['dong']);
  });
});
