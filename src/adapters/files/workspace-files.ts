/** The agent’s workspace as a port, by descriptor walks. Refusals are values; only a broken disk throws. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { decodeText } from '../../domain/decode-text.ts';
import type {
  DeletedFile,
  DoomedFile,
  FileContent,
  FileEntry,
  FileRefusal,
  WorkspaceFiles,
} from '../../tools/ports/workspace-files.ts';
import { Refusal, filesUnavailable, inFolder, inParent, openFile, within } from './descriptor-walk.ts';

const MAX_ENTRIES = 1000;
/** Larger files can be neither read nor deleted by the agent: what cannot be shown is not done. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const HEAD_CHARACTERS = 400;

/**
 * Throws where the platform cannot do it (see `filesUnavailable`). Deletion compares identity and content with what was
 * inspected right before it unlinks by name; between the two another local process could still swap the file.
 */
export function createWorkspaceFiles(root: string): WorkspaceFiles {
  const unavailable = filesUnavailable();
  if (unavailable !== null) throw new Error(unavailable);
  return {
    list: (path) => refusing(async () => ({ kind: 'ok' as const, entries: await listEntries(root, path) })),
    read: (path, maxBytes) =>
      refusing(() =>
        inParent(root, path, async (folder, name) => ({
          kind: 'ok' as const,
          file: await readWhole(folder, name, maxBytes),
        })),
      ),
    inspect: (path) =>
      refusing(() =>
        inParent(root, path, async (folder, name) => ({
          kind: 'ok' as const,
          doomed: await inspect(folder, name, path),
        })),
      ),
    remove: (doomed) => refusing(() => inParent(root, doomed.path, (folder, name) => remove(folder, name, doomed))),
  };
}

async function refusing<T>(work: () => Promise<T>): Promise<T | FileRefusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.refusal;
    throw error;
  }
}

function listEntries(root: string, path: string): Promise<readonly FileEntry[]> {
  const segments = path === '.' ? [] : path.split('/');
  return inFolder(root, segments, async (folder) => {
    const names = await readdir(within(folder, '.'));
    if (names.length > MAX_ENTRIES) throw new Refusal('unfit', `the folder has more than ${MAX_ENTRIES} entries`);
    const entries = await Promise.all(names.toSorted().map((name) => entryOf(folder, name)));
    return entries.filter((entry) => entry !== undefined);
  });
}

async function entryOf(folder: FileHandle, name: string): Promise<FileEntry | undefined> {
  try {
    const stat = await lstat(within(folder, name));
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    return { name, kind, size: kind === 'file' ? stat.size : 0 };
  } catch {
    // Gone since it was listed.
    return undefined;
  }
}

async function readWhole(folder: FileHandle, name: string, maxBytes: number): Promise<FileContent> {
  const file = await openFile(folder, name);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new Refusal('unfit', `"${name}" has ${size} bytes; at most ${maxBytes} can be read`);
    const bytes = await readUpTo(file, maxBytes);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  } finally {
    await file.close();
  }
}

/** A file may grow while it is read: one byte more than allowed is too much. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(Math.min(65_536, maxBytes + 1 - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    total += bytesRead;
    if (total > maxBytes) throw new Refusal('unfit', `the file has more than ${maxBytes} bytes`);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

async function inspect(folder: FileHandle, name: string, path: string): Promise<DoomedFile> {
  const { bytes, sha256, size } = await readWhole(folder, name, MAX_FILE_BYTES);
  return { path, size, sha256, head: headOf(bytes) };
}

function headOf(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text === undefined) return '(not text)';
  const lines = text.split('\n').slice(0, 5).join('\n');
  return lines.length <= HEAD_CHARACTERS ? lines : `${lines.slice(0, HEAD_CHARACTERS)}…`;
}

async function remove(folder: FileHandle, name: string, doomed: DoomedFile): Promise<DeletedFile> {
  const now = await readWhole(folder, name, MAX_FILE_BYTES);
  if (now.sha256 !== doomed.sha256)
    return { kind: 'changed', path: doomed.path, why: 'its content has changed since it was looked at' };
  await unlink(within(folder, name));
  return { kind: 'deleted', path: doomed.path };
}
