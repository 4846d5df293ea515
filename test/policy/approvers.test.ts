import { describe, expect, test } from '@jest/globals';
import { parseApprovers, personsOf, unknownNames } from '../../src/policy/approvers.ts';
import type { ApproverDirectory } from '../../src/policy/approvers.ts';
import { describeProblem } from '../../src/policy/problem.ts';

const KEY_A = `${'A'.repeat(43)}=`;
const KEY_B = `B${'A'.repeat(42)}=`;

function file(people: readonly string[], more = ''): string {
  return ['version: 1', 'people:', ...people.map((person) => `  ${person}`), more].join('\n');
}

const ALICE = `alice: { name: Alice Example, keys: [{ id: k1, public: ${KEY_A} }] }`;
const BOB = `bob: { name: Bob Example, keys: [{ id: k2, public: ${KEY_B} }] }`;

function problemsOf(text: string): readonly string[] {
  const reading = parseApprovers(text);
  return reading.kind === 'directory' ? [] : reading.problems.map(describeProblem);
}

function directoryOf(text: string): ApproverDirectory {
  const reading = parseApprovers(text);
  if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.directory;
}

describe('the approver directory (S5)', () => {
  test('people, keys and groups', () => {
    const directory = directoryOf(file([ALICE, BOB], 'groups:\n  owner: [alice]\n  both: [bob, alice]'));
    expect(directory.demo).toBe(false);
    expect(directory.people.get('alice')).toEqual({ name: 'Alice Example', keys: [{ id: 'k1', public: KEY_A }] });
    expect(personsOf(directory, ['both', 'alice'])).toEqual(['alice', 'bob']);
    expect(directoryOf(file([ALICE], 'demo: true')).demo).toBe(true);
  });

  test.each(['ghost', '__proto__', 'constructor', ''])('S2: the name %j means nobody, and is reported', (name) => {
    const directory = directoryOf(file([ALICE], 'groups: { owner: [alice] }'));
    expect(personsOf(directory, [name])).toEqual([]);
    expect(unknownNames(directory, [name, 'owner', 'alice'])).toEqual([name]);
  });

  test.each<[string, string, string]>([
    [
      'one key under two people',
      file([ALICE, BOB.replace(KEY_B, KEY_A)]),
      'line 4, column 36: this key is there twice (also of "alice"); people are counted, so each key has one owner',
    ],
    [
      'one key id under two people',
      file([ALICE, BOB.replace('k2', 'k1')]),
      'line 4, column 36: this key is there twice (also of "alice"); people are counted, so each key has one owner',
    ],
    [
      'a group with a person’s name',
      file([ALICE], 'groups: { alice: [alice] }'),
      'line 4, column 11: "alice" names a person and a group',
    ],
    [
      'a member that is nobody',
      file([ALICE], 'groups: { owner: [alic] }'),
      'line 4, column 19: there is no person "alic" (did you mean "alice"?)',
    ],
    ['an unknown key', file([ALICE], 'group: {}'), 'line 4, column 1: unknown key "group" (did you mean "groups"?)'],
    ['a key twice in the file', file([ALICE, ALICE]), 'line 4, column 3: the key "alice" is there twice'],
    [
      'a prototype key',
      file(['__proto__: { name: x, keys: [] }']),
      'line 3, column 3: the key "__proto__" is not allowed',
    ],
  ])('does not load with %s', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test.each<[string, string]>([
    ['too short a key', KEY_A.slice(1)],
    ['base64url', `-${'A'.repeat(42)}=`],
    ['no padding', 'A'.repeat(44)],
    ['a space', ` ${'A'.repeat(42)}=`],
  ])('does not load with %s', (_, key) => {
    expect(problemsOf(file([ALICE.replace(KEY_A, `"${key}"`)]))).toHaveLength(1);
  });

  test('a second spelling of a key is refused, so that nobody counts twice', () => {
    const twin = `${'A'.repeat(42)}B=`;
    expect(Buffer.from(twin, 'base64').equals(Buffer.from(KEY_A, 'base64'))).toBe(true);
    expect(problemsOf(file([ALICE, BOB.replace(KEY_B, twin)]))).toHaveLength(1);
  });

  test.each([
    ['a person without a key', 'alice: { name: Alice, keys: [] }'],
    ['a person without a name', `alice: { name: "", keys: [{ id: k, public: ${KEY_A} }] }`],
    ['a private key', `alice: { name: A, keys: [{ id: k, public: ${KEY_A}, private: x }] }`],
    ['an id that is no name', `"A b": { name: A, keys: [{ id: k, public: ${KEY_A} }] }`],
  ])('does not load with %s', (_, person) => {
    expect(problemsOf(file([person])).length).toBeGreaterThan(0);
  });

  test('demo is a boolean, not a text that is true', () => {
    expect(problemsOf(file([ALICE], 'demo: "false"'))).toHaveLength(1);
  });
});
