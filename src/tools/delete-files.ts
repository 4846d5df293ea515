import { utf8Length } from '../domain/text-size.ts';
import { listOf } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import type { Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { DeletedFile, DoomedFile, FileRefusal, WorkspaceFiles } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

export const deleteFiles = defineTool({
  name: 'delete_files',
  description: 'Deletes files of the workspace. All of them are shown to a person first where the policy asks.',
  permission: 'delete_data',
  role: 'files',
  arguments: { paths: listOf(path, 50, 'files, relative to the workspace') },
  needs: ['files'],
  labels: [],
  timeoutMs: 60_000,
  effect: 'once',
  summary: ({ paths }) => paths.join(', '),
  prepare: async ({ paths }, _place, { files }, signal) => {
    if (new Set(paths).size !== paths.length) return { kind: 'failed', why: 'A file is named twice.' };
    const doomed: DoomedFile[] = [];
    for (const each of paths) {
      if (signal.aborted) return { kind: 'failed', why: 'Looking at the files took too long.' };
      const inspected = await files.inspect(each);
      if (inspected.kind !== 'ok') return refusedFile(each, inspected);
      doomed.push(inspected.doomed);
    }
    return {
      kind: 'ready',
      facts: { files: doomed.map(({ path: name, size, sha256 }) => ({ path: name, size, sha256 })) },
      preview: doomed.map((file) => ({ label: labelOf(file), text: file.head })),
      material: doomed,
    };
  },
  perform: async (doomed, { files }, signal) => {
    const endings: Ending[] = [];
    for (const file of doomed) {
      endings.push({ path: file.path, end: signal.aborted ? CANCELLED : await removed(files, file) });
      if (endings.at(-1)?.end.kind === 'unknown') break;
    }
    return performanceOf(endings, doomed);
  },
});

/** What the text beneath is, said where no file can write. */
function labelOf({ path: name, size, sha256, head }: DoomedFile): string {
  const about = `Delete ${name} (${size} bytes, SHA-256 ${sha256.slice(0, 12)})`;
  if (size === 0) return `${about}: it is empty`;
  if (head === '') return `${about}: it is not text`;
  return utf8Length(head) < size ? `${about}: it begins` : `${about}: its whole text`;
}

type End =
  | DeletedFile
  | FileRefusal
  | { readonly kind: 'cancelled'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

interface Ending {
  readonly path: string;
  readonly end: End;
}

const CANCELLED: End = { kind: 'cancelled', why: 'it was cancelled before' };

/** One file that went wrong must not hide what became of the others. */
async function removed(files: WorkspaceFiles, file: DoomedFile): Promise<End> {
  try {
    return await files.remove(file);
  } catch {
    return { kind: 'unknown', why: 'the disk gave no clear answer' };
  }
}

function performanceOf(endings: readonly Ending[], doomed: readonly DoomedFile[]): Performance {
  const gone = endings.filter(({ end }) => end.kind === 'deleted').map(({ path: name }) => name);
  const kept = endings.flatMap(({ path: name, end }) => (end.kind === 'deleted' ? [] : [`${name} (${end.why})`]));
  const deleted = gone.length === 0 ? 'Nothing was deleted.' : `Deleted: ${gone.join(', ')}.`;
  const lost = endings.find(({ end }) => end.kind === 'unknown');
  if (lost !== undefined) {
    const untouched = doomed.slice(endings.length).map(({ path: name }) => name);
    const rest = untouched.length === 0 ? '' : `; not touched: ${untouched.join(', ')}`;
    return { kind: 'unknown', why: `${deleted} It is not clear of ${lost.path}${rest}` };
  }
  if (gone.length === 0) return { kind: 'failed', text: `${deleted} Kept: ${kept.join(', ')}.` };
  const text = kept.length === 0 ? deleted : `${deleted} Not deleted: ${kept.join(', ')}.`;
  const keptPaths = endings.filter(({ end }) => end.kind !== 'deleted').map(({ path: name }) => name);
  return { kind: 'done', text, evidence: { deleted: gone, kept: keptPaths } };
}
