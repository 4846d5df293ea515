/** Each lint on a file that has it and on one that has not: the whole message with its place. */
import { describe, expect, test } from '@jest/globals';
import { examplePolicy, exampleTools } from '../support/example.ts';
import { productShapes } from './shapes.ts';
import { lintsOf } from './lints-support.ts';
import { fileWith } from './support.ts';

/** Rules stand from line 7 on, one a line, their ids in column 7. */
const lint = (...rules: readonly string[]): readonly string[] => lintsOf(fileWith(rules));

describe('a part that can never match', () => {
  test.each<readonly [rule: string, message: string]>([
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 40: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: send_email, ask: { to: { every: { any: true } }, cc: { every: { any: true }, max: 0 } } }',
      'line 7, column 69: no "cc" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: [read_file, list_files], deny: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 53: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 76: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: http_request, allow: { url: { origin: https://h.example, path: /a } } }',
      'line 7, column 34: the allow of "a" can never match: each http_request has "method", and it does not mention that (add "method: { any: true }", or what it may be)',
    ],
    [
      '{ id: a, tool: send_email, ask: {} }',
      'line 7, column 32: the ask of "a" can never match: each send_email has "to", and it does not mention that (add "to: { every: { any: true } }", or what it may be)',
    ],
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: . } } }',
      'line 7, column 66: the allow of "a" can never match: this takes every read_file that it speaks of out of it (narrow the exception, or take the rule away)',
    ],
    [
      '{ id: a, tool: read_file, deny: { path: { under: notes/a } }, except: [{ path: { is: x } }, { path: { under: notes } }] }',
      'line 7, column 97: the deny of "a" can never match: this takes every read_file that it speaks of out of it (narrow the exception, or take the rule away)',
    ],
    [
      '{ id: a, tool: read_file, profiles: [none], allow: { path: { under: notes } } }',
      'line 7, column 31: no profile that "a" names is granted read_files, which read_file needs (grant it read_files, or take the rule away)',
    ],
  ])('%s', (rule, message) => {
    expect(lint(rule)).toEqual([message]);
  });

  test.each([
    '{ id: a, tool: read_file, allow: { path: { anyOf: [{ under: notes, is: drafts/a }, { under: notes }] } } }',
    '{ id: a, tool: send_email, ask: { to: { every: { any: true } } } }',
    '{ id: a, tool: send_email, deny: {} }',
    '{ id: a, tool: "*", deny: {} }',
    '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: notes/private } } }',
    '{ id: a, tool: read_file, profiles: [none], deny: {} }',
    '{ id: a, tool: read_file, profiles: [none, all], allow: { path: { under: notes } } }',
  ])('not: %s', (rule) => {
    expect(lint(rule)).toEqual([]);
  });

  test('an ask that opens nothing is let pass only where an allow is for one of its profiles', () => {
    const asked = (profiles: string): readonly string[] =>
      lintsOf(
        fileWith([
          '{ id: mail, tool: send_email, profiles: [all], allow: { to: { every: { any: true } } } }',
          `{ id: stop, tool: send_email,${profiles} ask: {} }`,
        ]).replace('  none:', '  other: { grant: [send_email] }\n  none:'),
      );
    expect(asked('')).toEqual([]);
    expect(asked(' profiles: [all, other],')).toEqual([]);
    expect(asked(' profiles: [other],')).toEqual([expect.stringContaining('the ask of "stop" can never match')]);
  });

  test('a permission can be taken from every profile without touching rules that name none', () => {
    const file = fileWith(['{ id: a, tool: delete_files, ask: { paths: { every: { under: drafts } } } }']);
    expect(lintsOf(file.replace('delete_data, ', ''))).toEqual([]);
  });
});

const NOTES = '{ id: notes, tool: read_file, allow: { path: { under: notes } } }';

describe('a part that can never take effect', () => {
  test.each<readonly [rule: string, message: string]>([
    [
      '{ id: x, tool: read_file, deny: { path: { under: [drafts, notes] } } }',
      'line 7, column 35: the allow of "notes" never takes effect for read_file: the deny of "x" is stronger and speaks of all the same (take it away, or narrow the deny of "x")',
    ],
    [
      '{ id: x, tool: [list_files, read_file], ask: { path: { under: . } } }',
      'line 7, column 35: the allow of "notes" never takes effect for read_file: the ask of "x" is stronger and speaks of all the same (take it away, or narrow the ask of "x")',
    ],
  ])('of %s', (rule, message) => {
    expect(lint(NOTES, rule)).toEqual([message]);
  });

  test.each(['{ id: x, tool: "*", deny: {} }', '{ id: x, tool: read_file, deny: {} }'])(
    'but not under a denial of everything, by which a tool is shut in a hurry: %s',
    (rule) => {
      expect(lint(NOTES, rule)).toEqual([]);
    },
  );

  test('an allow beside an ask of the same rule that speaks of all the same, and an ask under a denial', () => {
    expect(
      lint(
        '{ id: a, tool: read_file, allow: { path: { is: notes/a } }, ask: { path: { under: notes } } }',
        '{ id: b, tool: send_email, ask: { to: { every: { domain: x.example } } } }',
        '{ id: c, tool: send_email, deny: { to: { some: { domain: [x.example] } } } }',
      ),
    ).toEqual([
      'line 7, column 31: the allow of "a" never takes effect for read_file: the ask of the same rule is stronger and speaks of all the same (take it away, or narrow the ask of the same rule)',
      'line 8, column 32: the ask of "b" never takes effect for send_email: the deny of "c" is stronger and speaks of all the same (take it away, or narrow the deny of "c")',
    ]);
  });

  test.each([
    '{ id: x, tool: read_file, deny: { path: { under: notes/private } } }',
    '{ id: x, tool: read_file, ask: { path: { under: notes/private } } }',
    '{ id: x, tool: list_files, deny: {} }',
    '{ id: x, tool: read_file, profiles: [none], deny: {} }',
    '{ id: x, tool: read_file, deny: { path: { under: notes } }, except: { path: { is: notes/a } } }',
  ])('not: an allow of notes beside %s', (rule) => {
    expect(lint(NOTES, rule)).toEqual([]);
  });
});

describe('rules that say too much to be compared', () => {
  test('are refused, instead of keeping a worker busy', () => {
    const globs = (kind: string): string =>
      Array.from({ length: 260 }, (_, index) => `${kind}${'*x'.repeat(100)}${index}/**`).join(', ');
    const rules = ['allow', 'deny'].map(
      (kind) => `{ id: ${kind}, tool: read_file, ${kind}: { path: { glob: [${globs(kind)}] } } }`,
    );
    expect(lint(...rules).join()).toContain('say too much to be compared');
  });
});

describe('the example', () => {
  test('has nothing to complain of', () => {
    expect(lintsOf(examplePolicy(), [...productShapes, ...exampleTools()])).toEqual([]);
  });
});
