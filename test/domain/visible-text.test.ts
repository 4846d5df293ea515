import { describe, expect, test } from '@jest/globals';
import { visibleLine, visibleText } from '../../src/domain/visible-text.ts';

describe('text shown to an approver (S11)', () => {
  test.each([
    ['ANSI escape', '\u001b[2Kpaid', '⟨U+001B⟩[2Kpaid'],
    ['right-to-left override', 'safe\u202Egpj.exe', 'safe⟨U+202E⟩gpj.exe'],
    ['isolates', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
    ['zero-width space', 'ev\u200Bil', 'ev⟨U+200B⟩il'],
    ['byte order mark', '\uFEFFa', '⟨U+FEFF⟩a'],
    ['soft hyphen', 'exam\u00ADple', 'exam⟨U+00AD⟩ple'],
    ['tag characters', 'a\u{E0041}b', 'a⟨U+E0041⟩b'],
    ['variation selector', 'a\uFE0Fb', 'a⟨U+FE0F⟩b'],
    ['no-break space', 'a\u00A0b', 'a⟨U+00A0⟩b'],
    ['Hangul filler', 'a\u3164b', 'a⟨U+3164⟩b'],
    ['line separator', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['carriage return', 'shown\rhidden', 'shown⟨U+000D⟩hidden'],
    ['lone surrogate', 'a\ud800b', 'a⟨U+D800⟩b'],
    ['NUL', 'a\0b', 'a⟨U+0000⟩b'],
  ])('%s is made visible', (_, hidden, shown) => {
    expect(visibleText(hidden)).toBe(shown);
  });

  test('honest text of many scripts stays as it is', () => {
    const honest = 'Grüße, 你好, שלום, हिन्दी — “quoted” 1 € 👍\n\tindented';
    expect(visibleText(honest)).toBe(honest);
  });

  test('a line stays one line, and showing twice changes nothing', () => {
    expect(visibleLine('a\nb\tc')).toBe('a⟨U+000A⟩b⟨U+0009⟩c');
    expect(visibleText(visibleText('\u202E\r'))).toBe(visibleText('\u202E\r'));
  });
});
