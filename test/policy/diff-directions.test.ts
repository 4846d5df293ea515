/** Which way a change goes: whoever reads only what is marked LOOSER must not miss anything that is loosened. */
import { describe, expect, test } from '@jest/globals';
import { comparePolicies } from '../../src/cli/policy/compare-policies.ts';
import type { PolicyDiff } from '../../src/cli/policy/compare-policies.ts';
import { tools } from '../../src/tools/index.ts';
import { load } from './support.ts';

const FILE = {
  profiles: '{ a: { grant: [read_files, send_email, make_api_calls], startable: true } }',
  approval: '{ by: [owner], expires: 4h }',
  rules: '[]',
};
type Parts = Readonly<Record<string, string>>;

function file(parts: Parts): string {
  return Object.entries({ version: '1', ...FILE, ...parts })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

function diffOf(before: Parts, after: Parts): PolicyDiff {
  return comparePolicies(load(file(before)), load(file(after)), tools);
}

/** Of each part that changes, like `looser limit turns`. */
function partsOf(before: Parts, after: Parts): readonly string[] {
  return diffOf(before, after).structure.map(({ direction, part, name }) => `${direction} ${part} ${name}`.trim());
}

const rules = (...each: readonly string[]): Parts => ({ rules: `[${each.join(', ')}]` });
const ALLOW = '{ id: r, tool: read_file, allow: { path: { under: a } } }';
const ASK = ALLOW.replace('allow', 'ask');
const DENY = ALLOW.replace('allow', 'deny').replace('id: r', 'id: d');
const WIDE = ALLOW.replace('under: a', 'under: [a, b]');
const plus = (rule: string, more: string): string => rule.replace(/ }$/, `, ${more} }`);
const EXCEPT = plus(ALLOW, 'except: { path: { under: a/b } }');
const limits = (text: string): Parts => ({ limits: `{ ${text} }` });
const LABELS = 'labels: { odd: [read_file] }';
const MAIL = rules('{ id: m, tool: send_email, ask: { to: { every: { any: true } } } }');
const flow = (text: string, labels = LABELS): Parts & { readonly flows: string } => ({
  flows: `{ ${labels}, rules: [{ id: f, when: [private], tool: send_email, then: deny, ${text} }] }`.replace(
    ', }',
    ' }',
  ),
  ...MAIL,
});
const profile = (text: string): Parts => ({ profiles: `{ a: { ${text} }, b: { grant: [read_files] } }` });
const PROOF = '{ name: t, profile: a, call: { tool: read_file, input: { path: x } }, expect: deny }';

describe('one way it is looser, the other way it is tighter', () => {
  test.each<[string, Parts, Parts, string]>([
    ['a rule that allows', rules(), rules(ALLOW), 'rule r'],
    ['a rule that asks for what was denied', rules(), rules(ASK), 'rule r'],
    ['a rule that asks for what was allowed', rules(ALLOW, ASK.replace('id: r', 'id: q')), rules(ALLOW), 'rule q'],
    ['a denial', rules(ALLOW, DENY), rules(ALLOW), 'rule d'],
    ['a denial of what nothing allows', rules(DENY), rules(), 'rule d'],
    ['a matcher', rules(ALLOW), rules(WIDE), 'rule r'],
    ['from ask to allow', rules(ASK), rules(ALLOW), 'rule r'],
    ['an exception', rules(EXCEPT), rules(ALLOW), 'rule r'],
    ['a tool', rules(ALLOW), rules(ALLOW.replace('read_file', '[read_file, list_files]')), 'rule r'],
    ['a limit', limits('turns: 3'), limits('turns: 4'), 'limit turns'],
    ['a limit that is none', limits('actions: { read_file: 3 }'), {}, 'limit actions.read_file'],
    ['the cost', limits('cost: 5.00 USD'), limits('cost: 5.01 USD'), 'limit cost'],
    ['the time', limits('wallTime: 23h'), limits('wallTime: 1d'), 'limit wallTime'],
    [
      'how often the same',
      limits('sameAction: { read_file: 1 }'),
      limits('sameAction: { read_file: 2 }'),
      'limit sameAction.read_file',
    ],
    ['a flow', flow(''), MAIL, 'flow f'],
    ['what a flow does', flow(''), { ...flow(''), flows: flow('').flows.replace('then: deny', 'then: ask') }, 'flow f'],
    [
      'what a flow waits for',
      flow(''),
      { ...flow(''), flows: flow('').flows.replace('[private]', '[private, odd]') },
      'flow f',
    ],
    ['what is marked', flow(''), flow('', 'labels: { odd: [list_files] }'), 'labels read_file'],
    ['a permission', profile('grant: []'), profile('grant: [read_files]'), 'profile a'],
    ['a bound', profile('grant: [], within: b'), profile('grant: []'), 'profile a'],
    ['startable', profile('grant: []'), profile('grant: [], startable: true'), 'profile a'],
    ['for how long', {}, { approval: '{ by: [owner], expires: 5h }' }, 'approval'],
    ['how many may approve', {}, { approval: '{ by: [owner, boss], expires: 4h }' }, 'approval'],
  ])('%s', (_, tight, loose, name) => {
    expect(partsOf(tight, loose)).toContain(`looser ${name}`);
    expect(partsOf(loose, tight)).toContain(`tighter ${name}`);
  });
});

