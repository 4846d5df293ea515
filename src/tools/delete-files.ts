import { listOf } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import type { Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { Tally } from './file-endings.ts';
import { changeEach, inspectEach, knownOf, tallyOf } from './file-endings.ts';
import { namesOf } from './file-names.ts';
import { labelOfFile } from './label-of-file.ts';
import type { Deletion } from './ports/workspace-changes.ts';

export const deleteFiles = defineTool({
  name: 'delete_files',
  description:
    'Moves files of the workspace into a trash, out of your reach; for some days restore_files can bring them back. All of them are shown to a person first where the policy asks.',
  permission: 'delete_data',
  role: 'files',
  arguments: { paths: listOf(path, 50, 'files, relative to the workspace') },
  needs: ['changes'],
  labels: [],
  timeoutMs: 60_000,
  effect: 'once',
  summary: ({ paths }) => namesOf(paths),
  prepare: async ({ paths }, place, { changes }, signal) => {
    const inspected = await inspectEach(paths, signal, (each) => changes.inspect(each));
    if (inspected.kind !== 'ok') return inspected;
    const { files } = inspected;
    const known = files.map(knownOf);
    const { id, days } = changes.deletionAt(place);
    return {
      kind: 'ready',
      facts: { files: known },
      preview: [
        ...files.map((file) => ({ label: labelOfFile('Delete', file), text: file.head })),
        { label: 'Trash', text: `Kept ${days === 1 ? '1 day' : `${days} days`} as deletion ${id}` },
      ],
      material: { id, files: known },
    };
  },
  perform: async ({ id, files }, { changes }, signal) => {
    const deletion = await changes.openDeletion(id, files);
    if (deletion.kind !== 'ok') return { kind: 'failed', text: `Nothing was deleted: ${deletion.why}.` };
    const endings = await changeEach(files, signal, (file, index) => changes.trash(id, index, file, signal));
    const tally = tallyOf(endings, files);
    if (tally.done.length === 0 && tally.lost === null) await changes.dropDeletion(id);
    return performanceOf(tally, deletion);
  },
});

function performanceOf({ done, kept, keptWhy, lost }: Tally, { id, until }: Deletion): Performance {
  const trash = `In the trash as deletion ${id} until ${until}.`;
  const deleted = done.length === 0 ? 'Nothing was deleted.' : `Deleted: ${namesOf(done)}.`;
  if (lost !== null) return { kind: 'unknown', why: `${deleted} ${lost}. Look for deletion ${id} in the trash` };
  if (done.length === 0) return { kind: 'failed', text: `${deleted} Kept: ${keptWhy}.` };
  const rest = keptWhy === '' ? '' : ` Not deleted: ${keptWhy}.`;
  return {
    kind: 'done',
    text: `${deleted}${rest} ${trash}`,
    evidence: { deleted: done, kept, trash: id, until },
  };
}
