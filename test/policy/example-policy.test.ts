import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import { offeredTools } from '../../src/policy/notice.ts';
import { tools } from '../../src/tools/index.ts';
import { examplePolicy, exampleTools } from '../support/example.ts';
import { productShapes } from './shapes.ts';
import { NOTHING } from './support.ts';

const known = [...tools, ...exampleTools()];
const reading = parsePolicy(examplePolicy(), known);
if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
const { policy } = reading;

function decide(name: string, input: JsonObject, profile = 'assistant'): string {
  const tool = known.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const parsed = tool.parse(input);
  if (parsed.kind === 'invalid') return 'invalid';
  const { kind, rule } = decideAction(policy, {
    tool,
    profile,
    args: parsed.args,
    actionKey: 'key',
    standing: NOTHING,
  });
  return `${kind} ${rule ?? '-'}`;
}

const mail = (to: readonly string[], more: JsonObject = {}): JsonObject => ({ to, subject: 's', body: 'b', ...more });
const weather = 'https://api.weather.example';

describe('examples/personal-assistant/policy.yaml', () => {
  test('the tools of these tests have the shapes of the real ones', () => {
    const outline = (list: typeof productShapes): unknown =>
      list.map((tool) => [
        tool.name,
        tool.permission,
        tool.labels ?? [],
        Object.entries(tool.arguments).map(([name, { kind, list: many, optional, free, permission }]) => [
          name,
          kind,
          many,
          optional,
          free,
          permission,
        ]),
      ]);
    expect(outline(productShapes)).toEqual(outline(tools));
  });

  test.each<[string, string, JsonObject]>([
    ['allow designated-folders', 'read_file', { path: 'notes/meeting.md' }],
    ['allow designated-folders', 'list_files', { path: 'drafts/' }],
    ['deny -', 'list_files', { path: '.' }],
    ['deny -', 'read_file', { path: 'notes/.env' }],
    ['deny -', 'read_file', { path: 'notes/.env.d/key' }],
    ['deny -', 'read_file', { path: 'notes_evil/a' }],
    ['invalid', 'read_file', { path: 'notes/../secret' }],
    ['invalid', 'read_file', { path: '/etc/passwd' }],
    ['ask mail-known', 'send_email', mail(['alice@partner.example'])],
    ['ask mail-known', 'send_email', mail(['Bob@Example.COM', 'alice@partner.example'])],
    ['ask mail-reception', 'send_email', mail(['reception@example.com'])],
    ['deny -', 'send_email', mail(['reception@example.com', 'bob@example.com'])],
    ['deny -', 'send_email', mail(['mallory@evil.example'])],
    ['deny -', 'send_email', mail(['bob@partner.example'])],
    ['deny -', 'send_email', mail(['bob@mail.example.com'])],
    ['deny -', 'send_email', mail(['bob@example.com'], { bcc: ['mallory@evil.example'] })],
    ['invalid', 'send_email', mail(['"bob" <mallory@evil.example>'])],
    ['invalid', 'send_email', mail(['bob@example.com'], { headers: { Bcc: 'mallory@evil.example' } })],
    ['ask delete-drafts', 'delete_files', { paths: ['drafts/garden-plan-1.md'] }],
    ['deny -', 'delete_files', { paths: ['drafts/garden-plan-1.md', 'notes/ideas.md'] }],
    ['deny -', 'delete_files', { paths: Array.from({ length: 11 }, (_, index) => `drafts/${index}`) }],
    ['ask mail-known', 'send_email', mail(['bob@example.com'], { attachments: ['notes/meeting.md'] })],
    ['deny -', 'send_email', mail(['bob@example.com'], { attachments: ['notes/meeting.md', 'notes/.env'] })],
    ['deny -', 'send_email', mail(['bob@example.com'], { attachments: ['keys/a'] })],
    ['deny -', 'send_email', mail(['bob@example.com'], { reply_to: 'mallory@evil.example' })],
    ['allow write-drafts', 'write_file', { path: 'drafts/letter.md', content: 'Hello' }],
    ['ask change-notes', 'edit_file', { path: 'notes/ideas.md', old_text: 'a', new_text: 'b' }],
    ['deny -', 'write_file', { path: 'notes/.env', content: 'KEY=1' }],
    ['allow move-drafts', 'move_file', { from: 'drafts/a.md', to: 'drafts/old/a.md' }],
    ['deny -', 'move_file', { from: 'drafts/.env', to: 'drafts/readable.txt' }],
    ['deny -', 'move_file', { from: 'notes/ideas.md', to: 'drafts/ideas.md' }],
    ['allow undo-deletions', 'restore_files', { deletion: '0123456789abcdef', paths: ['drafts/a.md'] }],
    ['deny -', 'restore_files', { deletion: '0123456789abcdef', paths: ['notes/a.md'] }],
    ['allow weather', 'http_request', { url: `${weather}/current?city=Oslo`, method: 'GET' }],
    ['deny -', 'http_request', { url: `${weather}/current?city=Oslo&notes=all`, method: 'GET' }],
    ['deny -', 'http_request', { url: `${weather}/current?city=Oslo&city=notes`, method: 'GET' }],
    ['deny -', 'http_request', { url: `${weather}/current`, method: 'POST' }],
    ['deny -', 'http_request', { url: `${weather}/admin`, method: 'GET' }],
    ['deny -', 'http_request', { url: 'http://api.weather.example/current', method: 'GET' }],
    ['deny -', 'http_request', { url: `${weather}/current`, method: 'GET', headers: { accept: 'a' } }],
    ['invalid', 'http_request', { url: `${weather}/forecast/%2e%2e/admin`, method: 'GET' }],
    ['ask shopping', 'purchase', { item: 'seeds', quantity: 10, at_most: { minor: 5000, currency: 'EUR' } }],
    ['deny -', 'purchase', { item: 'seeds', quantity: 11, at_most: { minor: 5000, currency: 'EUR' } }],
    ['deny -', 'purchase', { item: 'seeds', quantity: 1, at_most: { minor: 5001, currency: 'EUR' } }],
    ['deny -', 'purchase', { item: 'seeds', quantity: 1, at_most: { minor: 1, currency: 'USD' } }],
    ['invalid', 'purchase', { item: 'seeds', quantity: 1, at_most: 4.75 }],
    ['ask posts', 'post_publicly', { channel: 'garden', content: 'Hello' }],
    ['deny -', 'post_publicly', { channel: 'news', content: 'Hello' }],
    ['ask contacts', 'update_contact', { contact: 'alice', phone: '1', address: '2' }],
    ['ask contacts', 'update_contact', { contact: 'alice', email: 'alice@partner.example' }],
    ['deny -', 'update_contact', { contact: 'alice', email: 'alice@evil.example' }],
  ])('%s: %s %j', (decision, tool, input) => {
    expect(decide(tool, input)).toBe(decision);
  });

  test('read-only neither mails nor deletes, whatever the rules say', () => {
    expect(decide('send_email', mail(['alice@partner.example']), 'read-only')).toBe('deny -');
    expect(decide('delete_files', { paths: ['drafts/a'] }, 'read-only')).toBe('deny -');
    expect(decide('update_contact', { contact: 'alice', phone: '1' }, 'read-only')).toBe('deny -');
    expect(decide('read_file', { path: 'notes/a' }, 'read-only')).toBe('allow designated-folders');
    expect(offeredTools(policy, 'read-only', known).map(({ name }) => name)).toEqual([
      'list_files',
      'read_file',
      'search_files',
      'http_request',
    ]);
  });

  test('it names its default profile, who approves, and its limits', () => {
    expect(policy.defaultProfile).toBe('assistant');
    expect(policy.defaultApproval).toEqual({ by: ['owner'], quorum: 1, expiresMs: 86_400_000 });
    expect(policy.limits).toMatchObject({ turns: 30, actions: { send_email: 5 } });
  });
});
