import { utf8Length } from '../domain/text-size.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import type { FileEntry } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

/** Of the entries that are told. */
const MAX_BYTES = 200 * 1024;

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
      text: listed.entries.length === 0 ? `${folder} is empty.` : linesOf(listed.entries),
      evidence: { entries: listed.entries.length },
    };
  },
});

/** Names that hold much that must be made visible become long: what is told of them is cut between entries. */
function linesOf(entries: readonly FileEntry[]): string {
  const lines: string[] = [];
  let bytes = 0;
  for (const line of entries.map(lineOf)) {
    bytes += utf8Length(line) + 1;
    if (bytes > MAX_BYTES) break;
    lines.push(line);
  }
  const left = entries.length - lines.length;
  if (left > 0) lines.push(`(${left} more of ${entries.length} entries are not shown, for the list is too long)`);
  return lines.join('\n');
}

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
