/** A harness whose sessions think by the scripted stand-in, over HTTP and through the real SDK. */
import { fetchTranscript, ownRunId } from '../../src/activities/fetch-transcript.ts';
import { createThink } from '../../src/activities/think.ts';
import { createTranscriptCache } from '../../src/activities/transcript-cache.ts';
import { createClaude } from '../../src/adapters/anthropic/claude.ts';
import type { Scenario } from '../../src/adapters/stand-in/scenario.ts';
import { startStandIn } from '../../src/adapters/stand-in/stand-in.ts';
import { BELL_POLICY, createBell } from './bell.ts';
import type { Bell } from './bell.ts';
import type { Harness } from './harness.ts';
import { startHarness } from './harness.ts';

export const PLANTED_KEY = 'sk-ant-planted-canary-7f3a';

export interface ThinkingHarness extends Harness {
  readonly bell: Bell;
  /** Requests that the stand-in, as strict as the real API, rejected. */
  readonly rejected: readonly unknown[];
  /** How the stand-in answers from now on. */
  play(scenario: Scenario): void;
}

export async function startThinkingHarness(first?: Scenario): Promise<ThinkingHarness> {
  let scenario: Scenario = first ?? (() => ({ text: 'nothing to do' }));
  const bell = createBell();
  const standIn = await startStandIn({ port: 0, scenario: (conversation) => scenario(conversation) });
  const model = createClaude({ apiKey: PLANTED_KEY, baseURL: standIn.baseURL, idleMs: 5000 });
  const think = createThink({ model, transcript: createTranscriptCache(fetchTranscript, ownRunId) });
  const harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools, think });
  return {
    ...harness,
    bell,
    rejected: standIn.rejected,
    play: (next) => {
      scenario = next;
    },
    stop: async () => {
      await harness.stop();
      await standIn.close();
    },
  };
}
