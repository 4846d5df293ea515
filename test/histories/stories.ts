/** The released behaviours that must replay: how each recorded session was led. */
import type { Scenario } from '../../src/adapters/stand-in/scenario.ts';
import { BELL_POLICY, OPEN_POLICY } from '../support/bell.ts';
import type { Session } from '../support/harness.ts';
import { refusal, until, verdict } from '../support/harness.ts';
import type { ThinkingHarness } from '../support/thinking.ts';
import { questionOf } from '../support/what-became.ts';

export interface Story {
  /** Of the recorded file. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** In force instead of BELL_POLICY. */
  readonly policy?: string;
  /** How the stand-in answers; without it the session's actions are given. */
  readonly play?: Scenario;
  readonly lead: (session: Session, harness: ThinkingHarness) => Promise<void>;
}

const ring = (...texts: readonly string[]): Record<string, unknown> => ({
  goal: 'ring',
  actions: texts.map((text) => ({ tool: 'ring_bell', input: { text } })),
});

/** The bell may have rung or not; `times` of them. */
function lose({ bell }: ThinkingHarness, times: number): void {
  let left = times;
  bell.perform = (text) => {
    left -= 1;
    if (left >= 0) return Promise.resolve({ kind: 'unknown', why: 'the line was cut' });
    return Promise.resolve({ kind: 'done', text: `rang ${text}`, evidence: {} });
  };
}

const nobodyActs = (): Promise<void> => Promise.resolve();

export const STORIES: readonly Story[] = [
  {
    name: 'judged-in-order',
    input: ring('noon', 'noon', 'one'),
    policy: `${BELL_POLICY}limits: { sameAction: { ring_bell: 1 } }\n`,
    lead: async (session, { alice }) => {
      for (const request of await session.waiting(2)) await session.update(verdict(request, 'approve', alice));
    },
  },
  {
    name: 'allowed',
    input: { goal: 'listen', actions: [{ tool: 'hear_bell', input: { text: 'noon' } }] },
    lead: nobodyActs,
  },
  {
    name: 'approved-by-update',
    input: ring('noon'),
    lead: async (session, { alice, stranger }) => {
      const request = await session.request();
      await refusal(session.update(verdict(request, 'approve', stranger)));
      await session.update(verdict(request, 'approve', alice));
    },
  },
  {
    name: 'approved-by-signal',
    input: ring('noon'),
    lead: async (session, { alice }) => {
      const request = await session.request();
      await session.signal('garbage');
      await session.signal(verdict(request, 'approve', alice));
    },
  },
  {
    name: 'approved-in-a-flood',
    input: ring('noon'),
    lead: async (session, { alice, bob, stranger }) => {
      const request = await session.request();
      await refusal(session.update(verdict(request, 'approve', stranger)));
      const forged = verdict(request, 'approve', { ...stranger, approver: bob.approver });
      for (let n = 0; n < 60; n += 1) await session.signal({ ...forged, reason: `try ${n}` });
      await session.signal({ requestId: request.id, digest: request.digest });
      await session.update(verdict(request, 'approve', alice));
    },
  },
  {
    name: 'denied-by-policy',
    input: { goal: 'try', profile: 'listener', actions: [{ tool: 'ring_bell', input: { text: 'noon' } }] },
    lead: nobodyActs,
  },
  {
    name: 'denied-by-a-person',
    input: ring('noon', 'midnight'),
    lead: async (session, { alice, bob }) => {
      const [first, second] = await session.waiting(2);
      if (first === undefined || second === undefined) throw new Error('two requests should wait');
      await session.update(verdict(second, 'deny', bob, { reason: 'people sleep' }));
      await session.update(verdict(first, 'approve', alice));
    },
  },
  {
    name: 'cancelled',
    input: ring('noon', 'midnight'),
    lead: async (session) => {
      await session.waiting(2);
      await session.handle.cancel();
    },
  },
  {
    name: 'thought',
    input: { goal: 'listen twice, then ring' },
    play: ({ results }) => {
      if (results.length === 0) return { calls: ['a', 'b'].map((text) => ({ name: 'hear_bell', input: { text } })) };
      if (results.length === 2) return { calls: [{ name: 'ring_bell', input: { text: 'now' } }] };
      return { text: results.join(' | ') };
    },
    lead: async (session, { alice }) => {
      await session.update(verdict(await session.request(), 'approve', alice));
    },
  },
  {
    // Recorded before people were asked what became of it: the code of today must not ask either.
    name: 'ended-unknown-unasked',
    input: ring('noon'),
    lead: async (session, harness) => {
      lose(harness, 1);
      await session.update(verdict(await session.request(), 'approve', harness.alice));
    },
  },
  {
    name: 'tried-again-and-happened',
    input: ring('noon'),
    lead: async (session, harness) => {
      lose(harness, 2);
      await session.update(verdict(await session.request(), 'approve', harness.alice));
      await session.update(verdict(await questionOf(session), 'approve', harness.alice));
      const second = await questionOf(session, 'c1-3');
      await session.update(verdict(second, 'deny', harness.alice, { answer: 'happened' }));
    },
  },
  {
    name: 'left-unknown',
    input: ring('noon'),
    lead: async (session, harness) => {
      lose(harness, 1);
      await session.update(verdict(await session.request(), 'approve', harness.alice));
      await session.update(verdict(await questionOf(session), 'deny', harness.alice));
    },
  },
  {
    name: 'limit-lifted-and-stopped',
    input: ring('a', 'b', 'c', 'd'),
    policy: `${OPEN_POLICY}limits: { actions: { ring_bell: { max: 1, atLimit: ask } } }\n`,
    lead: async (session, { alice }) => {
      const first = await session.request();
      await session.update(verdict(first, 'approve', alice));
      const second = await until(async () => (await session.state()).waiting.find(({ id }) => id !== first.id));
      await session.update(verdict(second, 'deny', alice));
    },
  },
  {
    name: 'met-its-limit',
    input: { goal: 'on and on', limits: { turns: 2 } },
    play: () => ({ calls: [{ name: 'hear_bell', input: { text: 'on' } }] }),
    lead: nobodyActs,
  },
];
