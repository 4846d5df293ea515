/** Profiles that extend others. */
import { describe, expect, test } from '@jest/globals';
import { listFiles, readFile, sendEmail } from './shapes.ts';
import { decide, load, problemsOf } from './support.ts';

function file(profiles: readonly string[], rules: readonly string[]): string {
  return [
    'version: 1',
    'profiles:',
    ...profiles.map((one) => `  ${one}`),
    'approval: { by: [owner] }',
    'rules:',
    ...rules.map((rule) => `  - ${rule}`),
  ].join('\n');
}

const BASE = 'base: { grant: [read_files] }';
const MORE = 'more: { extends: base, grant: [send_email], startable: true }';
const MOST = 'most: { extends: more }';
const READ = '{ id: read, tool: read_file, profiles: [base], allow: { path: { under: notes } } }';
const MAIL = '{ id: mail, tool: send_email, profiles: [more], ask: { to: { every: { any: true } } } }';

describe('a profile that extends another', () => {
  const policy = load(file([BASE, MORE, MOST], [READ, MAIL]));

  test.each(['base', 'more', 'most'])('%s has what the first is granted, and its rules', (profile) => {
    expect(decide(policy, readFile, { path: 'notes/a' }, profile)).toMatchObject({ kind: 'allow', rule: 'read' });
  });

  test('has its own on top; the one it extends does not get them', () => {
    const mail = { to: ['a@example.com'] };
    expect(decide(policy, sendEmail, mail, 'base')).toMatchObject({ kind: 'deny' });
    expect(decide(policy, sendEmail, mail, 'more')).toMatchObject({ kind: 'ask', rule: 'mail' });
    expect(decide(policy, sendEmail, mail, 'most')).toMatchObject({ kind: 'ask', rule: 'mail' });
  });

  test('S3: has its denials, too: extending never lifts one', () => {
    const denial = '{ id: no, tool: read_file, profiles: [base], deny: { path: { under: notes/closed } } }';
    const closed = load(file([BASE, MORE], [READ, denial]));
    expect(decide(closed, readFile, { path: 'notes/closed/a' }, 'more')).toMatchObject({ kind: 'deny', rule: 'no' });
  });

  test('S2: does not hand on that it may be started', () => {
    expect(policy.profiles.get('more')?.startable).toBe(true);
    expect(policy.profiles.get('most')?.startable).toBe(false);
  });

  test('a rule for one profile is not a rule for its sibling', () => {
    const siblings = load(
      file([BASE, 'one: { extends: base }', 'two: { extends: base }'], [READ.replace('base', 'one')]),
    );
    expect(decide(siblings, readFile, { path: 'notes/a' }, 'one')).toMatchObject({ kind: 'allow' });
    expect(decide(siblings, readFile, { path: 'notes/a' }, 'two')).toMatchObject({ kind: 'deny' });
    expect(decide(siblings, listFiles, { path: 'notes' }, 'one')).toMatchObject({ kind: 'deny' });
  });
});

describe('profiles that cannot be meant so do not load', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown one', ['a: { extends: bas, grant: [] }', BASE], 'there is no profile "bas" (did you mean "base"?)'],
    ['itself', ['base: { extends: base }'], 'cannot name itself'],
    [
      'a circle',
      ['base: { extends: b }', 'b: { extends: c }', 'c: { extends: base }'],
      'extend each other: base → b → c',
    ],
    ['neither grant nor extends', ['base: { startable: true }'], 'neither grant nor extends'],
    ['within an unknown one', ['base: { grant: [], within: nobody }'], 'there is no profile "nobody"'],
    ['within itself', ['base: { grant: [], within: base }'], 'cannot name itself'],
  ])('%s', (_, profiles, words) => {
    expect(problemsOf(file(profiles, ['{ id: r, tool: read_file, deny: {} }'])).join('\n')).toContain(words);
  });
});
