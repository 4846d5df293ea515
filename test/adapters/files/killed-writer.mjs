// Writes one file in turns, old and new, until it is killed. node killed-writer.mjs ROOT
import { createWorkspaceChanges } from '../../../dist/adapters/files/workspace-changes.js';

const changes = createWorkspaceChanges({ root: process.argv[2], trashDays: 30, now: () => new Date() });
const [old, fresh] = ['o', 'n'].map((letter) => changes.contentOf(Buffer.alloc(300_000, letter)));
process.stdout.write('ready\n');
for (let n = 0; ; n += 1) {
  for (const [before, after] of [
    [old, fresh],
    [fresh, old],
  ]) {
    // Only one of them is what is there: the other is refused.
    await changes.write({ path: 'file', before: { size: before.size, sha256: before.sha256 }, after });
  }
  await changes.write({ path: `new-${process.pid}-${n}`, before: null, after: fresh });
}
