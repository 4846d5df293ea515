import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bell } from '../support/bell.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import type { Harness } from '../support/harness.ts';
import { refusal, startHarness, verdict } from '../support/harness.ts';

let bell: Bell;
let harness: Harness;

beforeAll(async () => {
  bell = createBell();
  harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools });
});
afterAll(() => harness.stop());
beforeEach(() => {
  bell.rung.length = 0;
});

const ring = (text: string): object => ({ goal: `ring ${text}`, actions: [{ tool: 'ring_bell', input: { text } }] });

describe('an approval', () => {
  test('S4: an approved action is carried out once, exactly as shown', async () => {
    const session = await harness.start(ring('noon') as Record<string, unknown>);
    const request = await session.request();
    expect(request).toMatchObject({ tool: 'ring_bell', summary: 'noon', rule: 'ringing', mayAnswer: ['alice', 'bob'] });
    expect(bell.rung).toEqual([]);
    expect(await session.update(verdict(request, 'approve', harness.alice))).toMatchObject({ outcome: 'done' });
    expect(await session.result()).toMatchObject({ end: 'completed', actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['noon']);
  });

  test('S6: a denial closes the request, and its reason stands in the result', async () => {
    const session = await harness.start(ring('night') as Record<string, unknown>);
    const request = await session.request();
    await session.signal(verdict(request, 'deny', harness.bob, { reason: 'people sleep' }));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }], text: expect.stringContaining('people sleep') });
    expect(bell.rung).toEqual([]);
  });

  test('S5: a stranger who uses alice’s name is refused and changes nothing', async () => {
    const session = await harness.start(ring('fraud') as Record<string, unknown>);
    const request = await session.request();
    expect(await refusal(session.update(verdict(request, 'approve', harness.stranger)))).toContain('approver directory');
    expect((await session.state()).waiting).toHaveLength(1);
    await session.update(verdict(request, 'approve', harness.alice));
    await session.result();
    expect(bell.rung).toEqual(['fraud']);
  });
});
