import { free, listOf, one } from '../policy/kinds/argument.ts';
import { canonical, none, stringKind } from '../policy/kinds/kind.ts';
import { path } from '../policy/kinds/path.ts';
import type { Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { Skipped, Tally } from './file-endings.ts';
import { changeEach, inspectSome, knownOf, tallyOf } from './file-endings.ts';
import { nameOf, namesOf } from './file-names.ts';
import { labelOfFile } from './label-of-file.ts';

const deletionId = stringKind('text', 16, (raw) =>
  /^[0-9a-f]{16}$/.test(raw)
    ? canonical(raw)
    : none('a deletion has 16 digits of 0 to 9 and a to f, as delete_files told'),
);

export const restoreFiles = defineTool({
  name: 'restore_files',
  description: 'Brings deleted files back from the trash to where they were. Never overwrites.',
  permission: 'write_files',
  role: 'files',
  arguments: {
    deletion: free(one(deletionId, 'the deletion, as delete_files told it: 16 digits, e.g. "0123456789abcdef"')),
    paths: listOf(path, 50, 'files of that deletion, as they were called'),
  },
  needs: ['changes'],
  labels: [],
  timeoutMs: 60_000,
  effect: 'once',
  summary: ({ deletion, paths }) => `${namesOf(paths)} from deletion ${deletion}`,
  prepare: async ({ deletion, paths }, _place, { changes }, signal) => {
    const newFolders = new Set<string>();
    // Whoever writes one file anew at one of the paths must not keep all the others in the trash.
    const inspected = await inspectSome(paths, signal, async (each) => {
      const vacant = await changes.vacant(each);
      if (vacant.kind !== 'ok') return vacant;
      const trashed = await changes.inspectTrashed(deletion, each);
      if (trashed.kind === 'ok') vacant.newFolders.forEach((folder) => newFolders.add(folder));
      return trashed;
    });
    if (inspected.kind !== 'ok') return inspected;
    const { files, skipped } = inspected;
    const known = files.map(knownOf);
    return {
      kind: 'ready',
      facts: { deletion, files: known, notRestored: skipped.map(({ path: each, why }) => ({ path: each, why })) },
      preview: [
        ...files.map((file) => ({ label: labelOfFile('Restore', file), text: file.head })),
        ...(newFolders.size === 0 ? [] : [{ label: 'New folders', text: [...newFolders].join('\n') }]),
        ...(skipped.length === 0 ? [] : [{ label: 'Not restored', text: skipped.map(reasonOf).join('\n') }]),
      ],
      material: { deletion, files: known, skipped },
    };
  },
  perform: async ({ deletion, files, skipped }, { changes }, signal) => {
    const endings = await changeEach(files, signal, (file) => changes.restore(deletion, file, signal));
    return performanceOf(tallyOf(endings, files), skipped, deletion);
  },
});

function reasonOf({ path: each, why }: Skipped): string {
  return `${nameOf(each)} (${why})`;
}

function performanceOf(tally: Tally, skipped: readonly Skipped[], deletion: string): Performance {
  const { done, lost } = tally;
  const before = skipped.map(reasonOf).join(', ');
  const restored = done.length === 0 ? 'Nothing was restored.' : `Restored: ${namesOf(done)}.`;
  if (lost !== null) return { kind: 'unknown', why: `${restored} ${lost}${before && `; not restored: ${before}`}` };
  const reasons = [tally.keptWhy, before].filter((words) => words !== '').join(', ');
  const rest = reasons === '' ? '' : ` Not restored: ${reasons}.`;
  if (done.length === 0) return { kind: 'failed', text: `${restored}${rest}` };
  const kept = [...tally.kept, ...skipped.map(({ path: each }) => each)];
  return { kind: 'done', text: `${restored}${rest}`, evidence: { restored: done, kept, trash: deletion } };
}
