/** The agent’s workspace as a port, by descriptor walks. Refusals are values; only a broken disk throws. */
import type { FileHandle } from 'node:fs/promises';
import type { FileRefusal, WorkspaceFiles } from '../../tools/ports/workspace-files.ts';
import { Refusal, filesUnavailable, inFolder, inParent } from './descriptor-walk.ts';
import { listEntries } from './list-entries.ts';
import { readWhole } from './read-whole.ts';
import { inspectFile, removeFile } from './remove-file.ts';

/** Throws where it cannot work; ask `filesUnavailable(root)` before. */
export function createWorkspaceFiles(root: string): WorkspaceFiles {
  const unavailable = filesUnavailable(root);
  if (unavailable !== null) throw new Error(unavailable);
  const atFile = <T>(path: string, use: (folder: FileHandle, name: string) => Promise<T>): Promise<T | FileRefusal> =>
    refusing(path === '.' ? Promise.reject(new Refusal('unfit', 'it is a folder')) : inParent(root, path, use));
  return {
    list: (path) =>
      refusing(
        inFolder(root, path === '.' ? [] : path.split('/'), async (folder) => ({
          kind: 'ok' as const,
          entries: await listEntries(folder),
        })),
      ),
    read: (path, maxBytes) =>
      atFile(path, async (folder, name) => ({ kind: 'ok' as const, file: await readWhole(folder, name, maxBytes) })),
    inspect: (path) =>
      atFile(path, async (folder, name) => ({ kind: 'ok' as const, doomed: await inspectFile(folder, name, path) })),
    remove: (doomed) => atFile(doomed.path, (folder, name) => removeFile(folder, name, doomed)),
  };
}

async function refusing<T>(work: Promise<T>): Promise<T | FileRefusal> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) return error.refusal;
    throw error;
  }
}
