/** S7 with files: a deletion of which nobody recorded how it ended can still be undone; real files, sessions, command. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspaceChanges } from '../../src/adapters/files/workspace-changes.ts';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import { tools } from '../../src/tools/index.ts';
import type { Change, WorkspaceChanges } from '../../src/tools/ports/workspace-changes.ts';
import { argvAt, runCli } from '../cli/run-cli.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, until } from '../support/harness.ts';

const POLICY = `
version: 1
profiles: { all: { grant: [write_files, delete_data], startable: true } }
defaultProfile: all
rules:
  - { id: deletes, tool: delete_files, allow: { paths: { every: { under: notes } } } }
  - { id: restores, tool: restore_files, allow: { paths: { every: { under: notes } } } }
`;

let base: string;
let harness: Harness;
/** What the disk says of the second file of a deletion. */
let second: () => Promise<Change>;
let release: () => void;
const at = (path: string): string => join(base, path);

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'countersign-unclear-'));
  const changes = createWorkspaceChanges({ root: base, trashDays: 30, now: () => new Date() });
  const faulty: WorkspaceChanges = {
    ...changes,
    trash: (id, index, file, signal) => (index === 1 ? second() : changes.trash(id, index, file, signal)),
  };
  harness = await startHarness({
    policy: POLICY,
    tools,
    world: { files: createWorkspaceFiles(base), changes: faulty },
  });
});
afterAll(async () => {
  await harness.stop();
  rmSync(base, { recursive: true });
});
beforeEach(() => {
  mkdirSync(at('notes'), { recursive: true });
  for (const name of ['a', 'b']) writeFileSync(at(`notes/${name}`), `text of ${name}`);
});
afterEach(() => release?.());

const paths = ['notes/a', 'notes/b'];
const act = (): Promise<Session> =>
  harness.start({ goal: 'delete', actions: [{ tool: 'delete_files', input: { paths } }] });
const undo = (session: string): ReturnType<typeof runCli> => runCli(argvAt(harness, 'undo', session));
const gone = (path: string): Promise<true> => until(async () => (existsSync(at(path)) ? undefined : true));

/** The second file is neither moved nor refused until it is released. */
function hang(): void {
  const waiting = new Promise<Change>((resolve) => {
    release = () => resolve({ kind: 'unknown', why: 'it was released' });
  });
  second = () => waiting;
}

describe('undo of a deletion that ended unknown', () => {
  test('the disk gave no answer: what lies in the trash comes back, and the doubt is told', async () => {
    second = () => Promise.reject(new Error('EIO'));
    const session = await act();
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'unknown' }] });
    expect(existsSync(at('notes/a'))).toBe(false);
    const { code, out, err } = await undo(`${session.workflowId}/c1`);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/c1, deletion [0-9a-f]{16}, ended unknown/) });
    expect(out).toContain('Restored: notes/a. Not restored: notes/b (something of this name exists');
    expect(readFileSync(at('notes/a'), 'utf8')).toBe('text of a');
    expect(await undo(session.workflowId)).toMatchObject({ code: 1, err: expect.stringContaining('ended unknown') });
  });

  test('no result was ever recorded; while it runs it is not said that nothing was deleted', async () => {
    hang();
    const session = await act();
    await gone('notes/a');
    expect(await undo(session.workflowId)).toMatchObject({ code: 5, err: expect.stringContaining('has not ended') });
    await session.handle.terminate('in the middle');
    expect(await undo(session.workflowId)).toMatchObject({ err: expect.stringContaining('ended unknown') });
    expect(readFileSync(at('notes/a'), 'utf8')).toBe('text of a');
  });
});
