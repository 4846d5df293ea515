/** What is told of a file that has the wrong shape: what is wrong and what to write instead, never a validator's words. */
import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { parseApprovers } from '../../src/policy/approvers.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import { policySample, sampleTools } from './policy-samples.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import { fileWith, problemsOf } from './support.ts';

const RULE = '{ id: a, tool: read_file, allow: { path: { any: true } } }';
const TEST = 'name: t, profile: all, call: { tool: read_file, input: { path: a } }, expect: allow';
const rule = (text: string): string => fileWith([text]);
const more = (text: string): string => fileWith([RULE], text);
const profile = (text: string): string => fileWith([RULE]).replace('none: { grant: [], startable: true }', text);

const CASES: readonly (readonly [what: string, file: string, problem: string])[] = [
  [
    'a tool for a permission',
    profile('none: { grant: [read_file] }'),
    'there is no permission "read_file" (it is a tool: grant "read_files", which it needs)',
  ],
  [
    'a tool with another permission',
    profile('none: { grant: [http_request] }'),
    'there is no permission "http_request" (it is a tool: grant "make_api_calls", which it needs)',
  ],
  [
    'a misspelt permission',
    profile('none: { grant: [write_fils] }'),
    'there is no permission "write_fils" (did you mean "write_files"?)',
  ],
  [
    'no permission',
    profile('none: { grant: [root] }'),
    'there is no permission "root" (known: read_files, write_files, delete_data,',
  ],
  ['a permission without a list', profile('none: { grant: read_files }'), '"grant" is a list (write [read_files])'],
  [
    'a profile without a map',
    profile('none: read_files'),
    '"none" is a map, like { grant: [read_files], startable: true }',
  ],
  ['yes', profile('none: { grant: [], startable: yes }'), '"startable" is true or false, without quotes (write true)'],
  [
    'a flag in quotes',
    profile('none: { grant: [], startable: "false" }'),
    '"startable" is true or false, without quotes (write false)',
  ],
  ['a rule without id', rule('{ tool: read_file, deny: {} }'), '"id" is missing'],
  ['a rule without tool', rule('{ id: a, deny: {} }'), '"tool" is missing'],
  ['a rule that is a word', rule('notes'), 'each of "rules" is a map with id, tool and one of allow, ask and deny'],
  ['rules as a map', fileWith([]).replace('rules: []', 'rules: { a: 1 }'), '"rules" is a list, each entry with "- "'],
  ['no rules', fileWith([]).replace('rules: []', ''), '"rules" is missing'],
  ['no version', fileWith([RULE]).replace('version: 1', ''), '"version" is missing'],
  ['a tool that is a number', rule('{ id: a, tool: 5, deny: {} }'), '"tool" is the name of a tool, or a list of them'],
  ['no tools', rule('{ id: a, tool: [], deny: {} }'), '"tool" is an empty list'],
  ['an approver', more('approval: { by: manager }'), '"by" is a list (write [manager])'],
  ['no approver', more('approval: { by: [] }'), '"by" is an empty list'],
  ['an approval', more('approval: owner'), '"approval" is a map, like { by: [owner], expires: 4h }'],
  [
    'a label',
    more('flows: { rules: [{ id: f, when: private, tool: read_file, then: deny }] }'),
    '"when" is a list (write [private])',
  ],
  ['a limit of actions', more('limits: { actions: 10 }'), '"actions" is a map of tools, like { send_email: 10 }'],
  [
    'a limit in quotes',
    more('limits: { actions: { read_file: "10" } }'),
    '"read_file" is a whole number, or a map like { max: 10 } (write 10)',
  ],
  ['a count in quotes', more('limits: { turns: "10" }'), '"turns" is a number, without quotes (write 10)'],
  ['a count with a point', more('limits: { turns: 1.5 }'), '"turns" is a whole number'],
  ['a count below nothing', more('limits: { turns: -1 }'), '"turns" is at least 0'],
  [
    'an allow of nothing',
    rule('{ id: a, tool: read_file, allow: }'),
    '"allow" is a map of arguments, like { path: { under: notes } }, or {} for none',
  ],
  ['an allow of true', rule('{ id: a, tool: read_file, allow: true }'), '"allow" is a map of arguments'],
  ['an ask of a list', rule('{ id: a, tool: read_file, ask: [path] }'), '"ask" is a map of arguments'],
  [
    'a denial of nothing',
    rule('{ id: a, tool: read_file, deny: }'),
    '"deny" is a map of arguments, like { path: { under: notes } }, or {} for every action of the tool',
  ],
  [
    'an exception of true',
    rule('{ id: a, tool: read_file, allow: {}, except: true }'),
    '"except" is a map of arguments, or a list of such maps',
  ],
  [
    'a why that is a number',
    rule('{ id: a, tool: read_file, deny: {}, why: 5 }'),
    '"why" is a text (put it in quotes)',
  ],
  [
    'a long why',
    rule(`{ id: a, tool: read_file, deny: {}, why: ${'x'.repeat(501)} }`),
    '"why" is longer than 500 characters',
  ],
  [
    'profiles that are one',
    rule('{ id: a, tool: read_file, deny: {}, profiles: all }'),
    '"profiles" is a list (write [all])',
  ],
  [
    'an example',
    rule('{ id: a, tool: read_file, deny: {}, examples: { match: { path: a } } }'),
    '"match" is a list (write [{ … }])',
  ],
  [
    'an argument beside the tool of a test',
    more(`tests: [{ name: t, call: { tool: send_email, to: [a@e.example], input: {} }, expect: deny }]`),
    'unknown key "to" (arguments stand under "input")',
  ],
  [
    'an argument beside the tool of a rule',
    rule('{ id: a, tool: read_file, path: { under: notes } }'),
    'unknown key "path" (arguments stand under "allow", "ask", "deny" or "except")',
  ],
  ['a test without a call', more('tests: [{ name: t, expect: deny }]'), '"call" is missing'],
  ['a test without an expectation', more(`tests: [{ ${TEST.replace(', expect: allow', '')} }]`), '"expect" is missing'],
  ['a test without its name', more(`tests: [{ ${TEST.replace('name: t, ', '')} }]`), '"name" is missing'],
  ['seen', more(`tests: [{ ${TEST}, seen: private }]`), '"seen" is a list (write [private])'],
  ['a key of the file', more('zebra: 1'), 'unknown key "zebra" (known here: '],
  [
    'a key of a rule',
    rule('{ id: a, tool: read_file, deny: {}, priority: 1 }'),
    'unknown key "priority" (known here: id, tool, profiles, allow, ask, deny, except, why, approval, examples)',
  ],
  [
    'a key of an approval',
    more('approval: { by: [owner], who: x }'),
    'unknown key "who" (known here: by, expires, quorum)',
  ],
  ['a key that is known elsewhere', more('approval: { by: [owner], tool: x }'), 'unknown key "tool" (known here: by,'],
  ['a list for the file', '- a', 'the file must be a map that begins with "version: 1"'],
  [
    'an anchor',
    rule('{ id: a, tool: read_file, deny: &x {} }'),
    'anchors ("&name") are not allowed (write it again where it is needed, or write the file with definePolicy)',
  ],
  [
    'an alias',
    `${more('# no')}\nx: &x [a]\ny: *x`,
    'aliases ("*name") are not allowed (write again what "*x" stands for, or write the file with definePolicy)',
  ],
  [
    'a pattern without quotes',
    rule('{ id: a, tool: read_file, deny: { path: { glob: **/*.md } } }'),
    `a text that begins with "*" stands in quotes (write '**/*.md')`,
  ],
  [
    'another pattern without quotes',
    rule('{ id: a, tool: read_file, deny: { path: { glob: *.md } } }'),
    `a text that begins with "*" stands in quotes (write '*.md')`,
  ],
  ['every tool without quotes', rule('{ id: a, tool: *, deny: {} }'), `a text that begins with "*" stands in quotes`],
];

