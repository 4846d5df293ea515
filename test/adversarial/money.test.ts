import { describe, expect, test } from '@jest/globals';
import { MINOR_DIGITS } from '../../src/policy/kinds/currencies.ts';
import { MAX_MINOR, amountInWords, parseAmount } from '../../src/policy/kinds/money.ts';
import { pay, problemsOfMore } from './pay.ts';
import { fileWith } from '../policy/support.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const euros = (minor: unknown): unknown => ({ minor, currency: 'EUR' });
const json = (text: string): unknown => JSON.parse(text);

/** Sent to an agent that may pay up to 50.00 EUR or 5000 JPY. */
const OPENED: readonly Row<unknown>[] = [
  ['plain', euros(1250), 'allow', 'it is what the rule speaks of'],
  ['other order', { currency: 'EUR', minor: 1250 }, 'allow', 'one canonical order'],
  ['the bound itself', euros(5000), 'allow', 'bounds are inclusive'],
  ['one cent more', euros(5001), 'deny', 'above the bound'],
  ['major for minor', { minor: 50, currency: 'EUR' }, 'allow', '50 minor units are 0.50 EUR, and are shown so'],
  ['no minor digits', { minor: 5000, currency: 'JPY' }, 'allow', '5000 JPY, not 50'],
  ['no minor digits, above', { minor: 5001, currency: 'JPY' }, 'deny', 'above the bound'],
  ['other currency', { minor: 1, currency: 'KWD' }, 'deny', 'it cannot be compared'],
  ['cheap currency', { minor: 1, currency: 'IRR' }, 'deny', 'it cannot be compared'],
  ['nothing', euros(0), 'allow', 'below the bound'],
  ['minus zero', json('{"minor":-0,"currency":"EUR"}'), 'allow', 'it is 0'],
  ['negative', euros(-1), 'refused', 'a payment the other way'],
  ['fraction', euros(12.5), 'refused', 'minor units are whole'],
  ['fraction by rounding', euros(0.1 + 0.2), 'refused', 'minor units are whole'],
  ['exponent', json('{"minor":5e3,"currency":"EUR"}'), 'allow', 'JSON reads 5e3 as 5000'],
  ['exponent out of range', json('{"minor":1e400,"currency":"EUR"}'), 'refused', 'JSON reads it as Infinity'],
  ['tiny exponent', json('{"minor":1e-400,"currency":"EUR"}'), 'allow', 'JSON reads it as 0, and so do we'],
  ['not a number', euros(NaN), 'refused', 'comparisons with it are all false'],
  ['infinite', euros(Infinity), 'refused', 'no amount'],
  ['unsafe', euros(2 ** 53), 'refused', 'doubles skip numbers there'],
  ['above the cap', euros(MAX_MINOR + 1), 'refused', 'no payment is so large'],
  ['the cap', euros(MAX_MINOR), 'deny', 'above the bound'],
  ['text', euros('1250'), 'refused', 'a text is no number'],
  ['text with a unit', '12.50 EUR', 'refused', 'the file says it so, a call does not'],
  ['number alone', 1250, 'refused', 'of which currency?'],
  ['list as number', euros([1250]), 'refused', 'JavaScript would take it'],
  ['object as number', euros({ valueOf: () => 1250 }), 'refused', 'JavaScript would take it'],
  ['bigint', euros(1250n), 'refused', 'no JSON'],
  ['boolean', euros(true), 'refused', 'JavaScript would take it for 1'],
  ['null', euros(null), 'refused', 'JavaScript would take it for 0'],
  ['lower case', { minor: 1, currency: 'eur' }, 'refused', 'not repaired'],
  ['mixed case', { minor: 1, currency: 'Eur' }, 'refused', 'not repaired'],
  ['blank after', { minor: 1, currency: 'EUR ' }, 'refused', 'not repaired'],
  ['line end after', { minor: 1, currency: 'EUR\n' }, 'refused', 'the "$" of many checks lets it pass'],
  ['sign', { minor: 1, currency: '€' }, 'refused', 'not a code'],
  ['full-width', { minor: 1, currency: '\uFF25\uFF35\uFF32' }, 'refused', 'not a code'],
  ['look-alike', { minor: 1, currency: '\u0415UR' }, 'refused', 'not a code'],
  ['zero width', { minor: 1, currency: 'EU\u200BR' }, 'refused', 'not a code'],
  ['lone surrogate', { minor: 1, currency: 'EU\ud800' }, 'refused', 'not a code'],
  ['unknown', { minor: 1, currency: 'ABC' }, 'refused', 'not in ISO 4217'],
  ['withdrawn', { minor: 1, currency: 'DEM' }, 'refused', 'not in ISO 4217 any more'],
  ['withdrawn lately', { minor: 1, currency: 'BGN' }, 'refused', 'not in ISO 4217 any more'],
  ['testing', { minor: 1, currency: 'XTS' }, 'refused', 'no money'],
  ['gold', { minor: 1, currency: 'XAU' }, 'refused', 'no minor unit'],
  ['coin', { minor: 1, currency: 'BTC' }, 'refused', 'not in ISO 4217'],
  ['number code', { minor: 1, currency: '978' }, 'refused', 'one spelling'],
  ['prototype name', { minor: 1, currency: '__proto__' }, 'refused', 'not a code'],
  ['prototype name, constructor', { minor: 1, currency: 'constructor' }, 'refused', 'not a code'],
  ['prototype name, get', { minor: 1, currency: 'get' }, 'refused', 'not a code'],
  ['no currency', { minor: 1 }, 'refused', 'no default'],
  ['no amount', { currency: 'EUR' }, 'refused', 'no default'],
  ['more members', { minor: 1, currency: 'EUR', scale: 2 }, 'refused', 'some tool may read them'],
  ['other spelling of a member', { Minor: 1, currency: 'EUR' }, 'refused', 'one spelling'],
  ['prototype member', json('{"minor":1,"currency":"EUR","__proto__":{"minor":9}}'), 'refused', 'more members'],
  ['list', [{ minor: 1, currency: 'EUR' }], 'refused', 'no list'],
  [
    'twice, the last small',
    json('{"minor":999999,"minor":1,"currency":"EUR"}'),
    'allow',
    'the last is what counts, and all see it',
  ],
  [
    'twice, the last large',
    json('{"minor":1,"minor":999999,"currency":"EUR"}'),
    'deny',
    'the last is what counts, and all see it',
  ],
  ['huge currency', { minor: 1, currency: 'EUR'.repeat(400_000) }, 'refused', 'its length is looked at first'],
];

