/**
 * The walk beneath the workspace (S12): every component is opened through its parent’s descriptor with O_NOFOLLOW, so a
 * link at any depth, a swapped folder or a path that leaves the root is refused by the kernel, not by comparing strings.
 * Node has no openat; on Linux `/proc/self/fd/N/name` is one. Descriptors are always closed.
 */
import { constants, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { ownString } from '../../domain/json.ts';
import type { FileRefusal } from '../../tools/ports/workspace-files.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Thrown inside this folder only; the port answers with its refusal. */
export class Refusal extends Error {
  readonly refusal: FileRefusal;
  constructor(kind: FileRefusal['kind'], why: string) {
    super(why);
    this.refusal = { kind, why };
  }
}

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

/** Opens the folder that holds the last segment of `path`, and calls `use` with it and that segment. */
export async function inParent<T>(
  root: string,
  path: string,
  use: (folder: FileHandle, name: string) => Promise<T>,
): Promise<T> {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  return inFolder(root, segments, (folder) => use(folder, name));
}

/** Opens a folder by its segments beneath the root; an empty list is the root itself. */
export async function inFolder<T>(
  root: string,
  segments: readonly string[],
  use: (folder: FileHandle) => Promise<T>,
): Promise<T> {
  let folder = await openRoot(root);
  try {
    for (const segment of segments) {
      assertSegment(segment);
      const next = await openIn(folder, segment, O_RDONLY | O_DIRECTORY);
      await folder.close();
      folder = next;
    }
    return await use(folder);
  } finally {
    await folder.close();
  }
}

/** Opens a regular file with a single name, without waiting: a FIFO or device never hangs a worker. */
export async function openFile(folder: FileHandle, name: string): Promise<FileHandle> {
  assertSegment(name);
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

function assertSegment(segment: string): void {
  if (segment === '' || segment === '.' || segment === '..' || segment.includes('/') || segment.includes('\0')) {
    throw new Refusal('refused', 'the path leaves the workspace');
  }
}

/** The root itself is the operator’s choice, so a link to it is followed; it lies outside of the agent’s reach (S12). */
async function openRoot(root: string): Promise<FileHandle> {
  try {
    return await open(root, O_RDONLY | O_DIRECTORY);
  } catch {
    throw new Refusal('unfit', 'the workspace itself cannot be opened');
  }
}

async function openIn(folder: FileHandle, name: string, flags: number): Promise<FileHandle> {
  try {
    return await open(within(folder, name), flags | O_NOFOLLOW);
  } catch (error) {
    throw readOpenError(error, name);
  }
}

/** The code of a system error (`ENOENT`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return ownString(error, 'code');
}

function readOpenError(error: unknown, name: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new Refusal('missing', `there is no "${name}"`);
    case 'ELOOP':
      return new Refusal('refused', `"${name}" is a symbolic link, and no link is followed`);
    case 'ENOTDIR':
      return new Refusal('refused', `"${name}" is not a folder (or is a link to one, and no link is followed)`);
    case 'ENXIO':
      return new Refusal('refused', `"${name}" is not a regular file`);
    case 'EACCES':
    case 'EPERM':
      return new Refusal('unfit', `"${name}" may not be read`);
    case undefined:
    default:
      return error;
  }
}
