/** A workspace with something outside of it, real ports, and what the tests of both ask again and again. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWorkspaceChanges } from '../../../src/adapters/files/workspace-changes.ts';
import { createWorkspaceFiles } from '../../../src/adapters/files/workspace-files.ts';
import type { InspectedFile, WorkspaceChanges } from '../../../src/tools/ports/workspace-changes.ts';
import type { WorkspaceFiles } from '../../../src/tools/ports/workspace-files.ts';

export const SECRET = 'SECRET of the outside';

export interface Stage {
  readonly base: string;
  readonly root: string;
  readonly outside: string;
  readonly files: WorkspaceFiles;
  readonly changes: WorkspaceChanges;
  /** A path in the workspace as the file system knows it. */
  readonly at: (path: string) => string;
  readonly put: (path: string, content: string | Buffer) => void;
  readonly text: (path: string) => string;
  readonly remove: () => void;
}

export interface StageOptions {
  readonly trashDays?: number;
  readonly now?: () => Date;
}

export function createStage({ trashDays = 30, now = () => new Date() }: StageOptions = {}): Stage {
  const base = mkdtempSync(join(tmpdir(), 'countersign-files-'));
  const [root, outside] = [join(base, 'workspace'), join(base, 'outside')];
  for (const folder of [root, outside, join(outside, 'sub'), join(root, 'notes'), `${root}_evil`]) mkdirSync(folder);
  for (const folder of [outside, join(outside, 'sub'), `${root}_evil`])
    writeFileSync(join(folder, 'secret.txt'), SECRET);
  writeFileSync(join(root, 'notes', 'plan.md'), '# Plan\n');
  const at = (path: string): string => join(root, path);
  return {
    base,
    root,
    outside,
    files: createWorkspaceFiles(root),
    changes: createWorkspaceChanges({ root, trashDays, now }),
    at,
    put: (path, content) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    },
    text: (path) => readFileSync(at(path), 'utf8'),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Hash of names, kinds, modes, link targets and contents of a tree: whatever is done there changes it. */
export function snapshot(folder: string): string {
  const lines: string[] = [];
  // A name may be no UTF-8: Latin-1 keeps its bytes.
  const bytesOf = (path: string): Buffer => Buffer.from(path, 'latin1');
  const visit = (path: string, name: string): void => {
    const stat = lstatSync(bytesOf(path));
    const what = stat.isSymbolicLink()
      ? `link to ${readlinkSync(bytesOf(path), 'latin1')}`
      : stat.isFile()
        ? `${stat.size > 1e6 ? 'large' : sha256(readFileSync(bytesOf(path)))} ${stat.nlink}`
        : stat.isDirectory()
          ? 'folder'
          : 'other';
    lines.push(`${name} ${stat.mode} ${what}`);
    if (stat.isDirectory())
      for (const child of readdirSync(bytesOf(path), 'latin1').toSorted()) visit(join(path, child), `${name}/${child}`);
  };
  visit(Buffer.from(folder).toString('latin1'), '');
  return sha256(lines.join('\n'));
}

export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

export async function inspected(changes: WorkspaceChanges, path: string): Promise<InspectedFile> {
  const found = await changes.inspect(path);
  if (found.kind !== 'ok') throw new Error(found.why);
  return found.file;
}

/** Moves one file into the trash as a deletion of its own. */
export async function trash(changes: WorkspaceChanges, file: InspectedFile, id = '0123456789abcdef') {
  const deletion = await changes.openDeletion(id, [file]);
  return deletion.kind === 'ok' ? changes.trash(id, 0, file) : deletion;
}
