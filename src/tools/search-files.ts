import type { Decision } from '../domain/decision.ts';
import { visibleLine } from '../domain/visible-text.ts';
import { defaulting, free, one } from '../policy/kinds/argument.ts';
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
    ignore_case: free(defaulting(false, one(flag, 'take a to z and A to Z for the same'))),
  },
  needs: ['files'],
  labels: ['private'],
  timeoutMs: 30_000,
  effect: 'read',
  summary: (args) =>
    `${visibleLine(args.text)} in ${args.path}${args.ignore_case === true ? ', a to z as A to Z' : ''}`,
  prepare: async (args, { judge }) => {
    if (args.text === '') return { kind: 'failed', why: 'There is nothing to find: the text is empty.' };
    const prefix = args.path === '.' ? '' : `${args.path}/`;
    // S2: a rule for a file holds for the lines of it too, from whatever folder a search begins.
    const own = judge(searchFiles, args);
    const mayRead = (name: string): boolean => {
      const parsed = readFile.parse({ path: prefix + name });
      if (parsed.kind === 'invalid') return false;
      const decisions = [judge(searchFiles, { ...args, ...parsed.args }), judge(readFile, parsed.args)];
      return decisions.every((decision) => decision.kind === 'allow' || isAskedAlike(own, decision));
    };
    return {
      kind: 'ready',
      facts: {},
      preview: [
        { label: 'Search beneath, in files that the same people are asked about too', text: args.path },
        {
          label: args.ignore_case === true ? 'For the text, a to z taken for A to Z' : 'For the text',
          text: args.text,
        },
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

/** One approval counts for a file only where the very same people would have been asked about it. */
function isAskedAlike(own: Decision, decision: Decision): boolean {
  if (own.kind !== 'ask' || decision.kind !== 'ask') return false;
  const termsOf = ({ by, quorum }: typeof own.approval): string => JSON.stringify([[...by].toSorted(), quorum]);
  return termsOf(own.approval) === termsOf(decision.approval);
}

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
