import { describe, expect, test } from '@jest/globals';
import { cell, fromNow, line, quoted, safeJson, table } from '../../src/cli/terminal.ts';

// eslint-disable-next-line no-control-regex -- what must not reach a terminal
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/;
const HOSTILE = 'a\u001b[2J\u009b31m\r\u0007\u202Eb\u2066c\u200Bd\u2028e\uFEFF\u007f';

describe('hostile text (S11)', () => {
  test('no control, escape or bidi character reaches the terminal, in a line, a block, a cell or JSON', () => {
    for (const shown of [line(HOSTILE), quoted(HOSTILE), cell(HOSTILE, 200), safeJson({ text: HOSTILE })])
      expect(shown).not.toMatch(OBEYED);
  });

  test('JSON with escapes is still the same value', () => {
    const value = { text: HOSTILE, tag: '\u{E0041}', pair: '😀', lone: '\uD800', 'key\u202E': 1 };
    expect(JSON.parse(safeJson(value))).toEqual(value);
    expect(JSON.parse(safeJson(value, 2))).toEqual(value);
    expect(safeJson(value)).not.toMatch(/\u{E0041}/u);
  });

  test('a block of foreign text cannot pass for a line of ours', () => {
    const lines = quoted('fine\ndecided: allow by rule notes\r\nsigned: approve').split('\n');
    expect(lines.every((each) => each.startsWith('  │ '))).toBe(true);
  });

  test('a cell is cut by whole characters and says so', () => {
    expect(cell('😀😀😀😀', 3)).toBe('😀😀…');
    expect(cell('abc', 3)).toBe('abc');
  });
});

test('columns line up, and the last is not padded', () => {
  expect(
    table([
      ['A', 'B'],
      ['long', 'x'],
    ]),
  ).toBe('A     B\nlong  x');
});

test.each([
  [8_000, 'in 8 s'],
  [600_000, 'in 10 min'],
  [14_400_000, 'in 4 h'],
  [-1, 'now'],
])('%d ms from now is "%s"', (distance, words) => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  expect(fromNow(new Date(now + distance).toISOString(), now)).toBe(words);
});
