import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parseApprovers } from '../../src/policy/approvers.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { fileWith, problemsOf } from './support.ts';
import { shapes } from './shapes.ts';

const RULE = '{ id: notes, tool: read_file, allow: { path: { under: notes } } }';
const GOOD = fileWith([RULE]);

describe('YAML traps (S2): a file that could mean something else does not load', () => {
  test('the file without a trap loads', () => {
    expect(problemsOf(GOOD)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'a key twice: the last would win',
      fileWith(['{ id: a, tool: read_file, deny: {}, id: b }']),
      'line 7, column 41: the key "id" is there twice',
    ],
    [
      'a key twice, once in quotes',
      fileWith(['{ id: a, "id": b, tool: read_file, deny: {} }']),
      'line 7, column 14: the key "id" is there twice',
    ],
    [
      'an anchor',
      fileWith(['{ id: a, tool: read_file, allow: &x { path: { any: true } } }']),
      'line 7, column 41: anchors ("&name") are not allowed (write it again where it is needed, or write the file with definePolicy)',
    ],
    [
      'a tag of YAML itself',
      fileWith(['{ id: !!str 1, tool: read_file, deny: {} }']),
      'line 7, column 17: the tag "tag:yaml.org,2002:str" is not allowed',
    ],
    [
      'the non-specific tag',
      fileWith(['{ id: ! a, tool: read_file, deny: {} }']),
      'line 7, column 13: the tag "!" is not allowed',
    ],
    [
      'a merge key',
      fileWith(['{ id: a, tool: read_file, deny: {}, <<: { why: x } }']),
      'line 7, column 41: the key "<<" is not allowed',
    ],
    [
      'a prototype key',
      fileWith(['{ id: a, tool: read_file, deny: {}, __proto__: { why: x } }']),
      'line 7, column 41: the key "__proto__" is not allowed',
    ],
    [
      'a constructor key',
      fileWith([], 'limits: { actions: { constructor: 1 } }'),
      'line 5, column 22: the key "constructor" is not allowed',
    ],
    ['a key that is a number', fileWith([], '1: x'), 'line 5, column 1: keys must be plain words'],
    ['a key that is nothing', fileWith([], '~: x'), 'line 5, column 1: keys must be plain words'],
    ['a key that is a list', fileWith([], '[a]: x'), 'line 5, column 1: keys must be plain words'],
    ['two documents', `${GOOD}\n---\n${GOOD}`, 'line 8, column 1: only one document may stand in the file'],
    ['a directive', `%YAML 1.1\n---\n${GOOD}`, 'line 1, column 1: directives ("%…") are not allowed'],
    ['a tag directive', `%TAG ! tag:x,2000:\n---\n${GOOD}`, 'line 1, column 1: directives ("%…") are not allowed'],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test('an alias bomb is refused and never grows', () => {
    const bomb = [
      'a: &a [x, x]',
      ...Array.from('bcdefghij', (c, i) => `${c}: &${c} [*${'abcdefghij'[i]}, *${'abcdefghij'[i]}]`),
    ];
    const problems = problemsOf(`${GOOD}\n${bomb.join('\n')}`);
    expect(problems.join('\n')).toContain('aliases ("*name") are not allowed');
  });

  test('a custom tag is refused', () => {
    expect(problemsOf(fileWith(['!rule { id: a }'])).join('\n')).toContain('!rule');
  });

  test('why directives are refused: YAML 1.1 reads "no" as a boolean', () => {
    expect(parse('%YAML 1.1\n---\na: no')).toEqual({ a: false });
    expect(parse('a: no')).toEqual({ a: 'no' });
  });

  test.each([
    ['opened lists', '['.repeat(10_000)],
    ['lists', `${'['.repeat(400)}${']'.repeat(400)}`],
    ['lists in a rule', fileWith([`{ id: a, tool: read_file, allow: { path: ${'['.repeat(60)}${']'.repeat(60)} } }`])],
    ['dashes', '- '.repeat(5_000)],
    ['maps', '{a: '.repeat(5_000)],
  ])('deep nesting is refused and does not throw: %s', (_, text) => {
    expect(problemsOf(text)[0]).toContain('nested more than 32 levels deep');
    expect(parseApprovers(text).kind).toBe('broken');
  });

  test('a file over 256 KB is refused before it is parsed', () => {
    const started = performance.now();
    expect(problemsOf('a'.repeat(50_000_000))).toEqual(['line 1, column 1: the file is larger than 256 KB']);
    expect(performance.now() - started).toBeLessThan(50);
  });

  test('a file of many keys takes no quadratic time, and tells no more than can be read', () => {
    const wide = Array.from({ length: 25_000 }, (_, index) => `key${index}:`).join('\n');
    const started = performance.now();
    expect(problemsOf(wide)).toHaveLength(50);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test.each([
    ['commas', '[', ','],
    ['closing brackets', '', '}'],
    ['aliases', '', '*a '],
    ['tags', '', '!a '],
    ['anchors', '', '&a '],
    ['question marks', '[', '? '],
    ['wrong escapes', '"', '\\q'],
    ['headers of blocks', '', 'a: |9x\n'],
    ['opened lists', '', '['],
    ['opened maps', '', '{a: '],
    ['dashes', '', '- '],
    ['lists that end too early', '', '- [\n'],
    ['maps in maps', '', 'a: '],
  ])(
    'S2: a broken file of 256 KB is refused, and does not keep the worker: %s',
    (_, start, unit) => {
      const text = (start + unit.repeat(300_000)).slice(0, 256 * 1024);
      expect(parsePolicy(text, shapes).kind).toBe('broken');
      expect(parseApprovers(text).kind).toBe('broken');
      // Quadratic work on so much would take longer than any machine needs for linear work.
    },
    60_000,
  );

  test('a dedent out of deep nesting neither throws nor ends the process', () => {
    expect(problemsOf(`${'- '.repeat(100_000)}x\ny`)).toEqual([
      'line 1, column 132: the file is nested more than 32 levels deep',
    ]);
  });

  test.each([
    ['a lone carriage return: a new line for some readers only', '\r', 'U+000D'],
    ['a next line', '\u0085', 'U+0085'],
    ['a line separator', '\u2028', 'U+2028'],
    ['a paragraph separator', '\u2029', 'U+2029'],
    ['an escape of terminals', '\u001b', 'U+001B'],
    ['a backspace', '\b', 'U+0008'],
    ['a form feed', '\f', 'U+000C'],
    ['a C1 control', '\u009b', 'U+009B'],
    ['a delete', '\u007f', 'U+007F'],
    ['a turn of direction', '\u202e', 'U+202E'],
    ['an isolate', '\u2066', 'U+2066'],
    ['a zero-width space', '\u200b', 'U+200B'],
    ['a soft hyphen', '\u00ad', 'U+00AD'],
    ['a tag character', '\u{e0061}', 'U+E0061'],
    ['a byte order mark that is not at the start', '\ufeff', 'U+FEFF'],
  ])('S11: the file that people read is the file that is loaded, without %s', (_, hidden, name) => {
    const message = `the hidden character ⟨${name}⟩ is not allowed; in double quotes write it as an escape`;
    const approvers = `version: 1\n# so${hidden}me\npeople: {}`;
    expect(parseApprovers(approvers)).toMatchObject({ kind: 'broken', problems: [{ line: 2, column: 5, message }] });
    expect(problemsOf(`${GOOD}\n# who${hidden}rules: []`)).toEqual([`line 8, column 6: ${message}`]);
    expect(problemsOf(GOOD.replace('notes', `no${hidden}tes`))).toContain(`line 7, column 13: ${message}`);
  });

  test('a byte order mark at the start, line ends of Windows, tabs and letters of any script may stand', () => {
    expect(problemsOf(`\uFEFF${GOOD}`)).toEqual([]);
    expect(problemsOf(`${GOOD.replaceAll('\n', '\r\n')}\t# Größe, 規則, ✔️`)).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['a text', 'version'],
    ['a list', '[]'],
    ['null', '~'],
    ['broken', '{'],
    ['binary', '\0\u0001\u0002'],
    ['a lone surrogate', '\ud800'],
  ])('%s is no policy, and is told so without throwing', (_, text) => {
    expect(parsePolicy(text, shapes).kind).toBe('broken');
    expect(parseApprovers(text).kind).toBe('broken');
  });
});

describe('numbers and booleans where texts belong', () => {
  test.each<[string, string, string]>([
    ['an id', fileWith(['{ id: 12, tool: read_file, deny: {} }']), 'line 7, column 7:'],
    ['a reason', fileWith(['{ id: a, tool: read_file, deny: {}, why: true }']), 'line 7, column 41:'],
    ['an approver', fileWith([], 'approval: { by: [7] }'), 'line 5, column 18:'],
    ['a folder', fileWith(['{ id: a, tool: read_file, allow: { path: { under: 2024 } } }']), 'line 7, column 48:'],
    ['an expiry', fileWith([], 'approval: { by: [owner], expires: 60 }'), 'line 5, column 26:'],
  ])('%s', (_, text, start) => {
    const [problem = ''] = problemsOf(text);
    expect(problem.startsWith(start)).toBe(true);
    expect(problem).toContain('put it in quotes');
  });

  test('a text where a number or a boolean belongs is refused as well', () => {
    expect(problemsOf(fileWith([], 'limits: { turns: "5" }'))).toHaveLength(1);
    expect(problemsOf(GOOD.replace('startable: true', 'startable: "true"'))).toHaveLength(1);
    expect(problemsOf(fileWith([], 'limits: { turns: .inf }'))).toHaveLength(1);
    expect(problemsOf(fileWith([], 'limits: { turns: -1 }'))).toHaveLength(1);
    expect(problemsOf(fileWith([], 'limits: { turns: 1.5 }'))).toHaveLength(1);
  });
});
