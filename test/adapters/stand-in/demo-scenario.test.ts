import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demoScenario } from '../../../src/adapters/stand-in/demo-scenario.ts';
import { LABEL } from '../../../src/adapters/stand-in/scenario.ts';
import type { StandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import { startStandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import { ownString } from '../../../src/domain/json.ts';
import type { Made, Tools } from './conversation.ts';
import { converse } from './conversation.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ port: 0, scenario: demoScenario });
});
afterAll(() => standIn.close());

const NOTES = '# Meeting of Thursday\n\n- Alice brings figures.';
const OUTSIDE = '!Denied by rule designated-folders: ../ leads out of the workspace.';

/** A small world; what it denies is up to the test. */
function world(more: Tools = () => ''): Tools {
  return (made) => {
    const path = ownString(made.input, 'path') ?? '';
    const told = more(made);
    if (told !== '') return told;
    if (path.includes('..')) return OUTSIDE;
    if (made.name === 'list_files')
      return path === 'drafts' ? 'old plan.md (10 bytes)\nkeep/\nb.md (2 bytes)' : 'meeting.md (52 bytes)';
    if (made.name === 'read_file') return NOTES;
    return 'Done.';
  };
}

const named = (calls: readonly Made[]): string => calls.map(({ name }) => name).join(' ');

describe('the play of the demo', () => {
  test('reads a note, is denied a path outside, and explains the denial it really got', async () => {
    const { text, calls } = await converse(standIn, 'Read the meeting notes and tell me how they begin', world());
    expect(named(calls)).toBe('list_files read_file read_file');
    expect(text).toContain('Meeting of Thursday');
    expect(text).toContain('../ leads out of the workspace');
    expect(text).not.toContain('!Denied');
  });

  test('reads any path it is asked for, within the workspace and outside', async () => {
    const inside = await converse(standIn, 'Read notes/welcome.md and summarise it', world());
    expect(inside.calls.map(({ input }) => input['path'])).toEqual(['notes', 'notes/welcome.md']);
    expect(inside.text).toContain('Meeting of Thursday');
    const outside = await converse(standIn, 'Read ../outside.txt', world());
    expect(outside.calls).toEqual([{ name: 'read_file', input: { path: '../outside.txt' } }]);
    expect(outside.text).toContain('leads out of the workspace');
  });

  test.each([
    ['Mail the meeting notes to Alice', 'alice@partner.example'],
    ['Mail the meeting notes to alice@partner.example', 'alice@partner.example'],
    ['Mail the meeting notes to Bob', 'bob@example.com'],
    ['Mail the meeting notes to the stranger Mallory', 'mallory@evil.example'],
    ['Mail the meeting notes to stranger@evil.example.', 'stranger@evil.example'],
  ])('"%s" mails what was really read', async (goal, to) => {
    const { calls, text } = await converse(standIn, goal, world());
    expect(named(calls)).toBe('read_file send_email');
    expect(calls[1]?.input).toMatchObject({
      to: [to],
      subject: 'Meeting of Thursday',
      body: expect.stringContaining(NOTES),
    });
    expect(text).toContain('It was done');
  });

  test('a mail that is denied is told as denied, with the reason', async () => {
    const denied = world(({ name }) => (name === 'send_email' ? '!Denied: rule mail-known; silence is denial.' : ''));
    for (const goal of [
      'Mail the meeting notes to the stranger Mallory',
      'Mail a visitor announcement to the reception',
    ]) {
      const { text } = await converse(standIn, goal, denied);
      expect(text).toContain('It was not done. I was told: “Denied: rule mail-known; silence is denial.”');
    }
  });

  test('notes that cannot be read are not mailed', async () => {
    const { calls, text } = await converse(
      standIn,
      'Mail the meeting notes to Alice',
      world(() => '!No such file.'),
    );
    expect(named(calls)).toBe('read_file');
    expect(text).toContain('No such file.');
  });

  test('deletes the drafts that were really listed, files only, and tells why it may not', async () => {
    const { calls, text } = await converse(
      standIn,
      'Delete the old drafts',
      world(({ name }) => (name === 'delete_files' ? '!We still need one.' : '')),
    );
    expect(calls[1]?.input).toEqual({ paths: ['drafts/old plan.md', 'drafts/b.md'] });
    expect(text).toContain('We still need one.');
    const empty = await converse(
      standIn,
      'Delete the old drafts',
      world(({ name }) => (name === 'list_files' ? 'drafts is empty.' : '')),
    );
    expect(named(empty.calls)).toBe('list_files');
  });

  test.each<[string, string, object]>([
    [
      'Order 2 packets of wild flower seeds in the shop, for at most 12 EUR',
      'purchase',
      { item: 'seeds', quantity: 2, at_most: { minor: 1200, currency: 'EUR' } },
    ],
    [
      'Announce in the garden channel that the open day is on Saturday at ten',
      'post_publicly',
      { channel: 'garden', content: expect.stringContaining('Saturday at ten') },
    ],
    [
      "Change Alice's phone number to +44 20 7946 0099",
      'update_contact',
      { contact: 'alice', phone: '+44 20 7946 0099' },
    ],
  ])('"%s" calls %s once, and tells what came of it', async (goal, tool, input) => {
    const { calls, text } = await converse(
      standIn,
      goal,
      world(() => '!Not today.'),
    );
    expect(calls).toEqual([{ name: tool, input }]);
    expect(text).toContain('It was not done. I was told: “Not today.”');
  });

  test('several goals in one session are played one after the other', async () => {
    const goal = 'First delete the old drafts, then mail the meeting notes to Bob and read the meeting notes.';
    const { calls, text } = await converse(standIn, goal, world());
    expect(named(calls)).toBe('list_files delete_files read_file send_email list_files read_file read_file');
    expect(text).toMatch(/deleting drafts[\s\S]*bob@example.com[\s\S]*begins/);
  });

  test.each(['Write me a poem', 'Read', '', 'x'.repeat(50_000), '“mail” (.*)+ \\ [['])(
    'off the script it says honestly that it only plays one: %#',
    async (goal) => {
      const { text, calls } = await converse(standIn, goal === '' ? '?' : goal, world());
      expect(calls).toEqual([]);
      expect(text).toContain('No model is thinking here');
      expect(text).toContain('delete the old drafts');
    },
  );

  test('everything it says at the end carries its label, and every answer its name', async () => {
    for (const goal of [
      'Read the meeting notes',
      'Delete the old drafts',
      'Mail the meeting notes to Bob',
      'anything',
    ]) {
      const { text, thoughts } = await converse(standIn, goal, world());
      expect(text).toContain(LABEL);
      expect(new Set(thoughts.map(({ model }) => model))).toEqual(new Set(['scripted-stand-in']));
    }
  });

  test('none of all these requests was one that the real API would have rejected', () => {
    expect(standIn.rejected).toEqual([]);
  });
});
