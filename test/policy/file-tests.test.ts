/** Tests that stand in the policy file itself: a file whose test fails does not load. */
import { describe, expect, test } from '@jest/globals';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import { moreShapes } from './more-shapes.ts';

function read(tests: readonly string[], more = 'defaultProfile: all'): string {
  const text = [
    'version: 1',
    'profiles: { all: { grant: [read_files, send_email, purchase], startable: true }, none: { grant: [] } }',
    'approval: { by: [owner] }',
    more,
    'limits: { actions: { read_file: 3 }, sameAction: { read_file: 2 }, sums: [{ id: spend, tool: buy, argument: price, max: "10.00 EUR" }] }',
    'flows: { labels: { private: [read_file] }, rules: [{ id: leak, when: [private], tool: send_email, then: deny }] }',
    'rules:',
    '  - { id: read, tool: read_file, allow: { path: { under: notes } } }',
    '  - { id: mail, tool: send_email, ask: { to: { every: { domain: [example.com] } } } }',
    '  - { id: buy, tool: buy, allow: { item: { any: true }, price: { any: true } } }',
    'tests:',
    ...tests.map((one) => `  - ${one}`),
  ].join('\n');
  const reading = parsePolicy(text, moreShapes);
  return reading.kind === 'policy' ? 'good' : reading.problems.map(describeProblem).join('\n');
}

const READ = 'call: { tool: read_file, input: { path: notes/a } }';
const MAIL = 'call: { tool: send_email, input: { to: [a@example.com], subject: s, body: b } }';
const BUY = 'call: { tool: buy, input: { item: tea, price: { minor: 400, currency: EUR } } }';

describe('a test of the file', () => {
  test.each([
    [`{ name: a, ${READ}, expect: allow }`],
    [`{ name: a, ${READ}, expect: { allow: read } }`],
    [`{ name: a, ${READ.replace('notes', 'drafts')}, expect: deny }`],
    [`{ name: a, ${READ}, profile: none, expect: deny }`],
    [`{ name: a, ${READ}, spent: { actions: { read_file: 3 } }, expect: deny }`],
    [`{ name: a, ${READ}, spent: { sameAction: 2 }, expect: deny }`],
    [`{ name: a, ${MAIL}, expect: { ask: mail } }`],
    [`{ name: a, ${MAIL}, seen: [private], expect: { deny: leak } }`],
    [`{ name: a, ${BUY}, spent: { sums: { spend: 6.00 EUR } }, expect: allow }`],
    [`{ name: a, ${BUY}, spent: { sums: { spend: 6.01 EUR } }, expect: deny }`],
    ['{ name: invalid arguments, call: { tool: read_file, input: { path: ../x } }, expect: invalid }'],
    ['{ name: missing arguments, call: { tool: read_file, input: {} }, expect: invalid }'],
  ])('passes: %s', (one) => {
    expect(read([one])).toBe('good');
  });

  test.each<[string, string]>([
    [`{ name: a, ${READ}, expect: ask }`, 'the test "a" fails: expected ask, decided allow by "read"'],
    [`{ name: a, ${READ}, expect: { allow: mail } }`, 'expected allow by "mail", decided allow by "read"'],
    [`{ name: a, ${MAIL}, expect: deny }`, 'expected deny, decided ask by "mail"'],
    [`{ name: a, call: { tool: read_file, input: { path: ../x } }, expect: allow }`, 'the arguments are invalid: path'],
    [
      '{ name: a, call: { tool: read_file, input: { pth: notes/a } }, expect: deny }',
      'the test "a" fails: expected deny, but the arguments are invalid: path: it is missing; pth: there is no such argument; there are: path (no rule was looked at: mend them, or say expect: invalid)',
    ],
    [
      '{ name: a, call: { tool: read_file, input: {} }, expect: { deny: read } }',
      'expected deny by "read", but the arguments are invalid',
    ],
    [`{ name: a, ${READ}, expect: invalid }`, 'expected invalid arguments, decided allow by "read"'],
  ])('fails, and the file does not load: %s', (one, words) => {
    expect(read([one])).toContain(words);
    expect(read([one])).toMatch(/^line 12, column \d+: /);
  });

  test.each<[string, string]>([
    [`{ name: a, ${READ.replace('read_file', 'red_file')}, expect: deny }`, 'did you mean "read_file"?'],
    [`{ name: a, ${READ}, profile: al, expect: deny }`, 'there is no profile "al"'],
    [`{ name: a, ${READ}, expect: { allow: red } }`, 'there is no rule "red" (did you mean "read"?)'],
    [`{ name: a, ${READ}, expect: refuse }`, '"expect" is allow, ask, deny or invalid'],
    [`{ name: a, ${READ}, expect: { invalid: read } }`, '"expect" is allow, ask, deny or invalid'],
    [
      `{ name: a, ${MAIL}, seen: [privat], expect: deny }`,
      'no tool’s results carry the label "privat" (did you mean "private"?)',
    ],
    [`{ name: a, ${MAIL}, seen: [secret], expect: deny }`, 'carry the label "secret" (known: '],
    [
      `{ name: a, ${MAIL}, spent: { actions: { send_email: 3 } }, expect: deny }`,
      'limits.actions has no limit for send_email, so this says nothing (limited there: read_file)',
    ],
    [
      `{ name: a, ${MAIL}, spent: { sameAction: 2 }, expect: deny }`,
      'limits.sameAction has no limit for send_email, so this says nothing (limited there: read_file)',
    ],
    [`{ name: a, ${READ}, expects: deny }`, 'unknown key "expects" (did you mean "expect"?)'],
    [`{ name: a, ${READ} }`, 'line 12'],
    [`{ name: a, ${BUY}, spent: { sums: { spent: 1.00 EUR } }, expect: deny }`, 'did you mean "spend"?'],
    [`{ name: a, ${BUY}, spent: { sums: { spend: 1.00 USD } }, expect: deny }`, 'the sum "spend" counts EUR'],
    [`{ name: a, ${READ}, spent: { actions: { red_file: 1 } }, expect: deny }`, 'there is no tool "red_file"'],
  ])('that cannot be meant so is told: %s', (one, words) => {
    expect(read([one])).toContain(words);
  });

  test('needs a profile, its own or the default', () => {
    expect(read([`{ name: a, ${READ}, expect: allow }`], '')).toContain('names no profile');
  });
});
