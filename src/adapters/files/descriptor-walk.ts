/**
 * The walk beneath the workspace (S12).
 *
 * 1. Every component is opened through its parent’s descriptor with O_NOFOLLOW, so a link at any depth, a swapped folder
 *    or a path that leaves the root is refused by the kernel, not by comparing strings. Node has no openat; on Linux
 *    `/proc/self/fd/N/name` is one.
 * 2. No reserved name is a step of the way, and no folder that is the trash, under whatever name it is found.
 * 3. Opening never waits (O_NONBLOCK): a FIFO or device hangs no worker. What is known to be one is not opened at all, for
 *    that alone wakes the program at its other end. Descriptors are always closed.
 */
import type { BigIntStats } from 'node:fs';
import { constants, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open } from 'node:fs/promises';
import { Refusal, changeRefusal, codeOf, openRefusal } from './refusal.ts';
import { TRASH, isReserved } from './reserved-names.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Folders in a path that may have to be made. */
export const MAX_NEW_FOLDERS = 32;

/** Why the file tools cannot work here (or, with a root, there), or null. */
export function filesUnavailable(root?: string): string | null {
  if (process.platform !== 'linux' || !isFolder('/proc/self/fd')) {
    return 'the file tools need Linux with /proc: they walk descriptors through it, so that no link is ever followed';
  }
  return root === undefined || isFolder(root) ? null : `the workspace ${root} is not a folder; create it first`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The path of `name` within an open folder. */
export function within(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

export interface WalkOptions {
  /** Folders of the path that do not exist are made. */
  readonly makeFolders: boolean;
}

const NOTHING_MADE: WalkOptions = { makeFolders: false };

/** Opens the folder that holds the last segment of `path`, and calls `use` with it and that segment. */
export async function inParent<T>(
  root: string,
  path: string,
  use: (folder: FileHandle, name: string) => Promise<T>,
  options = NOTHING_MADE,
): Promise<T> {
  if (path === '.') throw new Refusal('unfit', 'it is a folder');
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  segments.forEach(assertSegment);
  assertSegment(name);
  return inFolder(root, segments, (folder) => use(folder, name), options);
}

/** Opens a folder by its segments beneath the root; an empty list is the root itself. */
export async function inFolder<T>(
  root: string,
  segments: readonly string[],
  use: (folder: FileHandle) => Promise<T>,
  { makeFolders } = NOTHING_MADE,
): Promise<T> {
  let folder = await openRoot(root);
  let made = 0;
  try {
    const trash = await identityIn(folder, TRASH);
    for (const segment of segments) {
      const mayMake = makeFolders && made < MAX_NEW_FOLDERS;
      const next = await openFolder(folder, segment, trash).catch(async (error: unknown) => {
        if (!mayMake || !(error instanceof Refusal) || error.refusal.kind !== 'missing') throw error;
        made += 1;
        await makeFolder(folder, segment);
        return openFolder(folder, segment, trash);
      });
      await folder.close();
      folder = next;
    }
    return await use(folder);
  } finally {
    await folder.close();
  }
}

/** One step down. `trash`: what the folder must not be. */
export async function openFolder(folder: FileHandle, name: string, trash: Identity | undefined): Promise<FileHandle> {
  assertSegment(name);
  const next = await openIn(folder, name, O_RDONLY | O_DIRECTORY);
  try {
    if (trash !== undefined && isSameFile(await next.stat({ bigint: true }), trash)) {
      throw new Refusal('refused', `"${name}" is the trash`);
    }
    return next;
  } catch (error) {
    await next.close();
    throw error;
  }
}

async function makeFolder(folder: FileHandle, name: string): Promise<void> {
  try {
    await mkdir(within(folder, name));
    await syncFolder(folder);
  } catch (error) {
    // Another made it: whether it is a folder, the next step finds out.
    if (codeOf(error) !== 'EEXIST') throw changeRefusal(error, `the folder "${name}" could not be made`);
  }
}

/** Opens a regular file of the agent’s by a single name, without waiting. */
export async function openFile(folder: FileHandle, name: string): Promise<FileHandle> {
  assertSegment(name);
  return openRegular(folder, name);
}

/** As `openFile`, of whatever name: for what the file tools keep for themselves. */
export async function openRegular(folder: FileHandle, name: string): Promise<FileHandle> {
  const found = await identityIn(folder, name);
  if (found !== undefined && !found.isFile() && !found.isDirectory() && !found.isSymbolicLink()) {
    throw new Refusal('refused', `"${name}" is not a regular file`);
  }
  const file = await openIn(folder, name, O_RDONLY | O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw new Refusal('unfit', `"${name}" is a folder`);
    if (!stat.isFile()) throw new Refusal('refused', `"${name}" is not a regular file`);
    if (stat.nlink === 0) throw new Refusal('missing', `there is no "${name}" any more`);
    if (stat.nlink !== 1)
      throw new Refusal('refused', `"${name}" has more than one name (hard links), so it may lie elsewhere too`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

export function assertSegment(segment: string): void {
  if (segment === '' || segment === '.' || segment === '..' || segment.includes('/') || segment.includes('\0')) {
    throw new Refusal('refused', 'the path leaves the workspace');
  }
  if (isReserved(segment))
    throw new Refusal('refused', `"${segment}" is a name that the file tools keep for themselves`);
}

/** The root itself is the operator’s choice, so a link to it is followed; it lies outside of the agent’s reach (S12). */
export async function openRoot(root: string): Promise<FileHandle> {
  try {
    return await open(root, O_RDONLY | O_DIRECTORY);
  } catch {
    throw new Refusal('unfit', 'the workspace itself cannot be opened');
  }
}

/** Follows no link. What it makes is nobody else's to read. */
export async function openIn(folder: FileHandle, name: string, flags: number): Promise<FileHandle> {
  try {
    return await open(within(folder, name), flags | O_NOFOLLOW, 0o600);
  } catch (error) {
    throw openRefusal(error, name);
  }
}

export type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

export function isSameFile(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** What `name` stands for just now, itself and not where it leads, or undefined. */
export async function identityIn(folder: FileHandle, name: string): Promise<BigIntStats | undefined> {
  return lstat(within(folder, name), { bigint: true }).catch(() => undefined);
}

/** Makes what was done to the names in a folder last. Some file systems cannot, and say so with EINVAL. */
export async function syncFolder(folder: FileHandle): Promise<void> {
  try {
    await folder.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error;
  }
}
