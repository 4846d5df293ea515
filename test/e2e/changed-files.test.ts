/** S4 with files: what a person looked at is what is done, whatever changes meanwhile; real files, mail server, sessions. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAttachableFiles } from '../../src/adapters/files/attachable-files.ts';
import { createWorkspaceChanges } from '../../src/adapters/files/workspace-changes.ts';
import { createWorkspaceFiles } from '../../src/adapters/files/workspace-files.ts';
import type { CaughtMail, MailCatcher } from '../../src/adapters/mail-catcher/mail-catcher.ts';
import { startMailCatcher } from '../../src/adapters/mail-catcher/mail-catcher.ts';
import { nothingRecorded } from '../../src/adapters/smtp/known-recipients.ts';
import { createMailer } from '../../src/adapters/smtp/mailer.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import { tools } from '../../src/tools/index.ts';
import { runCli } from '../cli/run-cli.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, testAddress, until, verdict } from '../support/harness.ts';

const POLICY = `
version: 1
profiles: { all: { grant: [read_files, write_files, delete_data, send_email], startable: true } }
defaultProfile: all
approval: { by: [owner] }
rules:
  - { id: reads, tool: read_file, allow: { path: { under: notes } } }
  - { id: writes, tool: write_file, allow: { path: { under: notes } } }
  - { id: edits, tool: edit_file, ask: { path: { under: notes } } }
  - { id: deletes, tool: delete_files, ask: { paths: { every: { under: notes } } } }
  - { id: restores, tool: restore_files, allow: { paths: { every: { under: notes } } } }
  - id: mails
    tool: send_email
    ask: { to: { every: { domain: [example.com] } }, attachments: { every: { under: notes }, optional: true } }
`;

let base: string;
let catcher: MailCatcher;
let harness: Harness;
const at = (path: string): string => join(base, 'workspace', path);
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'countersign-changed-'));
  for (const folder of ['workspace/notes', 'mails']) mkdirSync(join(base, folder), { recursive: true });
  catcher = await startMailCatcher(join(base, 'mails'), 0);
  const root = join(base, 'workspace');
  harness = await startHarness({
    policy: POLICY,
    tools,
    world: {
      files: createWorkspaceFiles(root),
      changes: createWorkspaceChanges({ root, trashDays: 30, now: () => new Date() }),
      attachable: createAttachableFiles(root),
      knownRecipients: nothingRecorded,
      mailer: createMailer({ host: '127.0.0.1', port: catcher.port, secure: false, from: 'agent@example.com' }),
    },
  });
});
afterAll(async () => {
  await harness.stop();
  await catcher.close();
  rmSync(base, { recursive: true });
});
beforeEach(() => writeFileSync(at('notes/plan.md'), 'first\n'));

const shown = ({ preview }: ApprovalRequest): string =>
  preview.map(({ label, text }) => `${label}\n${text}`).join('\n');
const act = (...actions: readonly (readonly [tool: string, input: object])[]): Promise<Session> =>
  harness.start({ goal: 'files', actions: actions.map(([tool, input]) => ({ tool, input })) });
const mails = async (subject: string): Promise<readonly CaughtMail[]> =>
  (await catcher.messages()).filter(({ source }) => source.includes(`Subject: ${subject}`));

/** The request that stands in the place of an older one. */
const askedAnew = (session: Session, older: ApprovalRequest): Promise<ApprovalRequest> =>
  until(async () => (await session.state()).waiting.find(({ id }) => id !== older.id));

/** Nothing went out under the old approval, and what is asked now is the file of now. */
async function approveAnew(session: Session, first: ApprovalRequest, subject: string, content: string): Promise<void> {
  const second = await askedAnew(session, first);
  expect(await mails(subject)).toEqual([]);
  expect(shown(second)).toContain(hashOf(content));
  await session.signal(verdict(second, 'approve', harness.bob));
}

