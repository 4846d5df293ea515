/** One harness with a bell for the tests of a file: started before them, quiet again before each, stopped after them. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Bell } from './bell.ts';
import { BELL_POLICY, createBell } from './bell.ts';
import type { Harness, Session } from './harness.ts';
import { startHarness } from './harness.ts';

export let bell: Bell;
export let harness: Harness;

/** `more`: once the harness is there. The policy stands again before each test. */
export function useBellHarness(policy = BELL_POLICY, more: () => void = () => undefined): void {
  beforeAll(async () => {
    bell = createBell();
    harness = await startHarness({ policy, tools: bell.tools });
    more();
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    bell.rung.length = 0;
    bell.facts = {};
    bell.perform = undefined;
    bell.unfit = undefined;
    bell.beforePrepare = undefined;
    harness.writePolicy(policy);
  });
}

/** What a session is given that rings these texts, one after another or side by side. */
export const ringing = (...texts: readonly string[]): Record<string, unknown> => ({
  goal: 'ring',
  actions: texts.map((text) => ({ tool: 'ring_bell', input: { text } })),
});

/** A session that has asked, or is about to, whether it may ring once. */
export const waitingSession = (): Promise<Session> => harness.start(ringing('dong'));
