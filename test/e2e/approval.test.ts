import { afterEach, describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { BELL_POLICY, OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { approversYaml, refusal, until, verdict } from '../support/harness.ts';

useBellHarness();
afterEach(() => harness.writeApprovers(approversYaml([harness.alice, harness.bob])));

/** The waiting requests with these summaries, in this order. */
async function named(session: Session, ...texts: readonly string[]): Promise<readonly ApprovalRequest[]> {
  const waiting = await session.waiting(texts.length);
  return texts.map((text) => {
    const request = waiting.find(({ summary }) => summary === text);
    if (request === undefined) throw new Error(`no request "${text}" waits`);
    return request;
  });
}

describe('an approval', () => {
  test('S4: an approved action is carried out once, exactly as shown', async () => {
    const session = await harness.start(ringing('noon'));
    const request = await session.request();
    expect(request).toMatchObject({ tool: 'ring_bell', summary: 'noon', rule: 'ringing', mayAnswer: ['alice', 'bob'] });
    expect(bell.rung).toEqual([]);
    expect(await session.update(verdict(request, 'approve', harness.alice))).toMatchObject({ outcome: 'done' });
    expect(await session.result()).toMatchObject({ end: 'completed', actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['noon']);
  });

  test('S6: a denial closes the request, and its reason stands in the result', async () => {
    const session = await harness.start(ringing('night'));
    await session.signal(verdict(await session.request(), 'deny', harness.bob, { reason: 'people sleep' }));
    expect(await session.result()).toMatchObject({
      actions: [{ outcome: 'denied' }],
      text: expect.stringContaining('people sleep'),
    });
    expect(bell.rung).toEqual([]);
  });

  test('S6: silence is denial: a request that nobody answers expires', async () => {
    harness.writePolicy(BELL_POLICY.replaceAll('expires: 1h', 'expires: 1s'));
    const session = await harness.start(ringing('silence'));
    const request = await session.request();
    expect(await session.result()).toMatchObject({ text: expect.stringContaining('silence is denial') });
    expect((await session.state()).closed).toMatchObject([{ id: request.id, closing: 'expired' }]);
    expect(bell.rung).toEqual([]);
  });

  test('S4: a verdict for an action that is over is refused and carries nothing out again', async () => {
    const session = await harness.start(ringing('first', 'second'));
    const [first, second] = (await named(session, 'first', 'second')) as [ApprovalRequest, ApprovalRequest];
    const approval = verdict(first, 'approve', harness.alice);
    await session.update(approval);
    expect(await refusal(session.update(approval))).toContain('already decided (approved)');
    expect(await refusal(session.update(verdict(first, 'approve', harness.bob)))).toContain(
      'already decided (approved)',
    );
    expect(await refusal(session.update(verdict(first, 'deny', harness.bob)))).toContain('already decided (approved)');
    await session.update(verdict(second, 'deny', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['first']);
  });

  test('two requests wait at once and are decided in the other order', async () => {
    const session = await harness.start(ringing('one', 'two'));
    const [one, two] = (await named(session, 'one', 'two')) as [ApprovalRequest, ApprovalRequest];
    await session.update(verdict(two, 'approve', harness.alice));
    expect(bell.rung).toEqual(['two']);
    await session.update(verdict(one, 'approve', harness.bob));
    await session.result();
    expect(bell.rung).toEqual(['two', 'one']);
  });

  test('S4: the approval of one action does not let another one through', async () => {
    const session = await harness.start(ringing('cheap', 'dear'));
    const [cheap, dear] = (await named(session, 'cheap', 'dear')) as [ApprovalRequest, ApprovalRequest];
    const swapped = verdict({ id: dear.id, digest: cheap.digest }, 'approve', harness.alice);
    expect(await refusal(session.update(swapped))).toContain('digest is not that of the waiting request');
    const stale = verdict({ id: cheap.id, digest: dear.digest }, 'approve', harness.alice);
    expect(await refusal(session.update(stale))).toContain('digest is not that of the waiting request');
    await session.update(verdict(cheap, 'deny', harness.alice));
    await session.update(verdict(dear, 'deny', harness.alice));
    await session.result();
    expect(bell.rung).toEqual([]);
  });

  test('S6: approve and deny at the same moment: the denial wins and nothing is done', async () => {
    const session = await harness.start(ringing('quarrel'));
    const request = await session.request();
    await harness.stopWorkers();
    await session.signal(verdict(request, 'approve', harness.alice));
    await session.signal(verdict(request, 'deny', harness.bob));
    await harness.startWorkers();
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('an early verdict, for a request that does not exist yet, is refused and opens nothing later', async () => {
    const session = await harness.start(ringing('early'));
    const guessed = { id: `${session.handle.workflowId}/c1/1`, digest: 'a'.repeat(64) };
    expect(await refusal(session.update(verdict(guessed, 'approve', harness.alice)))).toContain('has no request');
    const request = await session.request();
    expect(bell.rung).toEqual([]);
    await session.update(verdict(request, 'deny', harness.alice));
    await session.result();
  });
});

describe('an approver', () => {
  test('S5: a stranger who uses alice’s name is refused and changes nothing', async () => {
    const session = await harness.start(ringing('fraud'));
    const request = await session.request();
    expect(await refusal(session.update(verdict(request, 'approve', harness.stranger)))).toContain(
      'approver directory',
    );
    const borrowed = verdict(request, 'approve', { ...harness.stranger, keyId: harness.alice.keyId });
    expect(await refusal(session.update(borrowed))).toContain('signature does not verify');
    expect((await session.state()).waiting).toHaveLength(1);
    await session.update(verdict(request, 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['fraud']);
  });

  test('S5: someone in the directory whom the rule does not name may not approve', async () => {
    harness.writeApprovers(approversYaml([harness.alice, harness.bob], ['alice']));
    const session = await harness.start(ringing('not yours'));
    const request = await session.request();
    expect(request.mayAnswer).toEqual(['alice']);
    expect(await refusal(session.update(verdict(request, 'approve', harness.bob)))).toContain('may not answer');
    await session.update(verdict(request, 'deny', harness.alice));
    await session.result();
  });

  test('S5: a key that was revoked while the request waited no longer counts', async () => {
    const session = await harness.start(ringing('revoked'));
    const request = await session.request();
    harness.writeApprovers(approversYaml([harness.bob], ['bob']));
    expect(await refusal(session.update(verdict(request, 'approve', harness.alice)))).toMatch(
      /changed since|approver directory/,
    );
    expect(bell.rung).toEqual([]);
    const newer = await until(async () => (await session.state()).waiting.find(({ id }) => id !== request.id));
    await session.update(verdict(newer, 'deny', harness.bob));
    await session.result();
  });

  test('S5, S6: who became an approver while the request waited may deny it, and an approval of theirs asks anew', async () => {
    const rota = (owner: string): void => harness.writeApprovers(approversYaml([harness.alice, harness.bob], [owner]));
    rota('alice');
    const session = await harness.start(ringing('first watch', 'second watch'));
    const [first, second] = (await named(session, 'first watch', 'second watch')) as [ApprovalRequest, ApprovalRequest];
    expect(first.mayAnswer).toEqual(['alice']);
    rota('bob');
    expect(await session.update(verdict(first, 'deny', harness.bob))).toMatchObject({ outcome: 'denied' });
    expect(await refusal(session.update(verdict(second, 'approve', harness.bob)))).toContain('has changed since');
    const newer = await until(async () => (await session.state()).waiting.find(({ id }) => id !== second.id));
    expect(newer.mayAnswer).toEqual(['bob']);
    await session.update(verdict(newer, 'approve', harness.bob));
    await session.result();
    expect(bell.rung).toEqual(['second watch']);
  });

  test('S2: where nobody may approve, an ask is denied', async () => {
    harness.writePolicy(BELL_POLICY.replaceAll('by: [owner]', 'by: [nobody]'));
    const session = await harness.start(ringing('orphan'));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test.each([
    ['edit', { edit: { text: 'louder' } }],
    ['grant', { grant: { scope: 'session' } }],
  ])('%s has its place in a verdict and is refused when used', async (_, more) => {
    const session = await harness.start(ringing('later'));
    const request = await session.request();
    expect(await refusal(session.update(verdict(request, 'approve', harness.alice, more)))).toContain('not built yet');
    expect(bell.rung).toEqual([]);
    await session.update(verdict(request, 'deny', harness.alice));
    await session.result();
  });
});

describe('what changes while a request waits', () => {
  test('S4: facts that changed since they were shown are asked again, not performed', async () => {
    bell.facts = { tower: 'old' };
    const session = await harness.start(ringing('changed'));
    const first = await session.request();
    bell.facts = { tower: 'new' };
    expect(await refusal(session.update(verdict(first, 'approve', harness.alice)))).toContain('has changed since');
    const second = await session.request();
    expect(second.id).toBe(first.id.replace(/1$/, '2'));
    expect(second.facts).toEqual({ tower: 'new' });
    expect(bell.rung).toEqual([]);
    await session.update(verdict(second, 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['changed']);
  });

  test('S3: a rule that was tightened while the request waited is obeyed', async () => {
    const session = await harness.start(ringing('tightened'));
    const request = await session.request();
    harness.writePolicy(BELL_POLICY.replace('ask: {}, approval: { by: [owner], expires: 1h }', 'deny: {}'));
    await session.update(verdict(request, 'approve', harness.alice)).catch(() => undefined);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('S3: a rule that was loosened to allow does not carry out what a person was asked about', async () => {
    const session = await harness.start(ringing('loosened'));
    const first = await session.request();
    harness.writePolicy(OPEN_POLICY);
    expect(await refusal(session.update(verdict(first, 'approve', harness.stranger)))).toMatch(
      /changed since|directory/,
    );
    expect(bell.rung).toEqual([]);
    const second = await until(async () => (await session.state()).waiting.find(({ id }) => id !== first.id));
    await session.update(verdict(second, 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('S6: a denial counts whatever the rules say by then', async () => {
    const session = await harness.start(ringing('denied anyway'));
    const request = await session.request();
    harness.writePolicy(OPEN_POLICY);
    expect(await session.update(verdict(request, 'deny', harness.bob))).toMatchObject({ outcome: 'denied' });
    await session.result();
    expect(bell.rung).toEqual([]);
  });

  test('S2: a policy that broke while the request waited denies', async () => {
    const session = await harness.start(ringing('broken'));
    const request = await session.request();
    harness.writePolicy('version: 1\nrules: [');
    await session.update(verdict(request, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({
      actions: [{ outcome: 'denied' }],
      text: expect.stringContaining('broken'),
    });
    expect(bell.rung).toEqual([]);
  });
});
