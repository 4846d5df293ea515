import { one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import { nameOf } from './file-names.ts';
import { labelOfFile } from './label-of-file.ts';
import { refusedFile } from './refused-file.ts';

export const moveFile = defineTool({
  name: 'move_file',
  description:
    'Moves or renames one file within the workspace, making the folders it needs. Never overwrites. Folders are not moved.',
  permission: 'write_files',
  role: 'files',
  arguments: {
    from: one(path, 'file, relative to the workspace'),
    to: one(path, 'its new path, with the file name'),
  },
  needs: ['changes'],
  labels: [],
  timeoutMs: 30_000,
  effect: 'once',
  summary: ({ from, to }) => `${nameOf(from)} → ${nameOf(to)}`,
  prepare: async ({ from, to }, _place, { changes }) => {
    if (from === to) return { kind: 'failed', why: 'Both paths are the same.' };
    const inspected = await changes.inspect(from);
    if (inspected.kind !== 'ok') return refusedFile(from, inspected);
    const vacant = await changes.vacant(to);
    if (vacant.kind !== 'ok') return refusedFile(to, vacant);
    const { size, sha256, head } = inspected.file;
    const folders =
      vacant.newFolders.length === 0 ? [] : [{ label: 'New folders', text: vacant.newFolders.join('\n') }];
    return {
      kind: 'ready',
      facts: { from, to, size, sha256 },
      preview: [
        { label: 'From', text: from },
        { label: 'To', text: to },
        ...folders,
        { label: labelOfFile('Move', inspected.file), text: head },
      ],
      material: { path: from, to, size, sha256 },
    };
  },
  perform: async (move, { changes }, signal) => {
    const moved = await changes.move(move, signal);
    const { path: from, to, size, sha256 } = move;
    switch (moved.kind) {
      case 'done':
        return { kind: 'done', text: `${nameOf(from)} is now ${nameOf(to)}.`, evidence: { from, to, size, sha256 } };
      case 'changed':
      case 'refused':
      case 'missing':
      case 'unfit':
        return { kind: 'failed', text: `${nameOf(from)} was not moved: ${moved.why}.` };
      case 'unknown':
        return { kind: 'unknown', why: `${nameOf(from)} was to become ${nameOf(to)}: ${moved.why}` };
    }
  },
});
