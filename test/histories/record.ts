/**
 * Records the histories that replay.test.ts replays: `npm run histories:record`. One folder a release; what is recorded
 * is never recorded anew, for sessions of that release may still be waiting.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startThinkingHarness } from '../support/thinking.ts';
import { STORIES } from './stories.ts';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};
const folder = join(__dirname, version);
mkdirSync(folder, { recursive: true });

test.each(STORIES)('$name', async ({ name, input, play, policy, lead }) => {
  const file = join(folder, `${name}.json`);
  if (existsSync(file)) return;
  const harness = await startThinkingHarness(play);
  try {
    if (policy !== undefined) harness.writePolicy(policy);
    const session = await harness.start(input);
    await lead(session, harness);
    await session.result();
    const history = JSON.parse(historyToJSON(await session.handle.fetchHistory())) as unknown;
    writeFileSync(file, `${JSON.stringify(withoutPlaces(history), null, 1)}\n`);
  } finally {
    await harness.stop();
  }
  expect(existsSync(file)).toBe(true);
});

/** Identities and stack traces name a machine, and mean nothing in a replay. */
function withoutPlaces(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutPlaces);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([key, value]): [string, unknown] =>
    key === 'identity' || key === 'stackTrace' ? [key, 'not recorded'] : [key, withoutPlaces(value)],
  );
  return Object.fromEntries(entries);
}
