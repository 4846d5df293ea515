/** Sessions of every release must go on under the workflow code of today (a person may take days to answer). */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { payloadConverterPath } from '../../src/client/connect.ts';
import { quiet, testBundle } from '../support/harness.ts';
import { STORIES } from './stories.ts';

const releases = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const recorded = releases.flatMap((release) =>
  readdirSync(join(__dirname, release)).map((file) => ({ release, file, path: join(__dirname, release, file) })),
);

quiet();

async function replay(history: unknown): Promise<void> {
  const options = {
    workflowBundle: await testBundle(),
    dataConverter: { payloadConverterPath: payloadConverterPath() },
  };
  await Worker.runReplayHistory(options, history, 'replayed-session');
}

interface RecordedEvent {
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}

const read = (path: string): { events: RecordedEvent[] } =>
  JSON.parse(readFileSync(path, 'utf8')) as { events: RecordedEvent[] };

describe('a recorded session replays under the code of today', () => {
  test.each(recorded)('$release $file', async ({ path }) => {
    await expect(replay(read(path))).resolves.toBeUndefined();
  });

  test('each story of this release is recorded', () => {
    expect(recorded.map(({ file }) => file)).toEqual(expect.arrayContaining(STORIES.map(({ name }) => `${name}.json`)));
  });

  test.each(recorded)('and a history that the code would not have made is refused: $file', async ({ path }) => {
    const history = read(path);
    const scheduled = history.events.findLast((event) => event.activityTaskScheduledEventAttributes !== undefined);
    if (scheduled?.activityTaskScheduledEventAttributes === undefined) throw new Error('no activity stands in it');
    scheduled.activityTaskScheduledEventAttributes.activityType.name = 'something_else';
    await expect(replay(history)).rejects.toThrow();
  });
});
