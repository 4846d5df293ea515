/** Ways around the person who is asked what became of an action: none of them takes the doubt away (S4, S5, S7). */
import { describe, expect, test } from '@jest/globals';
import { OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { startHarness, until, verdict } from '../support/harness.ts';
import { questionOf } from '../support/what-became.ts';

useBellHarness(OPEN_POLICY);

const outcomesOf = async (session: Session): Promise<readonly string[]> =>
  (await session.result()).actions.map(({ callId, outcome }) => `${callId} ${outcome}`);

/** It rings, its word is lost, and from then on `after` is how things are. */
function lostThen(after: () => void): void {
  bell.perform = (text) => {
    bell.rung.push(text);
    after();
    return Promise.resolve({ kind: 'unknown', why: 'the answer was lost' });
  };
}

const soldOut = (): void => {
  bell.unfit = 'it is sold out';
};

/** Proposes the same ringing again and again, as a model may. */
function insistent(times: number): () => Promise<unknown> {
  let thoughts = 0;
  return () => {
    thoughts += 1;
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const call = { type: 'tool_use', id: `t${thoughts}`, name: 'ring_bell', input: { text: 'same' } };
    const over = { content: [{ type: 'text', text: 'over' }], stopReason: 'end_turn' };
    const more = { content: [call], stopReason: 'tool_use' };
    return Promise.resolve({ ...(thoughts > times ? over : more), usage, model: 'm', requestId: 'r' });
  };
}

describe('a question that fails before anybody answered it', () => {
  test('leaves it unknown, and the model is told so', async () => {
    lostThen(soldOut);
    const session = await harness.start(ringing('noon'));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 failed']);
    const { text } = await session.result();
    expect(text).toContain('Whether this happened is not known');
    expect(text).toContain('It was not tried again: it is sold out');
  });

  test('frees no limit: what may have happened counts', async () => {
    lostThen(soldOut);
    const policy = `${OPEN_POLICY}limits: { sameAction: { ring_bell: 1 } }\n`;
    const thinking = await startHarness({ policy, tools: bell.tools, think: insistent(3) });
    try {
      const session = await thinking.start({ goal: 'ring' });
      expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 failed', 'c2 denied', 'c3 denied']);
      expect(bell.rung).toEqual(['same']);
    } finally {
      await thinking.stop();
    }
  });

  test('also where a stranger made the guard look again', async () => {
    lostThen(() => undefined);
    const session = await harness.start(ringing('noon'));
    const question = await questionOf(session);
    soldOut();
    await session.signal(verdict(question, 'approve', harness.stranger));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 failed']);
    expect((await session.result()).text).toContain('Whether this happened is not known');
  });

  test('and the same action, proposed anew, is asked with a warning', async () => {
    lostThen(soldOut);
    const thinking = await startHarness({ policy: OPEN_POLICY, tools: bell.tools, think: insistent(2) });
    try {
      const session = await thinking.start({ goal: 'ring' });
      await until(async () =>
        (await session.state()).actions.some(({ callId }) => callId === 'c2') ? true : undefined,
      );
      expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 failed', 'c2 failed']);
      expect(bell.rung).toEqual(['same']);
    } finally {
      await thinking.stop();
    }
  });
});

test('what a person left unknown stays denied, however often it is proposed', async () => {
  lostThen(() => undefined);
  const thinking = await startHarness({ policy: OPEN_POLICY, tools: bell.tools, think: insistent(2) });
  try {
    const session = await thinking.start({ goal: 'ring' });
    await session.update(verdict(await questionOf(session), 'deny', thinking.alice));
    expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 denied', 'c2 denied']);
  } finally {
    await thinking.stop();
  }
});

test('S5: whom the policy would not ask may stop it, and cannot say that it happened, whatever the policy says by then', async () => {
  const byAlice = OPEN_POLICY.replace(/^approval: .*$/m, 'approval: { by: [alice], expires: 1h }');
  harness.writePolicy(byAlice);
  lostThen(() => undefined);
  const session = await harness.start(ringing('noon'));
  const question = await questionOf(session);
  expect(question.mayAnswer).toEqual(['alice']);
  harness.writePolicy(byAlice.replace('tool: ring_bell, allow: {}', 'tool: ring_bell, deny: {}'));
  await session.signal(verdict(question, 'deny', harness.bob, { answer: 'happened' }));
  expect(await outcomesOf(session)).toEqual(['c1 unknown', 'c1-2 denied']);
  expect((await session.result()).text).toContain('Whether this happened is not known');
});