describe('a file that changes after the person looked', () => {
  test('S4: a deletion that was approved is asked again, and the file of now is what is shown', async () => {
    const session = await act(['delete_files', { paths: ['notes/plan.md'] }]);
    const first = await session.request();
    expect(shown(first)).toContain('first');
    writeFileSync(at('notes/plan.md'), 'precious\n');
    await session.signal(verdict(first, 'approve', harness.alice));
    const second = await askedAnew(session, first);
    expect(shown(second)).toContain('precious');
    expect(readFileSync(at('notes/plan.md'), 'utf8')).toBe('precious\n');
    await session.signal(verdict(second, 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(existsSync(at('notes/plan.md'))).toBe(true);
  });

  test('S4: an edit that was approved is asked again with the difference to the file of now', async () => {
    const session = await act(['edit_file', { path: 'notes/plan.md', old_text: 'first', new_text: 'second' }]);
    const first = await session.request();
    expect(shown(first)).toContain('-first\n+second');
    writeFileSync(at('notes/plan.md'), 'first, and more\n');
    await session.signal(verdict(first, 'approve', harness.alice));
    const second = await askedAnew(session, first);
    expect(shown(second)).toContain('-first, and more\n+second, and more');
    await session.signal(verdict(second, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(readFileSync(at('notes/plan.md'), 'utf8')).toBe('second, and more\n');
  });
});

describe('a write that is allowed and a mail with the same file, in one turn', () => {
  test('S4: the file that arrives is the one whose hash was approved, whichever came first', async () => {
    const session = await act(
      ['send_email', { to: ['bob@example.com'], subject: 'mixed', body: 'see', attachments: ['notes/plan.md'] }],
      ['write_file', { path: 'notes/plan.md', content: 'written beside\n' }],
    );
    const first = await session.request();
    await until(async () => (readFileSync(at('notes/plan.md'), 'utf8') === 'written beside\n' ? true : undefined));
    await session.signal(verdict(first, 'approve', harness.alice));
    if (shown(first).includes(hashOf('first\n'))) await approveAnew(session, first, 'mixed', 'written beside\n');
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }, { outcome: 'done' }] });
    const [mail, ...more] = await mails('mixed');
    expect(more).toEqual([]);
    expect(mail?.source).toContain(Buffer.from('written beside\n').toString('base64'));
    expect(mail?.source).not.toContain(Buffer.from('first\n').toString('base64'));
  });

  test('S4: a file that is changed after the question is not sent under the old approval', async () => {
    const input = { to: ['bob@example.com'], subject: 'later', body: 'see', attachments: ['notes/plan.md'] };
    const session = await act(['send_email', input]);
    const first = await session.request();
    expect(shown(first)).toContain(hashOf('first\n'));
    writeFileSync(at('notes/plan.md'), 'swapped\n');
    await session.signal(verdict(first, 'approve', harness.alice));
    const second = await askedAnew(session, first);
    expect(shown(second)).toContain(hashOf('swapped\n'));
    await session.signal(verdict(second, 'deny', harness.alice));
    await session.result();
    expect(await mails('later')).toEqual([]);
  });
});

describe('undo', () => {
  const cli = (...argv: readonly string[]): ReturnType<typeof runCli> =>
    runCli(['--address', testAddress(), '--task-queue', harness.taskQueue, '--state', harness.directory, ...argv]);

  async function deleted(): Promise<Session> {
    const session = await act(['delete_files', { paths: ['notes/plan.md'] }]);
    await session.signal(verdict(await session.request(), 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(existsSync(at('notes/plan.md'))).toBe(false);
    return session;
  }

  test('what a session deleted comes back byte for byte, by a session of its own', async () => {
    writeFileSync(join(harness.directory, 'alice.pem'), privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
    const session = await deleted();
    expect(await cli('undo', session.workflowId)).toMatchObject({ code: 0 });
    expect(readFileSync(at('notes/plan.md'), 'utf8')).toBe('first\n');
  });

  test('nothing that stands there now is overwritten', async () => {
    const session = await deleted();
    writeFileSync(at('notes/plan.md'), 'new\n');
    const { code, out } = await cli('undo', session.workflowId);
    expect(code).toBe(1);
    expect(out).toContain('nothing is overwritten');
    expect(readFileSync(at('notes/plan.md'), 'utf8')).toBe('new\n');
  });

  test('a session that deleted nothing says so, and one that is not there as well', async () => {
    const session = await act(['write_file', { path: 'notes/other.md', content: 'x' }]);
    await session.result();
    expect(await cli('undo', session.workflowId)).toMatchObject({
      code: 3,
      err: expect.stringContaining('deleted nothing'),
    });
    expect(await cli('undo', 'no-such-session-zzzz')).toMatchObject({ code: 3 });
  });
});
