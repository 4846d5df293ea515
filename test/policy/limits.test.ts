/** Limits that the guard judges: counts, the same action again, sums. */
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import type { DecisionStanding } from '../../src/domain/standing.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { spendKey, spends, spendsOf } from '../../src/policy/spends.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { buy, moreShapes, rent } from './more-shapes.ts';
import { readFile } from './shapes.ts';
import { NOTHING } from './support.ts';

const eur = (minor: number): JsonObject => ({ minor, currency: 'EUR' });
const RULES = [
  '{ id: buy, tool: buy, allow: { item: { any: true }, price: { any: true } } }',
  '{ id: rent, tool: rent, allow: { days: { any: true }, price: { any: true } } }',
  '{ id: read, tool: read_file, allow: { path: { any: true } } }',
];

function file(limits: string): string {
  return [
    'version: 1',
    'profiles: { all: { grant: [purchase, read_files] } }',
    `limits: ${limits}`,
    'rules:',
    ...RULES.map((rule) => `  - ${rule}`),
  ].join('\n');
}

function read(limits: string): Policy | string {
  const reading = parsePolicy(file(limits), moreShapes);
  return reading.kind === 'policy' ? reading.policy : reading.problems.map(describeProblem).join('\n');
}

function decide(limits: string, tool: ToolShape, args: JsonObject, standing: Partial<DecisionStanding> = {}): string {
  const policy = read(limits);
  if (typeof policy === 'string') throw new Error(policy);
  const facts = { tool, profile: 'all', args, actionKey: 'key', standing: { ...NOTHING, ...standing } };
  const { kind, why } = decideAction(policy, facts);
  return `${kind}: ${why}`;
}

describe('sums over money', () => {
  const LIMIT = '{ sums: [{ id: spend, tool: buy, argument: price, max: "100.00 EUR" }] }';
  const spent = (value: number): Partial<DecisionStanding> => ({ sums: { 'buy.price EUR': value } });
  const buyFor = (price: JsonObject, standing: Partial<DecisionStanding> = {}): string =>
    decide(LIMIT, buy, { item: 'tea', price }, standing);

  test.each<[string, JsonObject, number, string]>([
    ['the first, exactly at the limit', eur(10_000), 0, 'allow'],
    ['one cent above it', eur(10_001), 0, 'deny'],
    ['what is left', eur(4000), 6000, 'allow'],
    ['a cent more than what is left', eur(4001), 6000, 'deny'],
    ['nothing, when all is spent', eur(0), 10_000, 'allow'],
    ['more than the limit already spent', eur(0), 10_001, 'deny'],
  ])('%s', (_, price, before, kind) => {
    expect(buyFor(price, spent(before)).split(':')[0]).toBe(kind);
  });

  test('S2: another currency cannot be counted, so it is denied', () => {
    expect(buyFor({ minor: 1, currency: 'USD' })).toBe('deny: The limit "spend" counts EUR, and this is in USD.');
  });

  test.each<[string, JsonObject | number | string]>([
    ['a negative amount would lower the sum', { minor: -5000, currency: 'EUR' }],
    ['no number', { minor: '1', currency: 'EUR' }],
    ['not finite', { minor: Number.NaN, currency: 'EUR' }],
    ['no money', 'ten euros'],
  ])('S2: %s: denied', (_, price) => {
    expect(buyFor(price as JsonObject)).toMatch(/^deny: /);
  });

  test.each<[string, number]>([
    ['negative', -1],
    ['not finite', Number.NaN],
    ['infinite', Infinity],
  ])('S2: a standing that is %s is over the limit', (_, value) => {
    expect(buyFor(eur(1), spent(value))).toMatch(/^deny: /);
  });

  test('the denial says how much is spent, what was wanted and which limit it is', () => {
    expect(buyFor(eur(5000), spent(6000))).toBe(
      'deny: A session may spend at most 100.00 EUR here (limits.sums "spend"); 60.00 EUR are spent or reserved, and this is 50.00 EUR more.',
    );
  });

  test('one sum over several tools counts them together', () => {
    const both = LIMIT.replace('tool: buy', 'tool: [buy, rent]');
    const standing = { sums: { 'buy.price EUR': 6000, 'rent.price EUR': 3000 } };
    expect(decide(both, buy, { item: 'tea', price: eur(1000) }, standing)).toMatch(/^allow/);
    expect(decide(both, rent, { days: 1, price: eur(1001) }, standing)).toMatch(/^deny/);
  });

  test('S2: what an action spent that ended without a word is not known, so nothing more is spent', () => {
    expect(buyFor(eur(1), { unknownTools: ['buy'] })).toMatch(/^deny: .*not known/);
    expect(buyFor(eur(1), { unknownTools: ['rent'] })).toMatch(/^allow/);
    const same = decide(
      '{ sameAction: { read_file: 2 } }',
      readFile,
      { path: 'notes/a' },
      { unknownTools: ['read_file'] },
    );
    expect(same).toMatch(/^deny: .*not known/);
  });

  test('other currencies and other tools in the standing do not count', () => {
    const sums = { 'buy.price USD': 99_999, 'rent.price EUR': 99_999, 'buy.tip EUR': 99_999 };
    expect(buyFor(eur(10_000), { sums })).toMatch(/^allow/);
  });

  test('sums of plain numbers', () => {
    const days = '{ sums: [{ id: days, tool: rent, argument: days, max: 10 }] }';
    const sums = { 'rent.days': 8 };
    expect(decide(days, rent, { days: 2, price: eur(1) }, { sums })).toMatch(/^allow/);
    expect(decide(days, rent, { days: 3, price: eur(1) }, { sums })).toMatch(/^deny/);
  });
});

