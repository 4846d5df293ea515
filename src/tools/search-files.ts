import { visibleLine } from '../domain/visible-text.ts';
import { free, one, optional } from '../policy/kinds/argument.ts';
import { flag } from '../policy/kinds/flag.ts';
import { path } from '../policy/kinds/path.ts';
import { text } from '../policy/kinds/text.ts';
import { defineTool } from './define-tool.ts';
import { readFile } from './read-file.ts';
import type { SearchResult } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

export const searchFiles = defineTool({
  name: 'search_files',
  description:
    'Finds lines that hold a text, literally, in the text files of a folder and all folders beneath. Gives path, line number and line. Only files that read_file may read are searched.',
  permission: 'read_files',
  role: 'files',
  arguments: {
    path: one(path, 'folder, relative to the workspace; "." is the workspace itself'),
    text: free(one(text({ maxLength: 200, multiline: false }), 'what to find: one line, no pattern')),
    ignore_case: optional(free(one(flag, 'take a to z and A to Z for the same'))),
  },
  needs: ['files'],
  labels: ['private'],
  timeoutMs: 30_000,
  effect: 'read',
  summary: (args) => `${visibleLine(args.text)} in ${args.path}`,
  prepare: async (args, { judge }) => {
    if (args.text === '') return { kind: 'failed', why: 'There is nothing to find: the text is empty.' };
    const prefix = args.path === '.' ? '' : `${args.path}/`;
    // S2: a rule for a file holds for the lines of it too, from whatever folder a search begins.
    const { text: wanted } = args;
    const asked = judge(searchFiles, { path: args.path, text: wanted }) === 'ask';
    const mayRead = (name: string): boolean => {
      const parsed = readFile.parse({ path: prefix + name });
      if (parsed.kind === 'invalid') return false;
      const kinds = [judge(searchFiles, { ...parsed.args, text: wanted }), judge(readFile, parsed.args)];
      return kinds.every((kind) => kind === 'allow' || (asked && kind === 'ask'));
    };
    return {
      kind: 'ready',
      facts: {},
      preview: [
        { label: 'Search beneath', text: args.path },
        { label: 'For the text', text: args.text },
      ],
      material: { folder: args.path, options: { text: args.text, ignoreCase: args.ignore_case === true, mayRead } },
    };
  },
  perform: async ({ folder, options }, { files }, signal) => {
    const found = await files.search(folder, options, signal);
    if (found.kind !== 'ok') return { kind: 'failed', text: refusedFile(folder, found).why };
    const { matches, stopped } = found;
    const prefix = folder === '.' ? '' : `${folder}/`;
    const lines = matches.map(
      ({ path: name, line, text: shown }) => `${visibleLine(prefix + name)}:${line}: ${visibleLine(shown)}`,
    );
    return {
      kind: 'done',
      text: [...lines, ending(found, prefix)].join('\n'),
      evidence: {
        matches: matches.length,
        files: found.files,
        complete: stopped === null && found.cutFiles.length === 0,
      },
    };
  },
});

/** The last line, which no file writes: what was searched, and what was not. */
function ending({ matches, files, skipped, cutFiles, stopped }: SearchResult, prefix: string): string {
  const found = matches.length === 0 ? 'nothing found' : `${matches.length} matching lines`;
  const not =
    skipped === 0
      ? ''
      : `; ${skipped} not searched (no text, too large, not a regular file, or not open to you by the rules)`;
  const cut =
    cutFiles.length === 0 ? '' : `; more matches in ${cutFiles.map((name) => visibleLine(prefix + name)).join(', ')}`;
  return `(${found} in ${files} files${not}${cut}${stopped === null ? '' : `; stopped early: ${stopped}`})`;
}
