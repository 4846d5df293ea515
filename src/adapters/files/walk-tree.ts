/** A bounded walk down a tree by descriptors: names sorted, files handed out one by one, no link followed (S12). */
import type { FileHandle } from 'node:fs/promises';
import type { Identity } from './descriptor-walk.ts';
import { identityIn, openFolder } from './descriptor-walk.ts';
import { namesIn } from './list-entries.ts';
import { Refusal } from './refusal.ts';

export interface TreeLimits {
  readonly depth: number;
  /** Entries of all folders together. */
  readonly entries: number;
}

export interface TreeVisitor {
  /** `path` from where the walk began, with slashes. */
  readonly file: (folder: FileHandle, name: string, path: string) => Promise<void>;
  /** A link, FIFO, socket or device, a folder that may not be opened, or a name that is no UTF-8. */
  readonly skipped: () => void;
  /** Why the walk must stop now, or null. */
  readonly stop: () => string | null;
}

/** Why it stopped early, or null. */
export async function walkTree(
  top: FileHandle,
  trash: Identity | undefined,
  limits: TreeLimits,
  visitor: TreeVisitor,
): Promise<string | null> {
  let entries = 0;
  let tooDeep: string | null = null;
  const visitFolder = async (folder: FileHandle, path: string, depth: number): Promise<string | null> => {
    const { names, more } = await namesIn(folder, limits.entries - entries);
    entries += names.length;
    for (const bytes of names.toSorted((a, b) => a.compare(b))) {
      const stopped = visitor.stop() ?? (await visitEntry(folder, bytes, path, depth));
      if (stopped !== null) return stopped;
    }
    return more ? `there are more than ${limits.entries} entries` : null;
  };
  const visitEntry = async (folder: FileHandle, bytes: Buffer, path: string, depth: number): Promise<string | null> => {
    const name = bytes.toString('utf8');
    const stat = Buffer.from(name).equals(bytes) ? await identityIn(folder, name) : undefined;
    if (stat?.isFile() === true) {
      await visitor.file(folder, name, `${path}${name}`);
      return null;
    }
    const next = stat?.isDirectory() === true ? await openOrSkip(folder, name) : undefined;
    if (next === undefined) {
      visitor.skipped();
      return null;
    }
    try {
      if (depth < limits.depth) return await visitFolder(next, `${path}${name}/`, depth + 1);
      tooDeep = `folders deeper than ${limits.depth} were left out`;
      return null;
    } finally {
      await next.close();
    }
  };
  const openOrSkip = async (folder: FileHandle, name: string): Promise<FileHandle | undefined> => {
    try {
      return await openFolder(folder, name, trash);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  };
  return (await visitFolder(top, '', 0)) ?? tooDeep;
}
