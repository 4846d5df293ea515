import { listOf } from '../policy/kinds/argument.ts';
import { path } from '../policy/kinds/path.ts';
import { defineTool } from './define-tool.ts';
import type { DeletedFile, DoomedFile, FileRefusal } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

export const deleteFiles = defineTool({
  name: 'delete_files',
  description: 'Deletes files of the workspace. All of them are shown to a person first where the policy asks.',
  permission: 'delete_data',
  role: 'files',
  arguments: { paths: listOf(path, 50, 'files, relative to the workspace') },
  needs: ['files'],
  timeoutMs: 60_000,
  effect: 'once',
  summary: ({ paths }) => paths.join(', '),
  prepare: async ({ paths }, _place, { files }) => {
    if (new Set(paths).size !== paths.length) return { kind: 'failed', why: 'A file is named twice.' };
    const doomed: DoomedFile[] = [];
    for (const each of paths) {
      const inspected = await files.inspect(each);
      if (inspected.kind !== 'ok') return refusedFile(each, inspected);
      doomed.push(inspected.doomed);
    }
    return {
      kind: 'ready',
      facts: Object.fromEntries(doomed.map(({ path: name, size, sha256 }) => [name, { size, sha256 }])),
      preview: doomed.map(({ path: name, size, sha256, head }) => ({
        label: `Delete ${name} (${size} bytes, SHA-256 ${sha256.slice(0, 12)})`,
        text: head === '' ? '(empty)' : head,
      })),
      material: doomed,
    };
  },
  perform: async (doomed, { files }, signal) => {
    const results: { readonly path: string; readonly result: DeletedFile | FileRefusal }[] = [];
    for (const file of doomed) {
      if (signal.aborted) break;
      results.push({ path: file.path, result: await files.remove(file) });
    }
    const gone = results.filter(({ result }) => result.kind === 'deleted').map(({ path: name }) => name);
    const kept = doomed.map(({ path: name }) => name).filter((name) => !gone.includes(name));
    const why = results.flatMap(({ path: name, result }) =>
      result.kind === 'deleted' ? [] : [`${name}: ${result.why}`],
    );
    const said =
      kept.length === 0
        ? ''
        : ` Not deleted: ${kept.join(', ')}${why.length === 0 ? ' (cancelled)' : ` (${why.join('; ')})`}.`;
    if (gone.length === 0) return { kind: 'failed', text: `Nothing was deleted.${said}` };
    return { kind: 'done', text: `Deleted: ${gone.join(', ')}.${said}`, evidence: { deleted: gone, kept } };
  },
});
