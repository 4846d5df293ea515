/** Limits at which people are asked: what is asked, of whom, and what stays denied all the same. */
import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../src/domain/decision.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { DecisionStanding } from '../../src/domain/standing.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { spendingParts } from '../../src/policy/decide-limits.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import { buy, moreShapes } from './more-shapes.ts';
import { readFile } from './shapes.ts';
import { NOTHING } from './support.ts';

const eur = (minor: number): JsonObject => ({ minor, currency: 'EUR' });
const SUM = '{ sums: [{ id: spend, tool: buy, argument: price, max: "100.00 EUR", atLimit: ask }] }';
const COUNT = '{ actions: { read_file: { max: 2, atLimit: ask } } }';
const SAME = '{ sameAction: { read_file: { max: 1, atLimit: ask } } }';

function policyWith(limits: string): Policy {
  const text = `version: 1
profiles: { all: { grant: [purchase, read_files] } }
approval: { by: [owner], expires: 1h }
limits: ${limits}
rules:
  - { id: buy, tool: buy, allow: { item: { any: true }, price: { any: true } } }
  - { id: read, tool: read_file, allow: { path: { any: true } } }
`;
  const reading = parsePolicy(text, moreShapes);
  if (reading.kind !== 'policy') throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

function decide(limits: string, tool: ToolShape, args: JsonObject, standing: Partial<DecisionStanding>): Decision {
  const facts = { tool, profile: 'all', args, actionKey: 'key', standing: { ...NOTHING, ...standing } };
  return decideAction(policyWith(limits), facts);
}

const read = (limits: string, standing: Partial<DecisionStanding>): Decision =>
  decide(limits, readFile, { path: 'a' }, standing);
const buyFor = (minor: number, standing: Partial<DecisionStanding>): Decision =>
  decide(SUM, buy, { item: 'tea', price: eur(minor) }, standing);

describe('what is asked', () => {
  test('nothing below the limit', () => {
    expect(read(COUNT, { actions: { read_file: 1 } }).kind).toBe('allow');
    expect(buyFor(4000, { sums: { 'buy.price EUR': 6000 } }).kind).toBe('allow');
  });

  test('a count, a sum and the same action say what is used and what an approval adds', () => {
    const limitOf = (decision: Decision): unknown => (decision.kind === 'ask' ? decision.limits?.[0] : decision);
    expect(limitOf(read(COUNT, { actions: { read_file: 2 } }))).toEqual({
      name: 'actions/read_file',
      used: '2 of 2 uses of read_file (limits.actions)',
      adds: '2 more uses of read_file, this among them',
    });
    expect(limitOf(buyFor(4001, { sums: { 'buy.price EUR': 6000 } }))).toEqual({
      name: 'sums/spend',
      used: '60.00 EUR of 100.00 EUR are spent or reserved (limits.sums spend); this takes 40.01 EUR',
      adds: '100.00 EUR more under spend, this among it',
    });
    expect(limitOf(read(SAME, { same: { key: 1 } }))).toMatchObject({ name: 'sameAction/read_file/key' });
  });

  test('all that are met are asked about at once, and one that a person stopped denies', () => {
    const both =
      '{ actions: { read_file: { max: 1, atLimit: ask } }, sameAction: { read_file: { max: 1, atLimit: ask } } }';
    const standing = { actions: { read_file: 1 }, same: { key: 1 } };
    const decision = read(both, standing);
    expect(decision.kind === 'ask' && decision.limits?.map(({ name }) => name)).toEqual([
      'actions/read_file',
      'sameAction/read_file/key',
    ]);
    expect(read(both, { ...standing, grants: [{ limit: 'sameAction/read_file/key', more: false }] }).kind).toBe('deny');
  });

  test.each<[string, number, 'allow' | 'ask']>([
    ['lifted once, within', 3, 'allow'],
    ['lifted once, met again', 4, 'ask'],
  ])('%s', (_, used, kind) => {
    const grants = [{ limit: 'actions/read_file', more: true }];
    expect(read(COUNT, { actions: { read_file: used }, grants }).kind).toBe(kind);
  });
});

describe('S2: what stays denied', () => {
  test.each<[string, () => Decision]>([
    [
      'a person said stop',
      () => read(COUNT, { actions: { read_file: 2 }, grants: [{ limit: 'actions/read_file', more: false }] }),
    ],
    ['what was used is no count', () => read(COUNT, { actions: { read_file: -1 } })],
    ['a session that does not count the same action', () => read(SAME, { same: null })],
    ['an earlier action without a word', () => read(SAME, { same: {}, unknownTools: ['read_file'] })],
    ['a sum of which an amount is not known', () => buyFor(1, { unknownTools: ['buy'] })],
    ['another currency', () => decide(SUM, buy, { item: 'tea', price: { minor: 1, currency: 'USD' } }, {})],
    ['more than a limit lifted once would hold', () => buyFor(14_001, { sums: { 'buy.price EUR': 6000 } })],
    ['a limit of nothing', () => read('{ actions: { read_file: { max: 0, atLimit: ask } } }', {})],
    [
      'one limit asks, another denies',
      () =>
        read(`{ actions: { read_file: { max: 1, atLimit: ask } }, sameAction: { read_file: 1 } }`, {
          actions: { read_file: 1 },
          same: { key: 1 },
        }),
    ],
    [
      'what was lifted is another limit',
      () =>
        read('{ actions: { read_file: 1 } }', {
          actions: { read_file: 1 },
          grants: [{ limit: 'actions/read_file', more: false }],
        }),
    ],
  ])('%s', (_, decided) => {
    expect(decided().kind).toBe('deny');
  });
});

test('whoever approves is told what counts towards each sum', () => {
  const standing = { ...NOTHING, sums: { 'buy.price EUR': 6000 }, grants: [{ limit: 'sums/spend', more: true }] };
  const action = { tool: buy, args: { item: 'tea', price: eur(1250) }, actionKey: 'key', standing };
  expect(spendingParts(policyWith(SUM), action)).toEqual([
    {
      label: 'Counts towards the limit spend',
      text: '12.50 EUR now, 60.00 EUR spent or reserved before, of 200.00 EUR in this session',
    },
  ]);
  expect(spendingParts(policyWith(SUM), { ...action, tool: readFile, args: { path: 'a' } })).toEqual([]);
});
