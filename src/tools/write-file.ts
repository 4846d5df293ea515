import { free, one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { text } from '../policy/kinds/text.ts';
import { defineTool } from './define-tool.ts';
import { refusedFile } from './refused-file.ts';
import { MAX_REPLACED_BYTES, performWrite, prepareWrite } from './show-write.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Writes one text file of the workspace whole (UTF-8, line breaks as LF): a new one, with the folders it needs, or in place of the old one. To change a part, use edit_file.',
  permission: 'write_files',
  role: 'files',
  arguments: {
    path: one(path, 'file, relative to the workspace, e.g. "notes/plan.md"'),
    content: free(one(text({ maxLength: 131_072, multiline: true }), 'the whole text of the file')),
  },
  needs: ['files', 'changes'],
  labels: [],
  timeoutMs: 30_000,
  effect: 'once',
  summary: (args) => args.path,
  prepare: async (args, _place, { files, changes }) => {
    const after = changes.contentOf(new TextEncoder().encode(args.content));
    const vacant = await changes.vacant(args.path);
    if (vacant.kind === 'ok') return prepareWrite(args.path, null, after, vacant.newFolders);
    if (vacant.kind === 'refused') return refusedFile(args.path, vacant);
    const read = await files.read(args.path, MAX_REPLACED_BYTES);
    return read.kind === 'ok' ? prepareWrite(args.path, read.file, after, []) : refusedFile(args.path, read);
  },
  perform: (write, { changes }, signal) => performWrite(write, changes, signal),
});
