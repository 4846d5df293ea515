import { one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import { refusedFile } from './refused-file.ts';

export const listFiles = defineTool({
  name: 'list_files',
  description: 'Lists one folder of the workspace: names, kinds and sizes. Not recursive. "." is the workspace itself.',
  permission: 'read_files',
  role: 'files',
  arguments: { path: one(path, 'folder, relative to the workspace, e.g. "notes"') },
  needs: ['files'],
  timeoutMs: 20_000,
  effect: 'read',
  summary: (args) => args.path,
  prepare: async (args) => ({
    kind: 'ready',
    facts: {},
    preview: [{ label: 'Folder', text: args.path }],
    material: args.path,
  }),
  perform: async (folder, { files }) => {
    const listed = await files.list(folder);
    if (listed.kind !== 'ok') return { kind: 'failed', text: refusedFile(folder, listed).why };
    const lines = listed.entries.map(({ name, kind, size }) =>
      kind === 'file' ? `${name} (${size} bytes)` : `${name}${kind === 'folder' ? '/' : ' (not a regular file)'}`,
    );
    return {
      kind: 'done',
      text: lines.length === 0 ? `${folder} is empty.` : lines.join('\n'),
      evidence: { entries: listed.entries.length },
      labels: ['private'],
    };
  },
});