describe('what is left out of the file is looser, and back again it is not', () => {
  test.each<[string, Parts, Parts, string]>([
    ['a test', { tests: `[${PROOF}]` }, {}, 'tests'],
    ['an example', rules(plus(ALLOW, 'examples: { match: [{ path: a/b }] }')), rules(ALLOW), 'rule r'],
  ])('%s', (_, before, after, name) => {
    expect(partsOf(before, after)).toEqual([`looser ${name}`]);
    expect(partsOf(after, before)).toEqual([`other ${name}`]);
  });

  test('a test that only has another name is still there', () => {
    expect(partsOf({ tests: `[${PROOF}]` }, { tests: `[${PROOF.replace('name: t', 'name: u')}]` })).toEqual([
      'other tests',
    ]);
  });
});

test('somebody else who may approve is looser, for that one could not; and so is whatever goes both ways', () => {
  expect(partsOf({}, { approval: '{ by: [boss], expires: 1h }' })).toEqual(['looser approval']);
  const [wider, narrower] = [rules(ALLOW.replace('under: a', 'under: b')), rules(ALLOW)];
  expect(partsOf(wider, narrower)).toEqual(['looser rule r']);
});

test('words and the default profile are neither', () => {
  expect(partsOf(rules(ALLOW), { ...rules(plus(ALLOW, 'why: so')), defaultProfile: 'a' })).toEqual([
    'other rule r',
    'other defaultProfile',
  ]);
});

test('loosening stands first, limits before approvals, and all of it is counted', () => {
  const before: Parts = { ...rules(WIDE, DENY), ...limits('turns: 3, asks: 2') };
  const after: Parts = { ...rules(ALLOW), ...limits('turns: 2, asks: 3'), approval: '{ by: [owner], expires: 5h }' };
  expect(partsOf(before, after)).toEqual([
    'looser rule d',
    'looser limit asks',
    'looser approval',
    'tighter rule r',
    'tighter limit turns',
  ]);
  const { counts, decisions } = diffOf(before, after);
  expect(counts.parts).toEqual({ looser: 3, tighter: 2, other: 0 });
  expect(counts.decisions).toEqual({ looser: 1, tighter: 1, other: 0 });
  expect(decisions.changes.map(({ direction }) => direction)).toEqual(['looser', 'tighter']);
});

test('what one change of a rule brings is one change: whichever profiles and labels it shows under', () => {
  const profiles =
    '{ a: { grant: [send_email], startable: true }, b: { grant: [send_email] }, c: { grant: [send_email] } }';
  const ask = flow('').flows.replace('then: deny', 'then: ask');
  const { changes } = diffOf({ ...flow(''), flows: ask, profiles }, { ...flow(''), profiles }).decisions;
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    direction: 'tighter',
    profiles: ['a', 'b', 'c'],
    example: { tool: 'send_email', profile: 'a', seen: ['private'] },
  });
});

test('another default approval is one change of decisions, whatever the rules that ask', () => {
  const asks = rules(ASK, '{ id: m, tool: send_email, ask: { to: { every: { any: true } } } }');
  const { changes } = diffOf(asks, { ...asks, approval: '{ by: [owner], expires: 2d }' }).decisions;
  expect(changes).toMatchObject([{ direction: 'looser', byDefaultApproval: true, tools: ['read_file', 'send_email'] }]);
});

test('a profile that only the new file has was denied everything before', () => {
  const two = '{ a: { grant: [read_files], startable: true }, b: { grant: [send_email], startable: true } }';
  const mail = '{ id: m, tool: send_email, profiles: [b], allow: { to: { every: { any: true } } } }';
  const { structure, decisions } = diffOf(rules(ALLOW), { ...rules(ALLOW, mail), profiles: two });
  expect(structure.map(({ direction, part, name }) => `${direction} ${part} ${name}`)).toContain('looser rule m');
  expect(decisions.changes).toMatchObject([
    {
      direction: 'looser',
      profiles: ['b'],
      tools: ['send_email'],
      was: { kind: 'deny', rule: null },
      is: { rule: 'm' },
    },
  ]);
  const kept = two.replace('send_email], startable: true', 'send_email]');
  expect(diffOf(rules(ALLOW), { ...rules(ALLOW, mail), profiles: kept }).decisions.changes).toEqual([]);
});

describe('prices', () => {
  const price = (input: number, asOf = '2026-11-01'): Parts => ({
    prices: `{ some-model: { asOf: ${asOf}, input: ${input}, cacheWrite: 1, cacheRead: 1, output: 9 } }`,
  });
  const COST = limits('cost: 5.00 USD');
  const found = (before: Parts, after: Parts): unknown =>
    diffOf(before, after).structure.map(({ part, direction, decides }) => [part, direction, decides]);

  test('decide where a cost is limited: cheaper is looser, for more is thought', () => {
    expect(found({ ...COST, ...price(3) }, { ...COST, ...price(2) })).toEqual([['prices', 'looser', true]]);
    expect(found({ ...COST, ...price(2) }, { ...COST, ...price(3) })).toEqual([['prices', 'tighter', true]]);
    expect(found(COST, { ...COST, ...price(3) })).toEqual([['prices', 'other', true]]);
    expect(found({ ...COST, ...price(3) }, price(3))).toEqual([['limit', 'looser', true]]);
    expect(found({ ...COST, ...price(3) }, price(2))).toContainEqual(['prices', 'looser', true]);
  });

  test('decide nothing without one, and their day never does', () => {
    expect(found(price(3), price(2))).toEqual([['prices', 'looser', false]]);
    const later = price(3, '2026-11-02');
    expect(found({ ...COST, ...price(3) }, { ...COST, ...later })).toEqual([['prices', 'other', false]]);
  });
});