describe('what an action spends', () => {
  test('the money and number arguments that it always has, each under tool, argument and currency', () => {
    expect(spendsOf(buy, { item: 'tea', price: eur(250), tip: { minor: 5, currency: 'USD' } })).toEqual({
      'buy.price EUR': 250,
    });
    expect(spendsOf(rent, { days: 3, price: eur(1) })).toEqual({ 'rent.days': 3, 'rent.price EUR': 1 });
    expect(spendsOf(readFile, { path: 'notes/a' })).toEqual({});
    expect(spendKey('buy', 'price', null)).toBe('buy.price');
  });

  test('tools that spend are judged one after another', () => {
    expect([buy, rent, readFile].map(spends)).toEqual([true, true, false]);
  });
});

describe('the same action again', () => {
  const LIMIT = '{ sameAction: { read_file: 2 } }';
  test.each<[string, DecisionStanding['same'], string]>([
    ['never before', {}, 'allow'],
    ['once before', { key: 1 }, 'allow'],
    ['as often as it may', { key: 2 }, 'deny'],
    ['others, often', { other: 50 }, 'allow'],
    ['S2: a session that does not count', null, 'deny'],
    ['S2: a count that is none', { key: Number.NaN }, 'deny'],
  ])('%s', (_, same, kind) => {
    expect(decide(LIMIT, readFile, { path: 'notes/a' }, { same }).split(':')[0]).toBe(kind);
  });
});

describe('limits that cannot be meant so do not load', () => {
  test.each<[string, string, string]>([
    [
      'a sum of an unknown argument',
      '{ sums: [{ id: s, tool: buy, argument: prize, max: "1.00 EUR" }] }',
      'did you mean "price"?',
    ],
    [
      'a sum of a text',
      '{ sums: [{ id: s, tool: buy, argument: item, max: "1.00 EUR" }] }',
      'neither money nor a number',
    ],
    [
      'a sum of what may be left out',
      '{ sums: [{ id: s, tool: buy, argument: tip, max: "1.00 EUR" }] }',
      'may be left out',
    ],
    [
      'money limited by a plain number',
      '{ sums: [{ id: s, tool: buy, argument: price, max: 100 }] }',
      'an amount with its currency',
    ],
    [
      'half a cent',
      '{ sums: [{ id: s, tool: buy, argument: price, max: "1.005 EUR" }] }',
      'an amount with its currency',
    ],
    [
      'a number limited by money',
      '{ sums: [{ id: s, tool: rent, argument: days, max: "1.00 EUR" }] }',
      'a plain number as its limit',
    ],
    [
      'two sums of one name',
      '{ sums: [{ id: s, tool: rent, argument: days, max: 1 }, { id: s, tool: rent, argument: days, max: 2 }] }',
      'two sums have the id "s"',
    ],
    ['an unknown tool', '{ sameAction: { red_file: 1 } }', 'did you mean "read_file"?'],
    ['a sum per day', '{ sums: [{ id: s, tool: rent, argument: days, max: 1, per: day }] }', 'not built yet'],
    ['a cost without currency', '{ cost: 5 }', 'like 5.00 USD'],
    ['a cost in another currency', '{ cost: 5.00 EUR }', 'US dollars'],
  ])('%s', (_, limits, words) => {
    expect(read(limits)).toContain(words);
  });

  test('what is the usual may be said', () => {
    expect(read('{ actions: { read_file: { max: 2, atLimit: deny, per: session } }, cost: 2.50 USD }')).toMatchObject({
      limits: { costUsd: 2.5, actions: { read_file: 2 } },
    });
  });
});
