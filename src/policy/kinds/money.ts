import { z } from 'zod';
import { MINOR_DIGITS } from './currencies.ts';
import type { Canonical, Kind } from './kind.ts';
import { canonical, none } from './kind.ts';

/** An amount in the currency’s minor units: 12.50 EUR is `{ minor: 1250, currency: 'EUR' }`. */
export interface Money {
  /** Whole, from 0 to MAX_MINOR. */
  readonly minor: number;
  /** An ISO 4217 code, upper case. */
  readonly currency: string;
}

/** Far below where doubles lose whole numbers, so that sums of amounts are exact too. */
export const MAX_MINOR = 10 ** 12;

/**
 * An amount of money. Exactly these two members, in this order; `-0`, which JSON can say, is 0. Everything else is
 * refused and not repaired: fractions, negative amounts, texts, lower-case or unknown currencies, more members.
 */
export const money: Kind<Money, 'money'> = {
  name: 'money',
  schema: z
    .strictObject({
      minor: z.int().min(0).max(MAX_MINOR).describe('in minor units: 1250 is 12.50 EUR, and 1250 JPY'),
      currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three upper-case letters, like EUR'),
    })
    .transform(({ minor, currency }, context): Money => {
      const known = knownCurrency(currency);
      // The sum with 0 takes the sign from -0.
      if (known.kind === 'canonical') return { minor: minor + 0, currency };
      context.addIssue({ code: 'custom', path: ['currency'], message: known.why });
      return z.NEVER;
    }),
};

/** The currency as it stands, if it is an active ISO 4217 code with a minor unit. */
export function knownCurrency(code: string): Canonical<string> {
  return MINOR_DIGITS.has(code)
    ? canonical(code)
    : none(`"${code.slice(0, 20)}" is no currency; give its ISO 4217 code in upper case, like EUR`);
}

const AMOUNT = /^(0|[1-9]\d{0,12})(?:\.(\d{1,4}))? ([A-Z]{3})$/;

/**
 * Reads an amount as a policy file says it: `50.00 EUR`, `50 EUR`, `5000 JPY`. All digits of the minor unit or none;
 * no grouping, no sign, no exponent, one space. Total.
 */
export function parseAmount(text: string): Canonical<Money> {
  const [, whole = '', fraction = '', currency = ''] = AMOUNT.exec(text.slice(0, 40)) ?? [];
  if (whole === '' || text.length > 40)
    return none('an amount is a number, one space and a currency, like "50.00 EUR"');
  const known = knownCurrency(currency);
  if (known.kind === 'none') return known;
  const digits = MINOR_DIGITS.get(currency) ?? 0;
  if (fraction !== '' && fraction.length !== digits) {
    return none(`an amount of ${currency} has ${digits === 0 ? 'no' : digits} digits after the point, or no point`);
  }
  // Read as one whole number: no fraction is ever multiplied, and so none is rounded.
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  return minor <= MAX_MINOR
    ? canonical({ minor, currency })
    : none(`the amount is above ${amountInWords({ minor: MAX_MINOR, currency })}`);
}

/** `50.00 EUR`: what `parseAmount` reads back as the same amount. For canonical amounts. */
export function amountInWords({ minor, currency }: Money): string {
  const digits = MINOR_DIGITS.get(currency) ?? 0;
  if (digits === 0) return `${minor} ${currency}`;
  const text = String(minor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`;
}
