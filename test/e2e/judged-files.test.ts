/** S2: a rule for a file holds whichever tool would tell of it; and whatever a tool tells, its outcome is recorded. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWorkspaceChanges } from '../../src/adapters/files/workspace-changes.ts';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import { tools } from '../../src/tools/index.ts';
import type { Bell } from '../support/bell.ts';
import { createBell } from '../support/bell.ts';
import type { Harness } from '../support/harness.ts';
import { startHarness, verdict } from '../support/harness.ts';

const POLICY = `
version: 1
profiles:
  all: { grant: [read_files, write_files, publish], startable: true }
  writer: { grant: [write_files], startable: true }
defaultProfile: all
approval: { by: [owner] }
rules:
  - id: open
    tool: [read_file, search_files]
    allow: { path: { under: '.' } }
    except: [{ path: { glob: ['**/.env*'] } }, { path: { under: asked } }]
  - { id: loud, tool: search_files, deny: { path: { under: board }, ignore_case: { is: true } } }
  - { id: search-asked, tool: search_files, ask: { path: { under: asked } }, approval: { by: [bob] } }
  - { id: read-asked, tool: read_file, ask: { path: { under: asked } }, except: { path: { under: asked/alice } }, approval: { by: [bob] } }
  - { id: read-alice, tool: read_file, ask: { path: { under: asked/alice } }, approval: { by: [alice] } }
  - { id: closed, tool: [read_file, search_files], deny: { path: { under: private } } }
  - { id: read-closed, tool: read_file, deny: { path: { under: unread } } }
  - { id: edits, tool: edit_file, ask: { path: { under: '.' } } }
  - { id: bells, tool: [ring_bell, hear_bell], allow: {} }
`;

let root: string;
let bell: Bell;
let harness: Harness;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'countersign-judged-'));
  for (const path of [
    'notes/a.md',
    'notes/.env',
    'private/b.md',
    'unread/c.md',
    'd.md',
    'board/e.md',
    'asked/f.md',
    'asked/alice/g.md',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `token of ${path}\n`);
  }
  bell = createBell();
  harness = await startHarness({
    policy: POLICY,
    tools: [...tools, ...bell.tools],
    world: {
      files: createWorkspaceFiles(root),
      changes: createWorkspaceChanges({ root, trashDays: 30, now: () => new Date() }),
    },
  });
});
afterAll(async () => {
  await harness.stop();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  bell.perform = undefined;
  bell.hear = undefined;
});

async function told(tool: string, input: object, profile = 'all'): Promise<string> {
  const session = await harness.start({ goal: 'look', profile, actions: [{ tool, input }] });
  const { actions, text } = await session.result();
  return `${actions[0]?.outcome}: ${text}`;
}

describe('search_files', () => {
  test('tells no line of a file that a denial or an exception closes, from whatever folder it begins', async () => {
    const found = await told('search_files', { path: '.', text: 'token' });
    expect(found).toContain('token of notes/a.md');
    expect(found).toContain('token of d.md');
    for (const closed of ['.env', 'private', 'unread']) expect(found).not.toContain(`token of ${closed}`);
    expect(found).not.toMatch(/token of (?:notes\/\.env|private|unread)/);
    expect(await told('search_files', { path: 'notes', text: 'token' })).not.toContain('.env');
  });

  test('S3: a rule for a file with other arguments of the search holds too', async () => {
    expect(await told('search_files', { path: '.', text: 'token' })).toContain('token of board/e.md');
    expect(await told('search_files', { path: '.', text: 'token', ignore_case: true })).not.toContain('board/e.md');
  });

  test('S4: who approves a search opens no file that others are asked about', async () => {
    const actions = [{ tool: 'search_files', input: { path: 'asked', text: 'token' } }];
    const session = await harness.start({ goal: 'look', profile: 'all', actions });
    await session.signal(verdict(await session.request(), 'approve', harness.bob));
    const { text } = await session.result();
    expect(text).toContain('token of asked/f.md');
    expect(text).not.toContain('token of asked/alice');
  });
});

describe('edit_file', () => {
  test('tells nothing of a file that may not be read, whether the text stands there or not', async () => {
    for (const path of ['private/b.md', 'notes/.env', 'unread/c.md']) {
      const [right, wrong] = ['token', 'tokem'].map((old_text) => told('edit_file', { path, old_text, new_text: 'x' }));
      expect(await right).toMatch(/^denied: .*not open to read_file/);
      expect(await wrong).toBe(await right);
    }
  });

  test('needs the permission to read', async () => {
    const said = await told('edit_file', { path: 'd.md', old_text: 'token', new_text: 'x' }, 'writer');
    expect(said).toMatch(/^denied: .*read_files/);
  });

  test('asks of a file that may be read', async () => {
    const actions = [{ tool: 'edit_file', input: { path: 'd.md', old_text: 'token', new_text: 'x' } }];
    const session = await harness.start({ goal: 'edit', actions });
    await session.signal(verdict(await session.request(), 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
  });
});

describe('S7: what a tool tells is recorded, however much it is', () => {
  test.each([
    ['3 MB of letters', 'x'.repeat(3_000_000)],
    ['characters that JSON escapes', '\u0001'.repeat(600_000)],
  ])('%s', async (_what, much) => {
    bell.perform = async () => {
      bell.rung.push('much');
      return { kind: 'done', text: much, evidence: {} };
    };
    bell.rung.length = 0;
    expect(await told('ring_bell', { text: 'a' })).toMatch(/^done: /);
    expect(bell.rung).toEqual(['much']);
    bell.hear = () => much;
    expect(await told('hear_bell', { text: 'a' })).toMatch(/^done: /);
  });
});