describe('a file of the wrong shape', () => {
  test.each(CASES)('%s', (_, text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
  });

  test.each(CASES)('%s: no word of a validator', (_, text) => {
    expect(problemsOf(text).join('\n')).not.toMatch(/Invalid|expected|received|Too (small|big)|Unrecognized|Alias/);
  });

  test('many known keys are not all listed', () => {
    expect(problemsOf(more('limits: { zebra: 1 }'))[0]).toMatch(/known here: turns, .*\)$/);
    expect(problemsOf(more('limits: { zebra: 1 }'))[0]?.length).toBeLessThan(200);
  });
});

describe('over seeded files with one value in the wrong place', () => {
  const WRONG: readonly [Json, ...Json[]] = [null, 5, -1.5, 'x', '', true, [], [null], {}, { a: 1 }, ['x', 5]];

  /** The file with one of its values replaced. */
  function spoilt(random: Seeded, value: Json): Json {
    const inner = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (inner.length === 0 || random.number(5) === 0) return random.pick(WRONG);
    const at = random.pick(inner as [string, ...string[]]);
    if (Array.isArray(value))
      return (value as readonly Json[]).map((one, i) => (String(i) === at ? spoilt(random, one) : one));
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([key, one]) => [key, key === at ? spoilt(random, one) : one]),
    );
  }

  test('no word of a validator, and nothing is thrown', () => {
    let broken = 0;
    for (let seed = 0; seed < 1000; seed += 1) {
      const random = seeded(seed);
      const text = JSON.stringify(spoilt(random, policySample(random)));
      const reading = parsePolicy(text, sampleTools);
      if (reading.kind === 'policy') continue;
      broken += 1;
      const found = reading.problems.map(describeProblem).join('\n');
      expect([seed, found]).toEqual([
        seed,
        expect.not.stringMatching(/Invalid |received|Too (small|big)|of another form|undefined/),
      ]);
    }
    expect(broken).toBeGreaterThan(500);
  });
});

describe('an approver directory of the wrong shape', () => {
  test.each([
    ['version: 1\npeople: [a]', '"people" is a map'],
    ['version: 1\npeople: { a: { name: A, keys: x } }', '"keys" is a list'],
    ['version: 1\npeople: { a: { keys: [] } }', '"name" is missing'],
    ['version: 2\npeople: {}', '"version" is 1'],
    ['version: 1\npeople: {}\nzebra: 1', 'unknown key "zebra" (known here: version, demo, people, groups)'],
  ])('%s', (text, problem) => {
    const reading = parseApprovers(text);
    const found = reading.kind === 'broken' ? reading.problems.map(describeProblem).join('\n') : '';
    expect(found).toContain(problem);
    expect(found).not.toMatch(/Invalid|expected/);
  });
});
