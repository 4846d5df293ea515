/** Our adapter of Claude, calling a Messages API on loopback: for the tests of one file. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { ModelCall } from '../../../src/activities/think.ts';
import { createClaude } from '../../../src/adapters/anthropic/claude.ts';
import { ModelFailure } from '../../../src/domain/model-failure.ts';
import type { Thought } from '../../../src/domain/session.ts';
import type { Behaviour, LoopbackApi } from './loopback-api.ts';
import { SECRET_KEY, SECRET_PROMPT, messageEnd, messageStart, startLoopbackApi, textBlock } from './loopback-api.ts';

export const SCHEMA = {
  type: 'object',
  properties: { to: { type: 'string' } },
  required: ['to'],
  additionalProperties: false,
};

export let api: LoopbackApi;

/** One loopback API for the tests of a file. */
export function useLoopbackApi(): void {
  beforeAll(async () => {
    api = await startLoopbackApi();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.requests.length = 0;
  });
}

export function callOf(more: Partial<ModelCall> = {}, model = 'claude-opus-5-5'): ModelCall {
  return {
    setup: {
      model,
      system: 'You are careful.',
      tools: [{ name: 'send_email', description: 'Sends.', inputSchema: SCHEMA }],
    },
    messages: [{ role: 'user', content: SECRET_PROMPT }],
    signal: new AbortController().signal,
    ...more,
  };
}

export function ask(behaviour: Behaviour, more: Partial<ModelCall> = {}, idleMs = 5000): Promise<Thought> {
  api.behave(behaviour);
  return createClaude({ apiKey: SECRET_KEY, baseURL: api.baseURL, idleMs })(callOf(more));
}

export async function failureOf(answer: Promise<unknown>): Promise<ModelFailure> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof ModelFailure) return error;
    throw new Error(`not a ModelFailure: ${String(error)}`, { cause: error });
  }
  throw new Error('the call did not fail');
}

export const GOOD = [messageStart(), ...textBlock(0, 'Hello'), ...messageEnd('end_turn')];
