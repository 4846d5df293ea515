/** S7: what is cancelled while it waits for its turn does nothing, and says so; it is no unknown. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Tool } from '../../src/tools/define-tool.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import { moveFile } from '../../src/tools/move-file.ts';
import { restoreFiles } from '../../src/tools/restore-files.ts';
import { writeFile } from '../../src/tools/write-file.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { createStage, inspected, snapshot, trash } from '../adapters/files/stage.ts';
import { ready } from './act.ts';

const DELETION = '0123456789abcdef';

let stage: Stage;
beforeEach(async () => {
  stage = createStage();
  stage.put('gone', 'x');
  await trash(stage.changes, await inspected(stage.changes, 'gone'), DELETION);
});
afterEach(() => stage.remove());

test.each<[string, Tool, unknown]>([
  ['a file that is replaced', writeFile, { path: 'notes/plan.md', content: 'ours' }],
  ['a new file', writeFile, { path: 'a/b/new.md', content: 'ours' }],
  ['a move', moveFile, { from: 'notes/plan.md', to: 'moved/plan.md' }],
  ['a restoration', restoreFiles, { deletion: DELETION, paths: ['gone'] }],
  ['a deletion', deleteFiles, { paths: ['notes/plan.md'] }],
])('%s that is cancelled in the queue is not done', async (_what, tool, input) => {
  const prepared = await ready(tool, input, stage);
  const before = snapshot(stage.root);
  const cancelling = new AbortController();
  // What waits before it in the queue: it is cancelled by then, and was not when it was begun.
  const waiting = stage.changes.dropDeletion('ffffffffffffffff');
  const performed = prepared.perform(cancelling.signal);
  cancelling.abort();
  await waiting;
  expect(await performed).toEqual({ kind: 'failed', text: expect.stringContaining('it was cancelled before') });
  expect(snapshot(stage.root)).toBe(before);
});
