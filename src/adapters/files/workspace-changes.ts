/**
 * Changing the agent’s workspace as a port: by the same descriptor walks as looking at it (S12), one change at a time in
 * this process, after what a killed worker left was removed. Refusals are values; what throws leaves open what happened.
 */
import { createHash } from 'node:crypto';
import { deletionIdOf } from '../../contract/deletion-id.ts';
import type { KnownFile, WorkspaceChanges } from '../../tools/ports/workspace-changes.ts';
import type { FileContent } from '../../tools/ports/workspace-files.ts';
import { MAX_NEW_FOLDERS, assertSegment, filesUnavailable, identityIn, inFolder, inParent } from './descriptor-walk.ts';
import { moveLinked } from './hard-moves.ts';
import { inspectFile } from './inspect-file.ts';
import { Refusal, refusing } from './refusal.ts';
import { LEFT_OVER_MS, sweepTemporaries } from './temporary-files.ts';
import { DAY_MS, dropIfEmpty, inDeletion, inTrash, makeDeletion, sweepTrash, unknownDeletion } from './trash.ts';
import { trashFile } from './trash-file.ts';
import type { Manifest } from './trash-manifest.ts';
import { readManifest, writeManifest } from './trash-manifest.ts';
import { writeFileIn } from './write-file.ts';

export interface ChangesOptions {
  readonly root: string;
  /** For how long the trash keeps a deletion; fractions allowed. */
  readonly trashDays: number;
  readonly now: () => Date;
  /** How old a hidden file must be to count as left behind; 15 minutes if not given. */
  readonly leftOverMs?: number;
}

const MAKING = { makeFolders: true };

