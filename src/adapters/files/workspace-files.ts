/** Looking at the agent’s workspace as a port, by descriptor walks. Refusals are values; only a broken disk throws. */
import type { FileHandle } from 'node:fs/promises';
import type { WorkspaceFiles } from '../../tools/ports/workspace-files.ts';
import { filesUnavailable, identityIn, inFolder, inParent, openRoot } from './descriptor-walk.ts';
import type { Identity } from './descriptor-walk.ts';
import { listEntries } from './list-entries.ts';
import { readWhole } from './read-whole.ts';
import { refusing } from './refusal.ts';
import { TRASH } from './reserved-names.ts';
import type { SearchLimits } from './search-files.ts';
import { SEARCH_LIMITS, searchFolder } from './search-files.ts';

/** Throws where it cannot work; ask `filesUnavailable(root)` before. */
export function createWorkspaceFiles(root: string, searchLimits: SearchLimits = SEARCH_LIMITS): WorkspaceFiles {
  const unavailable = filesUnavailable(root);
  if (unavailable !== null) throw new Error(unavailable);
  const atFolder = <T>(path: string, use: (folder: FileHandle) => Promise<T>): Promise<T> =>
    inFolder(root, path === '.' ? [] : path.split('/'), use);
  return {
    list: (path) =>
      refusing(atFolder(path, async (folder) => ({ kind: 'ok' as const, entries: await listEntries(folder) }))),
    read: (path, maxBytes) =>
      refusing(
        inParent(root, path, async (folder, name) => ({
          kind: 'ok' as const,
          file: await readWhole(folder, name, maxBytes),
        })),
      ),
    search: (path, options, signal) =>
      refusing(
        atFolder(path, async (folder) =>
          searchFolder(folder, await trashIdentity(root), options, searchLimits, signal),
        ),
      ),
  };
}

async function trashIdentity(root: string): Promise<Identity | undefined> {
  const top = await openRoot(root);
  try {
    return await identityIn(top, TRASH);
  } finally {
    await top.close();
  }
}
