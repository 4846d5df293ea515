import { describe, expect, test } from '@jest/globals';
import { canonical, none, stringKind } from '../../../src/policy/kinds/kind.ts';

describe('the length of a value (S2)', () => {
  test('is checked before the canonicaliser sees it', () => {
    const seen: number[] = [];
    const kind = stringKind('text', 10, (raw) => {
      seen.push(raw.length);
      return raw === 'bad' ? none('it is bad') : canonical(raw);
    });
    expect(kind.schema.safeParse('a'.repeat(11)).success).toBe(false);
    expect(seen).toEqual([]);
    expect(kind.schema.safeParse('bad').error?.issues[0]?.message).toBe('it is bad');
    expect(kind.schema.safeParse('a'.repeat(10)).success).toBe(true);
    expect(seen).toEqual([3, 10]);
  });
});
