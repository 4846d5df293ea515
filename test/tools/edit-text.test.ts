import { describe, expect, test } from '@jest/globals';
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