/** Throws where it cannot work; ask `filesUnavailable(root)` before. */
export function createWorkspaceChanges(options: ChangesOptions): WorkspaceChanges {
  const { root, trashDays, now, leftOverMs = LEFT_OVER_MS } = options;
  const unavailable = filesUnavailable(root);
  if (unavailable !== null) throw new Error(unavailable);
  const change = oneAtATime(async () => {
    await sweepTemporaries(root, leftOverMs);
    await sweepTrash(root, now(), trashDays);
  });
  const opened = <T>(id: string, use: Parameters<typeof inDeletion<T>>[2]): Promise<T | undefined> =>
    inTrash(root, false, (trash) => inDeletion(trash, id, use));
  return {
    contentOf,
    deletionAt: (place) => ({ id: deletionIdOf(place, sha256), days: trashDays }),
    inspect: (path) =>
      refusing(
        inParent(root, path, async (folder, name) => ({
          kind: 'ok' as const,
          file: await inspectFile(folder, name, path),
        })),
      ),
    vacant: (path) => refusing(lookVacant(root, path)),
    write: (write, signal) =>
      change(
        () =>
          inParent(
            root,
            write.path,
            (folder, name) => writeFileIn(folder, name, write),
            write.before === null ? MAKING : undefined,
          ),
        signal,
      ),
    move: (move, signal) =>
      change(
        () =>
          inParent(root, move.path, (folder, name) =>
            inParent(
              root,
              move.to,
              (toFolder, toName) => moveLinked({ folder, name }, { folder: toFolder, name: toName }, move, 'agent'),
              MAKING,
            ),
          ),
        signal,
      ),
    openDeletion: (id, files) =>
      change(async () => {
        await sweepTrash(root, now(), trashDays);
        const until = new Date(now().getTime() + trashDays * DAY_MS).toISOString();
        await inTrash(root, true, async (trash) => {
          await makeDeletion(trash, id);
          await inDeletion(trash, id, (folder) => writeManifest(folder, { at: now().toISOString(), until, files }));
        });
        return { kind: 'ok' as const, id, until };
      }),
    trash: (id, index, file, signal) =>
      change(async () => {
        const done = await opened(id, (deletion) =>
          inParent(root, file.path, (folder, name) =>
            trashFile({ folder, name }, { folder: deletion, name: String(index) }, file),
          ),
        );
        return done ?? unknownDeletion(id).refusal;
      }, signal),
    dropDeletion: async (id) => {
      await change(() => inTrash(root, false, (trash) => dropIfEmpty(trash, id)));
    },
    inspectTrashed: (id, path) =>
      refusing(
        inTrash(root, false, (trash) =>
          inDeletion(trash, id, async (folder) => {
            const { known, name } = entryOf(await readManifest(folder), id, path, now());
            const file = await inspectFile(folder, name, path, 'trash');
            if (file.sha256 !== known.sha256) throw new Refusal('unfit', 'it was changed in the trash');
            return { kind: 'ok' as const, file };
          }),
        ).then((found) => found ?? unknownDeletion(id).refusal),
      ),
    restore: (id, file, signal) =>
      change(async () => {
        const done = await opened(id, async (deletion) => {
          const { name } = entryOf(await readManifest(deletion), id, file.path, now());
          return inParent(
            root,
            file.path,
            (folder, toName) => moveLinked({ folder: deletion, name }, { folder, name: toName }, file, 'trash'),
            MAKING,
          );
        });
        // What stays of an empty deletion expires; the file is back, whatever becomes of that.
        if (done?.kind === 'done') await inTrash(root, false, (trash) => dropIfEmpty(trash, id)).catch(() => undefined);
        return done ?? unknownDeletion(id).refusal;
      }, signal),
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function contentOf(bytes: Uint8Array): FileContent {
  return { bytes, sha256: sha256(bytes), size: bytes.length };
}

type InTurn = <T>(work: () => Promise<T>, signal?: AbortSignal) => ReturnType<typeof refusing<T>>;

/**
 * Changes one after another: two writes of one file must not both find it as it was prepared. Waiting may take long, so
 * the signal is looked at when the turn has come: what was cancelled by then does nothing.
 */
function oneAtATime(begin: () => Promise<void>): InTurn {
  // A sweep that fails leaves hidden files behind, no more; the next start tries again.
  let last: Promise<unknown> = begin().catch(() => undefined);
  return (work, signal) => {
    const result = refusing(
      last.then(() => {
        if (signal?.aborted === true) throw new Refusal('unfit', 'it was cancelled before');
        return work();
      }),
    );
    last = result.catch(() => undefined);
    return result;
  };
}

async function lookVacant(
  root: string,
  path: string,
): Promise<{ readonly kind: 'ok'; readonly newFolders: readonly string[] }> {
  if (path === '.') throw new Refusal('unfit', 'it is a folder');
  const segments = path.split('/');
  segments.forEach(assertSegment);
  for (let depth = segments.length - 1; depth >= 0; depth -= 1) {
    const parents = segments.slice(0, depth);
    const taken = await refusing(
      inFolder(root, parents, async (folder) => ({ kind: await isTaken(folder, segments[depth] ?? '') })),
    );
    if (taken.kind === 'taken' && depth === segments.length - 1) {
      throw new Refusal('unfit', 'something of this name exists, and nothing is overwritten');
    }
    if (taken.kind === 'refused' || taken.kind === 'unfit') throw new Refusal(taken.kind, taken.why);
    if (taken.kind !== 'missing') {
      const newFolders = segments.slice(depth, -1).map((_, n) => segments.slice(0, depth + n + 1).join('/'));
      // Refused before any is made: else some of them would stay behind what failed.
      if (newFolders.length > MAX_NEW_FOLDERS) {
        throw new Refusal(
          'refused',
          `${newFolders.length} folders would have to be made; at most ${MAX_NEW_FOLDERS} are`,
        );
      }
      return { kind: 'ok', newFolders };
    }
  }
  return { kind: 'ok', newFolders: [] };
}

async function isTaken(folder: Parameters<typeof identityIn>[0], name: string): Promise<'taken' | 'free'> {
  return (await identityIn(folder, name)) === undefined ? 'free' : 'taken';
}

function entryOf(
  manifest: Manifest | undefined,
  id: string,
  path: string,
  now: Date,
): { readonly known: KnownFile; readonly name: string } {
  if (manifest === undefined || Date.parse(manifest.until) <= now.getTime()) throw unknownDeletion(id);
  const index = manifest.files.findIndex((file) => file.path === path);
  const known = manifest.files[index];
  if (known === undefined) throw new Refusal('missing', `the deletion ${id} has no such file`);
  return { known, name: String(index) };
}
