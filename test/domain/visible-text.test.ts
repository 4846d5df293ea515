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

  test.each<[string, string]>([
    ['Ogham space mark', '\u1680'],
    ['Mongolian vowel separator', '\u180E'],
    ['em quad', '\u2001'],
    ['medium mathematical space', '\u205F'],
    ['ideographic space', '\u3000'],
    ['Hangul choseong filler', '\u115F'],
    ['Hangul filler', '\u3164'],
    ['halfwidth Hangul filler', '\uFFA0'],
    ['Braille blank', '\u2800'],
    ['Khitan filler', '\u{16FE4}'],
    ['null notehead', '\u{1D159}'],
    ['Egyptian full blank', '\u{13441}'],
    ['Egyptian half blank', '\u{13442}'],
    ['Khmer inherent vowel', '\u17B4'],
    ['combining grapheme joiner', '\u034F'],
    ['Arabic letter mark', '\u061C'],
    ['invisible times', '\u2062'],
    ['shorthand format letter overlap', '\u{1BCA0}'],
    ['musical begin beam', '\u{1D173}'],
    ['next line', '\u0085'],
    ['unassigned ignorable', '\u{E0FFF}'],
    ['object replacement', '\uFFFC'],
  ])('a blank is no space: %s', (_, blank) => {
    const name = `⟨U+${(blank.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
    expect(visibleText(`a${blank}b`)).toBe(`a${name}b`);
  });

  test('S11: of all characters, no ignorable and no white space stays but the plain space', () => {
    const stays: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (!/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Bidi_Control}]/u.test(character)) continue;
      if (visibleLine(character) === character) stays.push(character);
    }
    expect(stays).toEqual([' ']);
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
