import { decodeExactly } from '../domain/decode-text.ts';
import { defaulting, free, needing, one } from '../policy/kinds/argument.ts';
import { flag } from '../policy/kinds/flag.ts';
import { path } from '../policy/kinds/path.ts';
import { text } from '../policy/kinds/text.ts';
import { defineTool } from './define-tool.ts';
import { readFile } from './read-file.ts';
import { refusedFile } from './refused-file.ts';
import { editText } from './edit-text.ts';
import { MAX_REPLACED_BYTES, performWrite, prepareWrite } from './show-write.ts';

const part = text({ maxLength: 65_536, multiline: true });

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces a part of one text file of the workspace. The old text must stand there exactly once, unless replace_all is true. The line ends of the file are kept.',
  permission: 'write_files',
  role: 'files',
  arguments: {
    path: one(path, 'file, relative to the workspace, e.g. "notes/plan.md"'),
    // Whether a text stands in a file is something read of it.
    old_text: needing(
      'read_files',
      free(one(part, 'what stands there now, with enough around it to be the only such place')),
    ),
    new_text: free(one(part, 'what is to stand there instead; empty to take it away')),
    replace_all: free(defaulting(false, one(flag, 'replace every place where it stands'))),
  },
  needs: ['files', 'changes'],
  // Whether a text stands there is something of the file: who may not read it must not find out unmarked.
  labels: ['private'],
  timeoutMs: 30_000,
  effect: 'once',
  summary: (args) => args.path,
  prepare: async (args, { judge }, { files, changes }) => {
    if (judge(readFile, { path: args.path }).kind !== 'allow') {
      return {
        kind: 'denied',
        why: `${args.path} is not open to read_file, so it cannot be edited; write_file writes a file whole.`,
      };
    }
    const read = await files.read(args.path, MAX_REPLACED_BYTES);
    if (read.kind !== 'ok') return refusedFile(args.path, read);
    const before = decodeExactly(read.file.bytes);
    if (before === undefined)
      return { kind: 'failed', why: `${args.path} is not text (UTF-8), so it cannot be edited.` };
    const edited = editText(before, args.old_text, args.new_text, args.replace_all === true);
    if (edited.kind === 'none') return { kind: 'failed', why: `${args.path}: ${edited.why}.` };
    const after = changes.contentOf(new TextEncoder().encode(edited.text));
    if (after.size > MAX_REPLACED_BYTES) {
      return { kind: 'failed', why: `${args.path} would become larger than ${MAX_REPLACED_BYTES} bytes.` };
    }
    return prepareWrite(args.path, read.file, after, []);
  },
  perform: (write, { changes }, signal) => performWrite(write, changes, signal),
});
