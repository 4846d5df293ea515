import { describe, expect, test } from '@jest/globals';
import { fileWith, problemsOf } from './support.ts';

describe('examples are tried at load', () => {
  const mail = (examples: string): string =>
    fileWith([`{ id: a, tool: send_email, ask: { to: { every: { domain: [e.example] } } }, examples: ${examples} }`]);

  test.each([
    [
      'match',
      '{ match: [{ to: [bob@evil.example] }] }',
      'this example does not match: to[0]: "bob@evil.example" is not at e.example',
    ],
    ['noMatch', '{ noMatch: [{ to: [bob@e.example] }] }', 'this example matches, and should not'],
    [
      'an argument not mentioned',
      '{ match: [{ to: [bob@e.example], cc: [bob@e.example] }] }',
      'cc: the rule does not mention it',
    ],
    ['no map', '{ match: [bob@e.example] }', 'an example is a map of arguments'],
  ])('%s: one that fails is an error of the file', (_, examples, words) => {
    expect(problemsOf(mail(examples)).join('\n')).toContain(words);
  });

  test('a noMatch that only holds because of a misspelt argument proves nothing, and is refused', () => {
    expect(problemsOf(mail('{ noMatch: [{ too: [bob@evil.example] }] }'))).toEqual([
      'line 7, column 105: no tool of this rule has an argument "too" (did you mean "to"?)',
    ]);
  });

  test.each([
    ['a text where a list is needed', '{ to: m@evil.example }', 'to: '],
    ['an address that is none', '{ to: [m@evil] }', 'to: '],
    ['a value of another type', '{ to: [bob@e.example], subject: 5 }', 'subject: '],
  ])('S2: a noMatch that only holds because the tool refuses it proves nothing, and is refused: %s', (_, one, at) => {
    const before = 'this example proves nothing of the rule: the tool refuses it before any rule';
    expect(problemsOf(mail(`{ noMatch: [${one}] }`)).join('\n')).toContain(`${before}: ${at}`);
    expect(problemsOf(mail(`{ noMatch: [${one}] }`)).join('\n')).toContain('put it under "invalid"');
    expect(problemsOf(mail(`{ invalid: [${one}] }`))).toEqual([]);
  });

  test('an "invalid" that the tool would take is an error, whether the rule matches it or not', () => {
    for (const one of ['{ to: [m@evil.example] }', '{ to: [bob@e.example] }'])
      expect(problemsOf(mail(`{ invalid: [${one}] }`)).join('\n')).toContain('this example is valid');
    expect(problemsOf(mail('{ invalid: [{ too: [m] }] }')).join('\n')).toContain('(did you mean "to"?)');
  });

  test('what one tool of a rule takes is valid, though another would refuse it', () => {
    const rule = '{ id: a, tool: [read_file, delete_files], allow: { path: { under: a } }, examples: ';
    const problems = problemsOf(fileWith([`${rule} { noMatch: [{ path: b }] } }`]));
    expect(problems.join('\n')).not.toContain('proves nothing');
  });

  test('examples are made canonical first, as arguments are', () => {
    expect(problemsOf(mail('{ match: [{ to: [BOB@E.Example] }], invalid: [{ to: ["bob@e.example (x)"] }] }'))).toEqual(
      [],
    );
  });
});
