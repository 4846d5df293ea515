/** Every file tool tried with one path, through its own definition and real ports, as the guard does it. */
import type { Tool } from '../../src/tools/define-tool.ts';
import { deleteFiles } from '../../src/tools/delete-files.ts';
import { editFile } from '../../src/tools/edit-file.ts';
import { listFiles } from '../../src/tools/list-files.ts';
import { moveFile } from '../../src/tools/move-file.ts';
import { readFile } from '../../src/tools/read-file.ts';
import { restoreFiles } from '../../src/tools/restore-files.ts';
import { searchFiles } from '../../src/tools/search-files.ts';
import { writeFile } from '../../src/tools/write-file.ts';
import type { Stage } from '../adapters/files/stage.ts';
import { sha256 } from '../adapters/files/stage.ts';

export const DELETION = '0123456789abcdef';

type Try = readonly [name: string, tool: Tool, input: (path: string) => unknown];

/** `SECRET` stands in the files outside: an edit that finds it has read them. */
export const TRIES: readonly Try[] = [
  ['list', listFiles, (path) => ({ path })],
  ['read', readFile, (path) => ({ path })],
  ['search', searchFiles, (path) => ({ path, text: 'SECRET' })],
  ['write', writeFile, (path) => ({ path, content: 'written by the agent' })],
  ['edit', editFile, (path) => ({ path, old_text: 'SECRET', new_text: 'changed' })],
  ['move from', moveFile, (path) => ({ from: path, to: 'moved-here.txt' })],
  ['move to', moveFile, (path) => ({ from: 'movable.txt', to: path })],
  ['delete', deleteFiles, (path) => ({ paths: [path] })],
  ['restore', restoreFiles, (path) => ({ deletion: DELETION, paths: [path] })],
];

export interface Said {
  readonly kind: 'invalid' | 'denied' | 'failed' | 'done' | 'notPerformed' | 'unknown';
  /** All that anyone was told or shown. */
  readonly text: string;
}

export async function attemptTool(stage: Stage, [name, tool, input]: Try, path: string): Promise<Said> {
  const parsed = tool.parse(input(path));
  if (parsed.kind === 'invalid') return { kind: 'invalid', text: parsed.why };
  if (name === 'restore') await plantDeletion(stage, path);
  const ports = { files: stage.files, changes: stage.changes };
  const place = { workflowId: 'w', chainId: 'c', callId: `${name} ${path}`, at: new Date(0) };
  const signal = AbortSignal.timeout(20_000);
  const prepared = await tool.open(parsed.args, ports as Parameters<Tool['open']>[1]).prepare(place, signal);
  if (prepared.kind !== 'ready') return { kind: prepared.kind, text: prepared.why };
  const performed = await prepared.perform(signal);
  return { kind: performed.kind, text: JSON.stringify([prepared.preview, prepared.facts, performed]) };
}

/** A deletion in the trash whose manifest names just that path: only the way there can refuse it. */
async function plantDeletion(stage: Stage, path: string): Promise<void> {
  const opened = await stage.changes.openDeletion(DELETION, [{ path, size: 4, sha256: sha256('gone') }]);
  if (opened.kind === 'ok') stage.put(`.countersign-trash/${DELETION}/0`, 'gone');
}
