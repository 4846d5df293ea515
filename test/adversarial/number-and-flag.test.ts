import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { number } from '../../src/policy/kinds/number.ts';
import { pay, problemsOfMore } from './pay.ts';
import { canonicalOf, fileWith } from '../policy/support.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const json = (text: string): unknown => JSON.parse(text);

/** Sent to an agent that may order 1 to 10; the tool itself takes whole numbers from -10 to 1000. */
const NUMBERS: readonly Row<unknown>[] = [
  ['plain', 5, 'allow', 'it is what the rule speaks of'],
  ['upper bound', 10, 'allow', 'bounds are inclusive'],
  ['lower bound', 1, 'allow', 'bounds are inclusive'],
  ['above', 11, 'deny', 'above the bound'],
  ['below', 0, 'deny', 'below the bound'],
  ['minus zero', json('-0'), 'deny', 'it is 0'],
  ['negative', -5, 'deny', 'below the bound'],
  ['below the tool’s own bound', -11, 'refused', 'the tool does not take it'],
  ['above the tool’s own bound', 1001, 'refused', 'the tool does not take it'],
  ['fraction', 5.5, 'refused', 'whole numbers only'],
  ['fraction beneath doubles', json('5.00000000000000001'), 'allow', 'JSON reads it as 5, and so do all'],
  ['exponent', json('1e1'), 'allow', 'JSON reads it as 10'],
  ['exponent out of range', json('1e999'), 'refused', 'JSON reads it as Infinity'],
  ['unsafe', json('9007199254740993'), 'refused', 'doubles skip it'],
  ['not a number', NaN, 'refused', 'comparisons with it are all false'],
  ['infinite', Infinity, 'refused', 'no JSON'],
  ['minus infinite', -Infinity, 'refused', 'no JSON'],
  ['text', '5', 'refused', 'a text is no number'],
  ['text with blanks', ' 5 ', 'refused', 'a text is no number'],
  ['text in hexadecimal', '0x5', 'refused', 'a text is no number'],
  ['empty text', '', 'refused', 'JavaScript would take it for 0'],
  ['Arabic digits', '\u0665', 'refused', 'a text is no number'],
  ['boolean', true, 'refused', 'JavaScript would take it for 1'],
  ['null', null, 'refused', 'JavaScript would take it for 0'],
  ['empty list', [], 'refused', 'JavaScript would take it for 0'],
  ['list of one', [5], 'refused', 'JavaScript would take it for 5'],
  ['object', { valueOf: () => 5 }, 'refused', 'JavaScript would take it for 5'],
  ['bigint', 5n, 'refused', 'no JSON'],
  ['date', new Date(5), 'refused', 'JavaScript would take it for 5'],
];

/** Sent to an agent that may pay when `urgent` is false. */
const FLAGS: readonly Row<unknown>[] = [
  ['plain', false, 'allow', 'it is what the rule speaks of'],
  ['the other', true, 'deny', 'it is not'],
  ['text "false"', 'false', 'refused', 'true to JavaScript'],
  ['text "true"', 'true', 'refused', 'a text is no flag'],
  ['text "no"', 'no', 'refused', 'a text is no flag'],
  ['empty text', '', 'refused', 'false to JavaScript'],
  ['zero', 0, 'refused', 'false to JavaScript'],
  ['one', 1, 'refused', 'true to JavaScript'],
  ['null', null, 'refused', 'false to JavaScript'],
  ['empty list', [], 'refused', 'true to JavaScript'],
  ['list of one', [false], 'refused', 'true to JavaScript'],
  ['object', {}, 'refused', 'true to JavaScript'],
];

const amount = { minor: 1, currency: 'EUR' };
const opening = (rest: string): string => `{ id: a, tool: pay, allow: { amount: { any: true }, ${rest} } }`;
const anyCount = opening('count: { any: true }');
const few = policyOf(opening('count: { min: 1, max: 10 }'));
const calm = policyOf(opening('urgent: { is: false }'));

describe('numbers and flags: attacks and what must happen (S2, S3)', () => {
  test.each(titled(NUMBERS))(`opened to 1 to 10: ${TITLE}`, (_attack, must, _why, count) => {
    expect(attempt(few, pay, { amount, count })).toBe(must);
  });

  test.each(titled(FLAGS))(`opened to false: ${TITLE}`, (_attack, must, _why, urgent) => {
    expect(attempt(calm, pay, { amount, urgent })).toBe(must);
  });

  test('what is not given is neither in bounds nor false', () => {
    expect(attempt(few, pay, { amount })).toBe('deny');
    expect(attempt(calm, pay, { amount })).toBe('deny');
  });

  test.each<[string, unknown, string]>([
    ['[0, 7]', 7, 'deny'],
    ['[0, 7]', 0, 'deny'],
    ['[0, 7]', json('-0'), 'deny'],
    ['{ oneOf: 7 }', 7, 'deny'],
    ['{ oneOf: [-0] }', 0, 'deny'],
    ['{ min: 8 }', 8, 'deny'],
    ['{ max: 0 }', -1, 'deny'],
    ['[0, 7]', 8, 'allow'],
  ])('closed to %s: %p is %s', (matcher, count, must) => {
    const policy = policyOf(anyCount, `{ id: b, tool: pay, deny: { count: ${matcher} } }`);
    expect(attempt(policy, pay, { amount, count })).toBe(must);
  });

  test('a number has one form: what JSON cannot tell apart a digest must not', () => {
    const kind = number({ min: -5, max: 5, integer: false });
    expect(Object.is(canonicalOf(kind, -0), 0)).toBe(true);
    expect(canonicalOf(kind, 0.1 + 0.2)).toBe(0.30000000000000004);
    expect(canonicalOf(kind, 5.000001)).toMatch(/^refused: /);
    expect(z.toJSONSchema(number({ min: 0, max: 5, integer: true }).schema, { io: 'input' })).toMatchObject({
      type: 'integer',
      minimum: 0,
      maximum: 5,
    });
  });

  test.each([
    [NaN, 1],
    [0, Infinity],
    [2, 1],
  ])('bounds that bound nothing are a mistake in the tool: %p to %p', (min, max) => {
    expect(() => number({ min, max, integer: false })).toThrow(/give finite bounds/);
  });

  test.each([
    ['count: { max: "10" }', /a number is expected here/],
    ['count: { max: [10] }', /a number is expected here/],
    ['count: { max: .nan }', /./],
    ['count: { max: .inf }', /./],
    ['count: []', /the list is empty/],
    ['count: ["1"]', /a number is expected here/],
    ['count: {}', /an empty matcher/],
    ['urgent: { is: "false" }', /"is" is true or false/],
    ['urgent: { is: no }', /"is" is true or false/],
    ['urgent: { is: 0 }', /"is" is true or false/],
    ['urgent: false', /a matcher for a flag is a map/],
  ])('a rule that could not mean what it says does not load: %s', (rest, message) => {
    expect(problemsOfMore(fileWith([opening(rest)])).join('\n')).toMatch(message);
  });
});
