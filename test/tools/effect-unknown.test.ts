/** S7 seen from the world: an effect that is no effect, of a tool that throws after it acted. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Effect } from '../../src/tools/define-tool.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import type { Harness } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';

let performed = 0;
const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  permission: 'publish',
  role: 'web',
  arguments: {},
  needs: [],
  labels: [],
  timeoutMs: 20_000,
  // As JavaScript would write it.
  effect: () => 'Once' as Effect,
  summary: () => 'a payment',
  prepare: async () => ({ kind: 'ready', facts: {}, preview: [], material: 0 }),
  perform: async () => {
    performed += 1;
    throw new Error('the connection was lost after it was sent');
  },
});
const POLICY = `version: 1
profiles: { payer: { grant: [publish], startable: true } }
defaultProfile: payer
approval: { by: [owner] }
rules:
  - { id: paying, tool: pay, allow: {} }
`;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ tools: [pay], policy: POLICY });
});
afterAll(() => harness.stop());

test('is performed once, and what became of it is unknown', async () => {
  const session = await harness.start({ goal: 'g', actions: [{ tool: 'pay', input: {} }] });
  const asked = await session.request();
  expect(asked.question).toEqual({ kind: 'unknown', callId: 'c1' });
  expect(performed).toBe(1);
});
