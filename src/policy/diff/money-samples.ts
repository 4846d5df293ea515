import type { Json } from '../../domain/json.ts';
import type { Money } from '../kinds/money.ts';
import { parseAmount } from '../kinds/money.ts';
import { textsOf } from './texts-of.ts';

/** Each bound with its neighbours, and an amount in each currency that is named. */
export function moneySamples(spec: Json): readonly Json[] {
  const bounds = ['max', 'min']
    .flatMap((key) => textsOf(spec, key))
    .flatMap((text): readonly Money[] => {
      const amount = parseAmount(text);
      if (amount.kind === 'none') return [];
      const { minor, currency } = amount.value;
      return [minor - 1, minor, minor + 1].map((each) => ({ minor: each, currency }));
    });
  const currencies = textsOf(spec, 'currency').map((currency) => ({ minor: 100, currency }));
  return [...bounds, ...currencies].map(({ minor, currency }) => ({ minor, currency }));
}
