import type { Json } from '../../domain/json.ts';
import { knownCurrency, parseAmount } from '../kinds/money.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { compileMoney } from '../matchers/money.ts';
import type { Atom } from './atom.ts';
import type { KindMeaning, Meaning } from './meaning.ts';
import { exactly, listOf, textsOf } from './meaning.ts';

export const moneyMeaning: KindMeaning = {
  matchers: compileMoney,
  meaningOf: (key, value, purpose) => {
    switch (key) {
      case 'max':
        return meaningOfBounds(value, purpose, (max) => ({ min: 0, max }));
      case 'min':
        return meaningOfBounds(value, purpose, (min) => ({ min, max: Infinity }));
      case 'currency': {
        const codes = textsOf(value, knownCurrency);
        return exactly(codes?.map((currency) => ({ is: 'amount', currency, min: 0, max: Infinity })));
      }
      default:
        return undefined;
    }
  },
};

type Range = { readonly min: number; readonly max: number };

/** An amount in a currency without a bound matches what closes. */
function meaningOfBounds(value: Json, purpose: Purpose, rangeTo: (bound: number) => Range): Meaning {
  const atoms: (Atom & { readonly is: 'amount' })[] = [];
  for (const item of listOf(value)) {
    const amount = typeof item === 'string' ? parseAmount(item) : undefined;
    if (amount?.kind !== 'canonical') return undefined;
    const { minor, currency } = amount.value;
    // Which of two bounds in one currency would hold is for the matcher to know.
    if (atoms.some((atom) => atom.currency === currency)) return undefined;
    atoms.push({ is: 'amount', currency, ...rangeTo(minor) });
  }
  const than = atoms.map(({ currency }) => currency);
  return exactly(purpose === 'closes' ? [...atoms, { is: 'otherCurrency', than }] : atoms);
}
