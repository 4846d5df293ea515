import { visibleLine } from '../domain/visible-text.ts';
import { one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import type { FileEntry } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

export const listFiles = defineTool({
  name: 'list_files',
  description: 'Lists one folder of the workspace: names, kinds and sizes. Not recursive. "." is the workspace itself.',
  permission: 'read_files',
  role: 'files',
  arguments: { path: one(path, 'folder, relative to the workspace, e.g. "notes"') },
  needs: ['files'],
  labels: ['private'],
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
    return {
      kind: 'done',
      text: listed.entries.length === 0 ? `${folder} is empty.` : listed.entries.map(lineOf).join('\n'),
      evidence: { entries: listed.entries.length },
    };
  },
});

/** On one line, whatever the name holds: a name must not pass for two entries. */
function lineOf({ name, kind, size }: FileEntry): string {
  const shown = visibleLine(name);
  switch (kind) {
    case 'file':
      return `${shown} (${size} bytes)`;
    case 'folder':
      return `${shown}/`;
    case 'other':
      return `${shown} (not a regular file)`;
  }
}
