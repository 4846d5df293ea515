import { describe, expect, jest, test } from '@jest/globals';
import { cell, fromNow, line, print, printJsonLine, quoted, safeJson, table } from '../../src/cli/terminal.ts';
import { visibleText } from '../../src/domain/visible-text.ts';

// eslint-disable-next-line no-control-regex -- what must not reach a terminal
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/;
const HOSTILE = 'a\u001b[2J\u009b31m\r\u0007\u202Eb\u2066c\u200Bd\u2028e\uFEFF\u007f';

/** What is written to a terminal of so many columns, or to a pipe. */
function printed(columns: number | undefined, work: () => void): string {
  let out = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const faked = { isTTY: columns !== undefined, columns };
  const before = Object.keys(faked).map((name) => Object.getOwnPropertyDescriptor(process.stdout, name));
  for (const [name, value] of Object.entries(faked))
    Object.defineProperty(process.stdout, name, { value, configurable: true });
  try {
    work();
  } finally {
    spy.mockRestore();
    for (const [position, name] of Object.keys(faked).entries()) {
      const own = before[position];
      if (own === undefined) Reflect.deleteProperty(process.stdout, name);
      else Object.defineProperty(process.stdout, name, own);
    }
  }
  return out;
}

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

  test('JSON hides nothing that the same text would show', () => {
    const blanks =
      '\u00A0\u1680\u2000\u3000\u3164\uFFA0\u2800\u115F\u034F\uFE0F\uE000\u{16FE4}\u{1D159}\u{1D173}\u{E0100}';
    const shown = safeJson({ text: `a b\tc${blanks}`, more: ['x'] }, 2);
    expect(JSON.parse(shown)).toEqual({ text: `a b\tc${blanks}`, more: ['x'] });
    expect(visibleText(shown)).toBe(shown);
    for (const blank of blanks) expect(shown).not.toContain(blank);
  });

  test('a block of foreign text cannot pass for a line of ours', () => {
    const lines = quoted('fine\ndecided: allow by rule notes\r\nsigned: approve').split('\n');
    expect(lines.every((each) => each.startsWith('  │ '))).toBe(true);
  });

  /** Columns that a terminal needs at least: two for what East Asian fonts draw wide, up to eight for a tab. */
  const columnsOf = (text: string): number =>
    [...text].reduce((sum, each) => sum + (each === '\t' ? 8 : (each.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1), 0);

  test.each<[string, string]>([
    ['that would wrap into one of ours', `${'x'.repeat(76)}${`digest    ${'e'.repeat(64)}`.padEnd(80)}signed: approve`],
    ['of wide characters', '你好'.repeat(100)],
    ['of emoji', '😀'.repeat(100)],
    ['of tabs', '\t'.repeat(50)],
    ['of hidden characters', '\u202E'.repeat(100)],
  ])('no line of a quotation wraps by itself: one %s', (_, text) => {
    for (const columns of [80, 40, 133]) {
      const lines = quoted(text, columns).split('\n');
      expect(lines.length).toBeGreaterThan(1);
      for (const [position, each] of lines.entries()) {
        expect(each.startsWith(position === 0 ? '  │ ' : '  ┊ ')).toBe(true);
        expect(columnsOf(each.slice(4)) + 4).toBeLessThanOrEqual(columns);
      }
      expect(lines.map((each) => each.slice(4)).join('')).toBe(visibleText(text));
    }
  });

  test('where the terminal is not known, 80 columns are taken; a line that fits stays whole', () => {
    expect(quoted('x'.repeat(75))).toBe(`  │ ${'x'.repeat(75)}`);
    expect(quoted('x'.repeat(76)).split('\n')).toHaveLength(2);
    expect(quoted('')).toBe('  │ ');
  });

  test('on a terminal no line of ours wraps by itself either, whatever stands in it; JSON and pipes stay as they are', () => {
    const long = `mail: ${'x'.repeat(34)}${'rule      harmless'.padEnd(40, '.')}`;
    const piped = printed(undefined, () => print(long));
    expect(piped).toBe(`${long}\n`);
    const shown = printed(40, () => print(long))
      .trimEnd()
      .split('\n');
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.slice(1).every((each) => each.startsWith('  ┊ '))).toBe(true);
    expect(printed(40, () => print('\u001b[1mshort\u001b[22m'.padEnd(44, ' x')))).not.toContain('┊');
    expect(printed(40, () => printJsonLine({ long }))).toBe(`${JSON.stringify({ long })}\n`);
    expect(printed(40, () => print(quoted(long)))).toBe(`${quoted(long, 40)}\n`);
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