const bound = policyOf('{ id: a, tool: pay, allow: { amount: { max: [50.00 EUR, 5000 JPY] } } }');
const open = '{ id: a, tool: pay, allow: { amount: { any: true } } }';

describe('amounts: attacks and what must happen (S2, S3)', () => {
  test.each(titled(OPENED))(`opened to 50.00 EUR: ${TITLE}`, (_attack, must, _why, amount) => {
    expect(attempt(bound, pay, { amount })).toBe(must);
  });

  test.each<[string, string, unknown, string]>([
    ['min: 100.00 EUR', 'the bound', { minor: 10_000, currency: 'EUR' }, 'deny'],
    ['min: 100.00 EUR', 'below it', { minor: 9_999, currency: 'EUR' }, 'allow'],
    ['min: 100.00 EUR', 'another currency', { minor: 100_000, currency: 'USD' }, 'deny'],
    ['min: 100.00 EUR', 'little of another currency', { minor: 1, currency: 'USD' }, 'deny'],
    [
      'min: [100.00 EUR, 110.00 USD]',
      'little of another currency with a bound',
      { minor: 1, currency: 'USD' },
      'allow',
    ],
    ['min: [100.00 EUR, 110.00 USD]', 'much of it', { minor: 11_000, currency: 'USD' }, 'deny'],
    ['min: [100.00 EUR, 110.00 USD]', 'a third', { minor: 1, currency: 'CHF' }, 'deny'],
    ['min: 100.00 EUR, currency: EUR', 'another currency, on purpose', { minor: 100_000, currency: 'USD' }, 'allow'],
    ['max: 1.00 EUR', 'a cent', { minor: 1, currency: 'EUR' }, 'deny'],
    ['max: 1.00 EUR', 'another currency', { minor: 1_000, currency: 'USD' }, 'deny'],
    ['currency: [USD, CAD]', 'one of them', { minor: 1, currency: 'CAD' }, 'deny'],
    ['currency: [USD, CAD]', 'another', { minor: 1, currency: 'EUR' }, 'allow'],
  ])('a denial that another currency must not evade: { %s }, %s', (matcher, _, amount, must) => {
    expect(attempt(policyOf(open, `{ id: b, tool: pay, deny: { amount: { ${matcher} } } }`), pay, { amount })).toBe(
      must,
    );
    expect(attempt(policyOf(`${open.slice(0, -2)}, except: { amount: { ${matcher} } } }`), pay, { amount })).toBe(must);
  });

  test.each([
    ['max: 50', /put it in quotes/],
    ['max: "50"', /like "50.00 EUR"/],
    ['max: 50.0 EUR', /2 digits after the point/],
    ['max: 50.000 EUR', /2 digits after the point/],
    ['max: 50.00 JPY', /no digits after the point/],
    ['max: 50.00 eur', /like "50.00 EUR"/],
    ['max: 50.00 XTS', /"XTS" is no currency/],
    ['max: "-1.00 EUR"', /like "50.00 EUR"/],
    ['max: "1,000.00 EUR"', /like "50.00 EUR"/],
    ['max: "1e3 EUR"', /like "50.00 EUR"/],
    ['max: "007 EUR"', /like "50.00 EUR"/],
    ['max: ".50 EUR"', /like "50.00 EUR"/],
    ['max: "50. EUR"', /like "50.00 EUR"/],
    ['max: "EUR 50"', /like "50.00 EUR"/],
    ['max: "50.00  EUR"', /like "50.00 EUR"/],
    ['max: 99999999999.00 EUR', /above 10000000000.00 EUR/],
    ['max: [1.00 EUR, 2.00 EUR]', /two bounds in EUR/],
    ['max: []', /the list is empty/],
    ['currency: eur', /"eur" is no currency/],
    ['currency: constructor', /"constructor" is no currency/],
    ['', /an empty matcher matches nothing/],
    ['maximum: 1.00 EUR', /a money has no matcher "maximum"/],
  ])('a rule that could not mean what it says does not load: { %s }', (matcher, message) => {
    const problems = problemsOfMore(fileWith([`{ id: a, tool: pay, allow: { amount: { ${matcher} } } }`]));
    expect(problems.join('\n')).toMatch(message);
  });

  test('an amount in words is read back as the same amount, in every currency', () => {
    for (const [currency, digits] of MINOR_DIGITS) {
      for (const minor of [0, 1, 9, 10, 99, 100, 12_345, 1_000_000, MAX_MINOR - 1, MAX_MINOR]) {
        expect(parseAmount(amountInWords({ minor, currency }))).toEqual({
          kind: 'canonical',
          value: { minor, currency },
        });
      }
      expect(parseAmount(`7 ${currency}`)).toEqual({ kind: 'canonical', value: { minor: 7 * 10 ** digits, currency } });
    }
    expect(amountInWords({ minor: 5, currency: 'EUR' })).toBe('0.05 EUR');
    expect(amountInWords({ minor: 5, currency: 'JPY' })).toBe('5 JPY');
    expect(amountInWords({ minor: 1500, currency: 'KWD' })).toBe('1.500 KWD');
  });

  test('the table of currencies has each code once, with 0, 2, 3 or 4 digits', () => {
    expect(MINOR_DIGITS.size).toBe(165);
    for (const [code, digits] of MINOR_DIGITS) {
      expect(code).toMatch(/^[A-Z]{3}$/);
      expect([0, 2, 3, 4]).toContain(digits);
    }
    // Node’s table counts some otherwise in everyday use (CLDR), but knows each of the plain ones.
    expect(Object.fromEntries(['EUR', 'JPY', 'KWD', 'CLF'].map((code) => [code, MINOR_DIGITS.get(code)]))).toEqual({
      EUR: 2,
      JPY: 0,
      KWD: 3,
      CLF: 4,
    });
  });
});
