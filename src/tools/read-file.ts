import { decodeText } from '../domain/decode-text.ts';
import { one } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import { refusedFile } from './refused-file.ts';

const MAX_BYTES = 200 * 1024;

export const readFile = defineTool({
  name: 'read_file',
  description: 'Reads one text file of the workspace (UTF-8, at most 200 KB).',
  permission: 'read_files',
  role: 'files',
  arguments: { path: one(path, 'file, relative to the workspace, e.g. "notes/plan.md"') },
  needs: ['files'],
  labels: ['private'],
  timeoutMs: 20_000,
  effect: 'read',
  summary: (args) => args.path,
  // The bytes are read here and only told later: what the decision was about is what is told.
  prepare: async (args, _place, { files }) => {
    const read = await files.read(args.path, MAX_BYTES);
    if (read.kind !== 'ok') return refusedFile(args.path, read);
    const { file } = read;
    const facts = { sha256: file.sha256, size: file.size };
    return {
      kind: 'ready',
      facts,
      preview: [{ label: 'File', text: `${args.path} (${file.size} bytes)` }],
      material: file,
    };
  },
  perform: async (file) => {
    const text = decodeText(file.bytes);
    const evidence = { sha256: file.sha256, size: file.size };
    const shown = text ?? `(not text: ${file.size} bytes, SHA-256 ${file.sha256})`;
    return { kind: 'done', text: shown === '' ? '(the file is empty)' : shown, evidence };
  },
});
