import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import { canonical } from '../kinds/kind.ts';
import type { Money } from '../kinds/money.ts';
import { amountInWords, knownCurrency, parseAmount } from '../kinds/money.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain, KindMatchers, Matcher, Purpose } from './matcher.ts';
import { matcherOf } from './matcher.ts';
import { oneOfWords } from './on-text.ts';
import { stringList } from './string-list.ts';

/**
 * Matchers of amounts: inclusive bounds (`max: 50.00 EUR`, or a list with one for each currency) and currencies.
 *
 * No rate of exchange is known here. So an amount in a currency for which no bound is named cannot be compared: in a
 * matcher that opens it misses, in one that closes it matches. `deny: { amount: { min: 100.00 EUR } }` denies every
 * amount of another currency too, lest 1,000 dollars evade it; who means euros only says `currency: EUR` beside it.
 */
export const compileMoney: KindMatchers = {
  keys: ['max', 'min', 'currency'],
  takes: isMoney,
  compileKey: (key, value, path, complain, purpose) => {
    switch (key) {
      case 'max':
        return onBound(boundsOf(value, path, complain), purpose, (found, bound) => found <= bound, 'above');
      case 'min':
        return onBound(boundsOf(value, path, complain), purpose, (found, bound) => found >= bound, 'below');
      case 'currency': {
        const codes = stringList(value, path, complain, knownCurrency);
        const set = new Set(codes);
        return onMoney(
          ({ currency }) => set.has(currency),
          (found) => `${amountInWords(found)} is not in ${oneOfWords(codes)}`,
        );
      }
      default:
        return undefined;
    }
  },
};

function isMoney(value: Json): boolean {
  return isRecord(value) && typeof value['minor'] === 'number' && typeof value['currency'] === 'string';
}

function onMoney(holds: (found: Money) => boolean, whyNot: (found: Money) => string): Matcher {
  return matcherOf(
    (value) => isMoney(value) && holds(value as unknown as Money),
    (value, at) => ({ at, why: isMoney(value) ? whyNot(value as unknown as Money) : 'it is no amount' }),
  );
}

/** The bound in minor units, by currency. */
function boundsOf(value: Json, path: Path, complain: Complain): ReadonlyMap<string, number> {
  const bounds = new Map<string, number>();
  stringList(value, path, complain, (text) => {
    const amount = parseAmount(text);
    if (amount.kind === 'none') return amount;
    const { minor, currency } = amount.value;
    if (bounds.has(currency)) complain(path, `two bounds in ${currency}; which one would hold?`);
    bounds.set(currency, minor);
    return canonical(text);
  });
  return bounds;
}

function onBound(
  bounds: ReadonlyMap<string, number>,
  purpose: Purpose,
  holds: (found: number, bound: number) => boolean,
  not: string,
): Matcher {
  return onMoney(
    ({ minor, currency }) => {
      const bound = bounds.get(currency);
      return bound === undefined ? purpose === 'closes' : holds(minor, bound);
    },
    (found) => {
      const bound = bounds.get(found.currency);
      return bound === undefined
        ? `${amountInWords(found)} cannot be compared with ${[...bounds.keys()].join(' or ')}`
        : `${amountInWords(found)} is ${not} ${amountInWords({ minor: bound, currency: found.currency })}`;
    },
  );
}
