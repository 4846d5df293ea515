import { describe, expect, test } from '@jest/globals';
import type { Usage } from '../../src/domain/session.ts';
import type { ModelPrice } from '../../src/domain/model-price.ts';
import { costOf, undatedModel } from '../../src/domain/model-price.ts';
import { priceOf } from '../../src/domain/model-prices.ts';

const PRICE: ModelPrice = { asOf: '2026-11-01', input: 10, cacheWrite: 20, cacheRead: 1, output: 50 };
const usage = (more: Partial<Usage> = {}): Usage => ({
  inputTokens: 1_000_000,
  outputTokens: 100_000,
  cacheReadTokens: 400_000,
  cacheWriteTokens: 100_000,
  ...more,
});

describe('what an answer cost', () => {
  test('each kind of token by its own price; what was cached is not counted twice', () => {
    // 500,000 fresh × 10 + 100,000 written × 20 + 400,000 read × 1 + 100,000 out × 50, per million.
    expect(costOf(PRICE, usage())).toBeCloseTo(5 + 2 + 0.4 + 5, 10);
  });

  test('above a number of input tokens all of them have the other prices', () => {
    const above = { tokens: 999_999, input: 100, cacheWrite: 200, cacheRead: 10, output: 500 };
    expect(costOf({ ...PRICE, above }, usage())).toBeCloseTo(124, 10);
    expect(costOf({ ...PRICE, above: { ...above, tokens: 1_000_000 } }, usage())).toBeCloseTo(12.4, 10);
  });

  test.each<[string, Partial<Record<keyof Usage, unknown>>]>([
    ['a count that is missing', { cacheReadTokens: undefined }],
    ['a count that is a text', { outputTokens: 'many' }],
    ['a count that is endless', { inputTokens: Infinity }],
  ])('S2: %s makes it unknown, never nothing', (_, wrong) => {
    expect(costOf(PRICE, { ...usage(), ...wrong } as Usage)).toBeNull();
  });

  test('S2: a price that is none makes it unknown', () => {
    expect(costOf({ ...PRICE, output: Number.NaN }, usage())).toBeNull();
  });
});

describe('the table of prices', () => {
  test('gives the newest that holds on a day', () => {
    expect(priceOf('claude-sonnet-5-5', new Date('2026-10-06T23:59:59Z'))?.cacheRead).toBe(0.2);
    expect(priceOf('claude-sonnet-5-5', new Date('2026-10-07T00:00:00Z'))?.cacheRead).toBe(0.1);
  });

  test('knows a model with the date of its release, and no other by a part of its name', () => {
    expect(priceOf('claude-opus-4-5-20251101', new Date('2026-11-25'))?.input).toBe(5);
    expect(undatedModel('claude-opus-4-5-20251101')).toBe('claude-opus-4-5');
    for (const name of ['claude-opus', 'claude-opus-4-5-2025', 'opus-4-5', 'x-claude-opus-5', 'scripted-stand-in', ''])
      expect(priceOf(name, new Date('2026-11-25'))).toBeUndefined();
  });

  test('has no price before its first day', () => {
    expect(priceOf('claude-opus-5-5', new Date('2025-12-31T23:59:59Z'))).toBeUndefined();
  });
});
