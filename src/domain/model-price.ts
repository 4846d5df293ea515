/** What tokens of a model cost, and what an answer cost. */
import type { Usage } from './session.ts';

/** US dollars per million tokens. */
export interface TokenPrices {
  readonly input: number;
  /** Written to the cache for five minutes, which is what `think` asks for. */
  readonly cacheWrite: number;
  readonly cacheRead: number;
  readonly output: number;
}

export interface ModelPrice extends TokenPrices {
  /** The day the prices are of, ISO 8601. */
  readonly asOf: string;
  /** For answers whose whole input has more than `tokens`. */
  readonly above?: TokenPrices & { readonly tokens: number };
}

/** In US dollars, not rounded; null where a count is missing or a price is none: a cost that is not known. */
export function costOf(price: ModelPrice, usage: Usage): number | null {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const rates = price.above !== undefined && inputTokens > price.above.tokens ? price.above : price;
  const fresh = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
  const spent =
    fresh * rates.input +
    cacheReadTokens * rates.cacheRead +
    cacheWriteTokens * rates.cacheWrite +
    outputTokens * rates.output;
  return Number.isFinite(spent) ? spent / 1_000_000 : null;
}

/** A model’s name without the date of its release: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`. */
export function undatedModel(model: string): string {
  return model.replace(/-\d{8}$/, '');
}
