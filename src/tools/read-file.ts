import { decodeText } from '../domain/decode-text.ts';
import { defaulting, free, one } from '../policy/kinds/argument.ts';
import { number } from '../policy/kinds/number.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import { pagesOf } from './pages.ts';
import { refusedFile } from './refused-file.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PAGE = 100_000;

export const readFile = defineTool({
  name: 'read_file',
  description:
    'Reads one text file of the workspace (UTF-8, at most 8 MB). A long one comes in pages of about 40 KB; its last line says how many there are.',
  permission: 'read_files',
  role: 'files',
  arguments: {
    path: one(path, 'file, relative to the workspace, e.g. "notes/plan.md"'),
    page: free(
      defaulting(1, one(number({ min: 1, max: MAX_PAGE, integer: true }), 'which page of a long file; 1 if left out')),
    ),
  },
  needs: ['files'],
  labels: ['private'],
  timeoutMs: 20_000,
  effect: 'read',
  summary: (args) => (args.page === undefined ? args.path : `${args.path}, page ${args.page}`),
  // The bytes are read here and only told later: what the decision was about is what is told.
  prepare: async (args, _place, { files }) => {
    const read = await files.read(args.path, MAX_BYTES);
    if (read.kind !== 'ok') return refusedFile(args.path, read);
    const { bytes, sha256, size } = read.file;
    const text = decodeText(bytes);
    const pages = text === undefined ? [`(not text: ${size} bytes, SHA-256 ${sha256})`] : pagesOf(text);
    const page = args.page ?? 1;
    const shown = pages[page - 1];
    if (shown === undefined) {
      return { kind: 'failed', why: `${args.path} has ${pages.length === 1 ? '1 page' : `${pages.length} pages`}.` };
    }
    return {
      kind: 'ready',
      facts: { sha256, size },
      preview: [{ label: 'File', text: `${args.path} (${size} bytes)${pageOf(page, pages.length)}` }],
      material: { shown: `${shown}${footer(shown, page, pages.length)}`, evidence: { sha256, size } },
    };
  },
  perform: async ({ shown, evidence }) => ({
    kind: 'done',
    text: shown === '' ? '(the file is empty)' : shown,
    evidence,
  }),
});

function pageOf(page: number, pages: number): string {
  return pages === 1 ? '' : `, page ${page} of ${pages}`;
}

function footer(shown: string, page: number, pages: number): string {
  if (pages === 1) return '';
  const next = page < pages ? `; give "page": ${page + 1} for the next` : '; this is the last';
  return `${shown.endsWith('\n') ? '' : '\n'}(page ${page} of ${pages}${next})`;
}
