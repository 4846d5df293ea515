/** Swaps a file in one step: whoever reads it has the old text or the new one, whole, and after a crash as well. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClientError } from '../../client/client-error.ts';
import { line } from '../terminal.ts';

/** What stands at `path`, or null where nothing does. Refused: a link, which may lead elsewhere, and what is no file. */
export function bytesInPlace(path: string): Buffer | null {
  const found = statOf(path);
  if (found === undefined) return null;
  if (found.isSymbolicLink())
    throw new ClientError('refused', `${line(path)} is a link; name the file itself with --to. Nothing was changed.`);
  if (found.isDirectory())
    throw new ClientError(
      'refused',
      `${line(path)} is a folder; name the file: ${line(join(path, 'policy.yaml'))}. Nothing was changed.`,
    );
  if (!found.isFile()) throw new ClientError('refused', `${line(path)} is not a file. Nothing was changed.`);
  return trying(path, () => readFileSync(path));
}

/** Refused where a file could not be written to `path` nor the old one kept beside it; nothing is written yet. */
export function checkPlace(path: string): void {
  trying(path, () => {
    accessSync(dirname(path), constants.W_OK);
    if (statOf(`${path}.previous`)?.isDirectory() === true) throw new Error(`${path}.previous is a folder`);
  });
}

/** Writes `text` to `path`; what was there is kept as `path.previous`, byte for byte, and its name is returned. */
export function replaceFile(path: string, text: string, before: Uint8Array | null): string | null {
  return trying(path, () => {
    const like = statOf(path);
    const previous = `${path}.previous`;
    const keeps = before !== null && like !== undefined;
    if (keeps) swapIn(previous, before, like);
    swapIn(path, text, like);
    syncFolder(dirname(path));
    return keeps ? previous : null;
  });
}

/** The new name takes the place of whatever bore it before, a link too. */
function swapIn(path: string, content: string | Uint8Array, like: Stats | undefined): void {
  const aside = `${path}.${process.pid}.part`;
  // Nobody reads it who may not read what it replaces, not even while it is written.
  const mode = like === undefined ? 0o644 : 0o600;
  rmSync(aside, { force: true });
  try {
    const file = openSync(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    try {
      writeFileSync(file, content);
      if (like !== undefined) keepOwner(file, like);
      if (like !== undefined) fchmodSync(file, like.mode & 0o777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Only root can; anyone else’s file becomes theirs, as with any editor. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  if (process.getuid?.() === 0) fchownSync(file, uid, gid);
}

function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function statOf(path: string): Stats | undefined {
  return trying(path, () => lstatSync(path, { throwIfNoEntry: false }));
}

function trying<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ClientError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ClientError(
        'notFound',
        `There is no folder for ${line(path)}: make it, or name another place with --to.`,
      );
    throw new ClientError(
      'refused',
      `${line(path)} cannot be replaced: ${line(message)}. The policy in force is as it was.`,
    );
  }
}
