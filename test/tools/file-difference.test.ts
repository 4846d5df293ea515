import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyDifference, showDifference } from '../../src/tools/file-difference.ts';

const line = fc.constantFrom(
  'a',
  'b',
  '',
  '+c',
  '-d',
  ' e',
  '@@ -1 +1 @@',
  '\\ No newline at end of file',
  'x\r',
  '\u2028',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));

describe('S11: what is shown of a change is what is written', () => {
  test('for any two texts the shown lines alone make the one of the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const shown = showDifference(before, after);
        expect(shown).toBeDefined();
        expect(applyDifference(before, shown ?? '')).toBe(after);
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, string, string]>([
    ['a wrong count', 'a\nb\n', '@@ -1,1 +1,2 @@\n a\n+b\n+c\n'],
    ['another line than is there', 'a\nb\n', '@@ -1,1 +1,1 @@\n-x\n+y\n'],
    ['hunks out of order', 'a\nb\nc\n', '@@ -3,1 +3,1 @@\n-c\n+z\n@@ -1,1 +1,1 @@\n-a\n+x\n'],
    ['a hunk beyond the end', 'a\n', '@@ -9,0 +9,1 @@\n+x\n'],
    ['a line without a sign', 'a\n', '@@ -1,1 +1,1 @@\n-a\nb\n'],
    ['a header that is none', 'a\n', '@@ -1 +1 @@ note\n-a\n+b\n'],
  ])('%s is not forgiven', (_what, before, shown) => {
    expect(applyDifference(before, shown)).toBeUndefined();
  });

  test('a hunk is applied at the very place it names, though its lines stand elsewhere, too', () => {
    expect(applyDifference('a\nb\na\nb\n', '@@ -3,2 +3,1 @@\n a\n-b\n')).toBe('a\nb\na\n');
  });

  test('where too much differs all lines go and all come, within a bounded time', () => {
    const [before, after] = ['a', 'b'].map((each) =>
      Array.from({ length: 20_000 }, (_, n) => `${each}${n}\n`).join(''),
    );
    const shown = showDifference(before ?? '', after ?? '') ?? '';
    expect(shown.startsWith('@@ -1,20000 +1,20000 @@\n-a0\n')).toBe(true);
    expect(applyDifference(before ?? '', shown)).toBe(after);
  });

  test('a small change of a long text is shown small', () => {
    const before = Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join('');
    expect(showDifference(before, before.replace('line 40000\n', 'changed\n'))?.split('\n')).toHaveLength(10);
  });
});
