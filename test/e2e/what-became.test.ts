/** An action that ended unknown: a person says what became of it (S7). */
import { describe, expect, test } from '@jest/globals';
import { describeStory } from '../../src/cli/show-log.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { sessionEvents } from '../../src/client/sessions.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { BELL_POLICY, OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session, Signer } from '../support/harness.ts';
import { refusal, until, verdict } from '../support/harness.ts';

useBellHarness(OPEN_POLICY);

/** Each ringing may have happened: nobody knows. */
function lost(times = 1): void {
  let left = times;
  bell.perform = (text) => {
    bell.rung.push(text);
    left -= 1;
    if (left >= 0) return Promise.resolve({ kind: 'unknown', why: 'the answer was lost' });
    return Promise.resolve({ kind: 'done', text: `rang ${text}`, evidence: {} });
  };
}

const happened = (request: ApprovalRequest, signer: Signer, more: Partial<Verdict> = {}): Verdict =>
  verdict(request, 'deny', signer, { answer: 'happened', ...more });

const outcomesOf = async (session: Session): Promise<readonly string[]> =>
  (await session.result()).actions.map(({ callId, outcome }) => `${callId} ${outcome}`);

async function logOf({ handle }: Session): Promise<string> {
  return describeStory(tellStory(await sessionEvents(harness.client, handle)));
}

describe('S7: what became of an action that ended unknown', () => {
  test('is asked of those whom the policy names, with what is known and the whole of what would be done', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    const request = await session.request();
    expect(request).toMatchObject({
      callId: 'c1-2',
      question: { kind: 'unknown', callId: 'c1' },
      mayAnswer: ['alice', 'bob'],
    });
    const labels = request.preview.map(({ label }) => label);
    expect(labels).toEqual(['What is known of c1', 'The answers', 'Bell']);
    expect(request.preview[0]?.text).toContain('the answer was lost');
    await session.signal(verdict(request, 'deny', harness.alice));
    await session.result();
  });

  test('it did not happen: tried again once, as an action of its own', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 done']);
    expect(bell.rung).toEqual(['noon', 'noon']);
    expect((await session.result()).text).toBe('rang noon');
  });

  test('it happened: nothing is done, and the log says who said so', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    await session.update(happened(await session.request(), harness.alice, { reason: 'I heard it' }));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 done']);
    expect(bell.rung).toEqual(['noon']);
    expect((await session.result()).text).toContain('alice says that c1 did happen; the reason given: I heard it');
    const log = await logOf(session);
    expect(log).toContain('signed: it happened by alice');
    expect(log).toContain('What is known of c1');
  });

  test('left: it stays unknown, and the same action stays denied', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    await session.update(verdict(await session.request(), 'deny', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 denied']);
    expect((await session.result()).text).toContain('Whether this happened is not known');
    expect((await session.result()).text).toContain('It was not tried again: alice denied this');
    expect(bell.rung).toEqual(['noon']);
  });

  test('unanswered: it stays unknown', async () => {
    harness.writePolicy(
      OPEN_POLICY.replace('approval: { by: [owner], expires: 1h }\n', 'approval: { by: [owner], expires: 1s }\n'),
    );
    lost();
    const session = await harness.start(ringing('noon'));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 denied']);
    expect(bell.rung).toEqual(['noon']);
  });

  test('nobody is asked where the policy names nobody', async () => {
    harness.writePolicy(OPEN_POLICY.replace('approval: { by: [owner], expires: 1h }\n', ''));
    lost();
    const session = await harness.start(ringing('noon'));
    expect(await outcomesOf(session)).toEqual(['c1 unknown']);
  });

  test('the second try may end unknown too, and is asked about in its turn', async () => {
    lost(2);
    const session = await harness.start(ringing('noon'));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    const second = await until(async () => (await session.waiting()).find(({ callId }) => callId === 'c1-3'));
    expect(second.question).toEqual({ kind: 'unknown', callId: 'c1-2' });
    await session.update(happened(second, harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 unknown', 'c1-3 done']);
    expect(bell.rung).toEqual(['noon', 'noon']);
  });

  test('a second try takes the place of the first in every limit, and may use the same key', async () => {
    harness.writePolicy(`${OPEN_POLICY}limits: { actions: { ring_bell: 1 }, sameAction: { ring_bell: 1 } }\n`);
    const places: string[] = [];
    bell.beforePrepare = ({ callId, firstCallId }) => {
      places.push(`${callId} of ${firstCallId}`);
      return Promise.resolve();
    };
    lost();
    const session = await harness.start(ringing('noon', 'later'));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    expect((await outcomesOf(session)).toSorted()).toEqual(['c1 unknown', 'c1-2 done', 'c2 denied']);
    expect(new Set(places)).toEqual(new Set(['c1 of c1', 'c1-2 of c1']));
  });

  test('a cancelled session asks nobody', async () => {
    let ring = (): void => undefined;
    bell.perform = () => new Promise((resolve) => (ring = () => resolve({ kind: 'unknown', why: 'who knows' })));
    const session = await harness.start(ringing('noon'));
    await until(async () => ((await session.state()).actions[0]?.outcome === 'running' ? true : undefined));
    await session.handle.cancel();
    setTimeout(() => ring(), 300);
    expect(await outcomesOf(session)).toEqual(['c1 unknown']);
  });
});

describe('S4, S5: who says that it happened', () => {
  test('someone whose key is in no directory says nothing', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    const request = await session.request();
    expect(await refusal(session.update(happened(request, harness.stranger)))).toContain('approver directory');
    await session.update(verdict(request, 'deny', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 denied']);
  });

  test('as an approval it is refused: who reads half of it would do the action', async () => {
    lost();
    const session = await harness.start(ringing('noon'));
    const request = await session.request();
    const said = verdict(request, 'approve', harness.alice, { answer: 'happened' });
    expect(await refusal(session.update(said))).toContain('answers only what became');
    expect(bell.rung).toEqual(['noon']);
    await session.update(happened(request, harness.alice));
    expect(bell.rung).toEqual(['noon']);
  });

  test('of an action that only waits to be approved nobody can say so', async () => {
    harness.writePolicy(BELL_POLICY);
    const session = await harness.start(ringing('noon'));
    const request = await session.request();
    expect(request.question).toBeUndefined();
    expect(await refusal(session.update(happened(request, harness.alice)))).toContain('answers only what became');
    await session.update(verdict(request, 'deny', harness.alice));
    expect(await outcomesOf(session)).toEqual(['c1 denied']);
  });
});
