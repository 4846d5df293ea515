/**
 * The table of prices, as data. US dollars per million tokens, cache writes for five minutes; from the public pricing
 * pages as they were on the day named. A model that is not here has an unknown cost, never none; a policy file may give
 * its own under `prices`. To change a price, add a line with the day it holds from: sessions keep what they began with.
 */
import type { ModelPrice } from './model-price.ts';
import { undatedModel } from './model-price.ts';

interface PriceLine {
  readonly models: readonly string[];
  /** The first day it holds, UTC. */
  readonly from: string;
  readonly price: ModelPrice;
}

const asOf = '2026-11-15';

const LINES: readonly PriceLine[] = [
  {
    models: ['claude-opus-5-5'],
    from: '2026-01-01',
    price: { asOf, input: 4, cacheWrite: 5, cacheRead: 0.2, output: 20 },
  },
  {
    models: ['claude-sonnet-5-5'],
    from: '2026-01-01',
    price: { asOf: '2026-10-06', input: 2, cacheWrite: 2.5, cacheRead: 0.2, output: 10 },
  },
  {
    models: ['claude-sonnet-5-5'],
    from: '2026-10-07',
    price: { asOf, input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 },
  },
  {
    models: ['claude-haiku-5-5'],
    from: '2026-01-01',
    price: {
      asOf,
      input: 0.1,
      cacheWrite: 0.125,
      cacheRead: 0.01,
      output: 0.5,
      above: { tokens: 100_000, input: 0.5, cacheWrite: 0.625, cacheRead: 0.05, output: 2.5 },
    },
  },
  {
    models: ['claude-opus-5', 'claude-opus-4-8', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-opus-4-5'],
    from: '2025-11-01',
    price: { asOf, input: 5, cacheWrite: 6.25, cacheRead: 0.5, output: 25 },
  },
  {
    models: ['claude-fable-5-1', 'claude-mythos-5-1'],
    from: '2026-01-01',
    price: { asOf, input: 10, cacheWrite: 12.5, cacheRead: 0.25, output: 50 },
  },
];

/** The newest price of a model that holds at `at`, or undefined. */
export function priceOf(model: string, at: Date): ModelPrice | undefined {
  const day = at.toISOString().slice(0, 10);
  const name = undatedModel(model);
  return LINES.filter(({ models, from }) => models.includes(name) && from <= day)
    .toSorted((a, b) => (a.from < b.from ? 1 : -1))
    .at(0)?.price;
}
