/** Every file tool tried with one path, through its own definition and real ports, as the guard does it. */
import { expect } from '@jest/globals';
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
import { SECRET, sha256, snapshot } from '../adapters/files/stage.ts';

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

/** What one act may take. Nothing here is slow: what takes longer waits for something. */
const DEADLINE_MS = 10_000;

export async function attemptTool(stage: Stage, attempted: Try, path: string): Promise<Said> {
  const [name, tool, input] = attempted;
  if (name === 'restore' && tool.parse(input(path)).kind !== 'invalid') await plantDeletion(stage, path);
  return inTime(act(stage, attempted, path), `${name} of ${JSON.stringify(path)}`);
}

async function act(stage: Stage, [name, tool, input]: Try, path: string): Promise<Said> {
  const parsed = tool.parse(input(path));
  if (parsed.kind === 'invalid') return { kind: 'invalid', text: parsed.why };
  const ports = { files: stage.files, changes: stage.changes };
  const place = {
    workflowId: 'w',
    runId: 'r',
    chainId: 'c',
    callId: `${name} ${path}`,
    firstCallId: 'c1',
    at: new Date(0),
    judge: () => ({ kind: 'allow', rule: 'test', why: '' }) as const,
  };
  const signal = AbortSignal.timeout(20_000);
  const prepared = await tool.open(parsed.args, ports as Parameters<Tool['open']>[1]).prepare(place, signal);
  if (prepared.kind !== 'ready') return { kind: prepared.kind, text: prepared.why };
  const performed = await prepared.perform(signal);
  return { kind: performed.kind, text: JSON.stringify([prepared.preview, prepared.facts, performed]) };
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs: no end after ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A deletion in the trash whose manifest names just that path: only the way there can refuse it. */
async function plantDeletion(stage: Stage, path: string): Promise<void> {
  const opened = await stage.changes.openDeletion(DELETION, [{ path, size: 4, sha256: sha256('gone') }]);
  if (opened.kind === 'ok') stage.put(`.countersign-trash/${DELETION}/0`, 'gone');
}

/** Tools that did more than refuse. Nothing is told, and nothing is changed, outside or in the workspace. */
export async function notRefused(stage: Stage, path: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (const each of TRIES) {
    const [name, tool, input] = each;
    // What `restore` needs is there before: it must change nothing, and be refused all the same.
    if (name === 'restore' && tool.parse(input(path)).kind !== 'invalid') await plantDeletion(stage, path);
    const before = snapshot(stage.base);
    const said = await inTime(act(stage, each, path), `${name} of ${JSON.stringify(path)}`);
    if (!['invalid', 'denied', 'failed'].includes(said.kind)) kinds.push(`${name}: ${said.kind}`);
    if (snapshot(stage.base) !== before) kinds.push(`${name}: changed something`);
    expect(said.text).not.toContain(SECRET);
  }
  return kinds;
}

/** What lies outside of the workspace. */
export function outsideOf(stage: Stage): readonly string[] {
  return [snapshot(stage.outside), snapshot(`${stage.root}_evil`)];
}
