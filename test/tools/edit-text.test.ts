import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editText } from '../../src/tools/edit-text.ts';

describe('a literal replacement', () => {
  const half = 'a'.repeat(32_767);
  const file = 'a'.repeat(2 * 1024 * 1024);

  // The search of the engine takes 22 to 43 s for each of these, and stops the whole worker so long.
  test.each([
    ['a line break in the middle', `${half}\n${half}`],
    ['another letter in the middle', `${half}b${half}`],
  ])(
    'what repeats itself does not keep the worker: %s',
    (_what, part) => {
      expect(editText(file, part, 'x', false).kind).toBe('none');
      expect(editText(file, part, 'x', true).kind).toBe('none');
    },
    15_000,
  );

  test('places that overlap are two, and are replaced from the left', () => {
    expect(editText('aaa', 'aa', 'b', false)).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('more than once'),
    });
    expect(editText('aaa', 'aa', 'b', true)).toEqual({ kind: 'edited', text: 'ba' });
    expect(editText('abcab', 'ab', 'x', true)).toEqual({ kind: 'edited', text: 'xcx' });
  });
});

describe('line ends', () => {
  const withCrlf = (text: string): string => text.replaceAll('\n', '\r\n');
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 8 });
  const file = fc.tuple(short, short, short).map((parts) => parts.join('\n'));

  test('a file that has CRLF alone is edited as with LF, and written back with CRLF', () => {
    fc.assert(
      fc.property(file, short, short, fc.boolean(), (text, oldText, newText, all) => {
        const plain = editText(text, oldText, newText, all);
        const expected = plain.kind === 'none' ? plain : { ...plain, text: withCrlf(plain.text) };
        expect(editText(withCrlf(text), oldText, newText, all)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  test('a file that has LF alone is edited as by the engine, and stays so', () => {
    fc.assert(
      fc.property(file, short, short, (text, oldText, newText) => {
        fc.pre(oldText !== '' && oldText !== newText && text.includes(oldText));
        const edited = editText(text, oldText, newText, true);
        const expected = text.replaceAll(oldText, () => newText);
        expect(edited.kind === 'none' ? text : edited.text).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  // An LF that is half of a CRLF was taken for a place of its own: refused as two, or a bare CR stayed behind.
  test.each<[string, string, string, string, boolean, string]>([
    ['an old text that begins with a line break', 'a\r\nb\r\n', '\nb', '\nc', false, 'a\r\nc\r\n'],
    ['and more lines for it', 'a\r\nb\r\n', '\nb', '\nc\nd', true, 'a\r\nc\r\nd\r\n'],
    ['taken away', 'a\r\nb\r\n', '\nb', '', true, 'a\r\n'],
    ['line breaks alone', 'a\r\nb\r\nc\r\n', '\n', '; ', true, 'a; b; c; '],
    ['each end in a mixed file', 'a\r\nb\nb', '\nb', '\nc', true, 'a\r\nc\nc'],
    ['what is put in is not looked at again', 'A\nB\r\nB', 'A\nB', 'A', true, 'A\r\nB'],
    ['a bare CR is a character', 'a\rb\r\n', 'b', 'c', false, 'a\rc\r\n'],
  ])('%s', (_what, text, oldText, newText, all, after) => {
    expect(editText(text, oldText, newText, all)).toEqual({ kind: 'edited', text: after });
  });
});
