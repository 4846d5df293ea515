import { describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { ruleDocument } from '../../src/policy/policy.ts';
import { didYouMean } from '../../src/policy/problem.ts';
import { decide, fileWith, load, problemsOf } from './support.ts';
import { httpRequest, readFile, sendEmail, shapes } from './shapes.ts';

const RULE = '{ id: a, tool: read_file, allow: { path: { any: true } } }';

describe('unknown keys (S2): line, column and what was meant', () => {
  test.each<[string, string]>([
    [
      fileWith([RULE], 'aproval: { by: [owner] }'),
      'line 5, column 1: unknown key "aproval" (did you mean "approval"?)',
    ],
    [
      fileWith([RULE], 'approval: { by: [owner], expire: 4h }'),
      'line 5, column 26: unknown key "expire" (did you mean "expires"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, alow: {} }']),
      'line 7, column 31: unknown key "alow" (did you mean "allow"?)',
    ],
    [fileWith([RULE], 'limits: { turn: 5 }'), 'line 5, column 11: unknown key "turn" (did you mean "turns"?)'],
    [
      fileWith([RULE], 'zebra: 1'),
      'line 5, column 1: unknown key "zebra" (known here: version, profiles, rules, approval, defaultProfile, limits, prices, flows, tests)',
    ],
    [
      fileWith(['{ id: a, tool: read_fil, deny: {} }']),
      'line 7, column 14: there is no tool "read_fil" (did you mean "read_file"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, deny: { pth: { any: true } } }']),
      'line 7, column 39: read_file has no argument "pth" (did you mean "path"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, deny: { path: { undr: notes } } }']),
      'line 7, column 47: a path has no matcher "undr" (did you mean "under"?)',
    ],
    [
      fileWith(['{ id: a, tool: read_file, profiles: [al], deny: {} }']),
      'line 7, column 31: there is no profile "al" (did you mean "all"?)',
    ],
    [fileWith([RULE], 'defaultProfile: al'), 'line 5, column 1: "al" is not a startable profile (did you mean "all"?)'],
    [
      fileWith([RULE], 'limits: { actions: { send_mail: 3 } }'),
      'line 5, column 22: there is no tool "send_mail" (did you mean "send_email"?)',
    ],
    [
      fileWith(['{ id: a, tool: send_email, deny: { to: { som: { any: true } } } }']),
      'line 7, column 46: a list has no matcher "som" (did you mean "some"?)',
    ],
  ])('%#', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test('several mistakes are told at once, each at its place', () => {
    const problems = problemsOf(
      fileWith(['{ id: a, tool: read_fil, deny: {} }', '{ id: b, tool: list_file, deny: {} }']),
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['line 7, column 14', 'line 8, column 14']);
  });

  test('a suggestion is never far-fetched', () => {
    expect(didYouMean('x', ['by', 'id'])).toBeUndefined();
    expect(didYouMean('q'.repeat(100_000), ['allow'])).toBeUndefined();
  });
});

describe('what is not built yet is refused with that reason, not ignored (S2, S3)', () => {
  test.each<[string, string]>([
    ['grants', fileWith([RULE], 'grants: {}')],
    ['remind', fileWith([RULE], 'approval: { by: [owner], remind: [1h] }')],
    ['escalate', fileWith([RULE], 'approval: { by: [owner], escalate: {} }')],
    ['editable', fileWith([RULE], 'approval: { by: [owner], editable: [body] }')],
    ['quorum', fileWith([RULE], 'approval: { by: [owner], quorum: 2 }')],
    ['per day', fileWith([RULE], 'limits: { actions: { read_file: { max: 2, per: day } } }')],
  ])('%s', (key, text) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('not built yet');
    expect(problems[0]).toContain(key);
  });

  test('a limit that asks needs somebody who may be asked', () => {
    const limits = 'limits: { actions: { read_file: { max: 2, atLimit: ask } } }';
    expect(problemsOf(fileWith([RULE], limits))).toEqual([
      expect.stringMatching(
        /^line 5, column \d+: "atLimit: ask" of actions\/read_file needs somebody who may be asked/,
      ),
    ]);
    expect(problemsOf(fileWith([RULE], `${limits}\napproval: { by: [owner] }`))).toEqual([]);
  });

  test('a quorum of 1 may be said', () => {
    expect(problemsOf(fileWith([RULE], 'approval: { by: [owner], quorum: 1 }'))).toEqual([]);
  });
});

describe('a policy that loaded', () => {
  const text = fileWith(
    [
      '{ id: a, tool: read_file, ask: { path: { any: true } }, approval: { by: [cfo], expires: 30m } }',
      '{ id: b, tool: list_files, ask: { path: { any: true } } }',
    ],
    'approval: { by: [owner], expires: 2d }\nlimits: { turns: 3, wallTime: 1h, actions: { read_file: 2 } }\ndefaultProfile: all',
  );

  test('S4: the document of a rule is the rule as written with the terms in force', () => {
    expect(ruleDocument(load(text), 'a')).toEqual({
      written: { id: 'a', tool: 'read_file', ask: { path: { any: true } }, approval: { by: ['cfo'], expires: '30m' } },
      approval: { by: ['cfo'], quorum: 1, expiresMs: 1_800_000 },
    });
    expect(ruleDocument(load(text), 'b')).toMatchObject({ approval: { by: ['owner'], expiresMs: 172_800_000 } });
  });

  test('S4: it changes with the default terms it relies on', () => {
    expect(ruleDocument(load(text.replace('2d', '3d')), 'b')).not.toEqual(ruleDocument(load(text), 'b'));
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('no rule, profile or limit answers to %j', (name) => {
    const policy = load(text);
    expect(ruleDocument(policy, name)).toBeNull();
    expect(policy.profiles.get(name)).toBeUndefined();
    expect(decide(policy, readFile, { path: 'a' }, name)).toMatchObject({ kind: 'deny', rule: null });
    expect(decide(policy, { ...readFile, name }, { path: 'a' })).toMatchObject({ kind: 'deny', rule: null });
  });

  test('limits are those of the file, else the product’s', () => {
    expect(load(text).limits).toEqual({
      turns: 3,
      tokens: 500_000,
      wallTimeMs: 3_600_000,
      asks: 20,
      asksPending: 5,
      actions: { read_file: 2 },
    });
    expect(load(text).defaultProfile).toBe('all');
    expect(load(fileWith([])).defaultProfile).toBeNull();
  });

  test('it has no rule for tools that no rule names', () => {
    const reading = parsePolicy(text, shapes);
    expect(reading.kind).toBe('policy');
    for (const tool of [sendEmail, httpRequest]) expect(decide(load(text), tool, {}).kind).toBe('deny');
  });
});
