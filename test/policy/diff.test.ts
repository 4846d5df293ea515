import { describe, expect, test } from '@jest/globals';
import type { DecisionDiff } from '../../src/policy/diff/decisions.ts';
import { decisionChanges } from '../../src/policy/diff/decisions.ts';
import { MAX_PROBES, probesOf } from '../../src/policy/diff/probes.ts';
import { structuralChanges } from '../../src/policy/diff/structure.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { listOf, one } from '../../src/policy/kinds/argument.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { fileWith } from './support.ts';
import { sendEmail, shapes } from './shapes.ts';

const pay: ToolShape = {
  name: 'pay',
  permission: 'send_email',
  arguments: {
    amount: one(money, 'how much'),
    times: one(number({ min: 1, max: 100, integer: true }), 'how often'),
    quick: one(flag, 'at once'),
  },
};
const grades: ToolShape = {
  name: 'grades',
  permission: 'send_email',
  arguments: { of: listOf(number({ min: 0, max: 1000, integer: false }), 10, 'numbers') },
};
const all = [...shapes, pay, grades];

function load(text: string): Policy {
  const reading = parsePolicy(text, all);
  if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.policy;
}

function diffOf(before: readonly string[], after: readonly string[], more?: string): DecisionDiff {
  const [old, next] = [load(fileWith(before, more)), load(fileWith(after, more))];
  return decisionChanges({ old, next, tools: all, profiles: ['all', 'none'], calls: new Map() });
}

const onPay = (matchers: string): string =>
  `{ id: r, tool: pay, allow: { ${['amount: { any: true }', 'times: { any: true }', 'quick: { any: true }']
    .filter((each) => !matchers.includes(each.split(':')[0] ?? ''))
    .concat(matchers)
    .join(', ')} } }`;
const onMail = (matcher: string): string => `{ id: r, tool: send_email, allow: { to: ${matcher} } }`;
const onPath = (matcher: string): string => `{ id: r, tool: read_file, allow: { path: ${matcher} } }`;
const onUrl = (matcher: string, more = ''): string =>
  `{ id: r, tool: http_request, allow: { url: ${matcher}, method: [GET]${more} } }`;
const api = (path: string, more = ''): string => `{ origin: 'https://a.example', path: ['${path}']${more} }`;

describe('a rule that is widened or narrowed in one word is noticed by some sample', () => {
  test.each<[string, string, string]>([
    ['a folder', onPath('{ under: notes }'), onPath('{ under: [notes, drafts] }')],
    ['a file', onPath('{ is: a/b }'), onPath('{ is: [a/b, a/c] }')],
    ['a glob', onPath("{ glob: '**/*.md' }"), onPath("{ glob: '*.md' }")],
    ['an extension', onPath('{ extension: md }'), onPath('{ extension: [md, txt] }')],
    ['an alternative', onPath('{ under: a }'), onPath('{ anyOf: [{ under: a }, { is: b/c }] }')],
    ['a domain', onMail('{ every: { domain: [e.example] } }'), onMail('{ every: { domain: [e.example, f.example] } }')],
    [
      'subdomains',
      onMail('{ every: { domain: [e.example] } }'),
      onMail('{ every: { anyOf: [{ domain: [e.example] }, { subdomainOf: [e.example] }] } }'),
    ],
    ['an address', onMail('{ every: { oneOf: [a@e.example] } }'), onMail('{ every: { domain: [e.example] } }')],
    [
      'every and some',
      onMail('{ every: { domain: [e.example] } }'),
      onMail('{ every: { any: true }, some: { domain: [e.example] } }'),
    ],
    [
      'how many',
      onMail('{ every: { domain: [e.example] }, max: 2 }'),
      onMail('{ every: { domain: [e.example] }, max: 3 }'),
    ],
    ['an origin', onUrl(api('/x')), onUrl(api('/x').replace('a.example', 'b.example'))],
    ['a URL’s path', onUrl(api('/x/*')), onUrl(api('/x/**'))],
    ['a query', onUrl(api('/x')), onUrl(api('/x', ', query: any'))],
    ['a query’s parameter', onUrl(api('/x', ', query: { only: [q] }')), onUrl(api('/x', ', query: { only: [q, r] }'))],
    [
      'a query’s value',
      onUrl(api('/x', ", query: { only: { q: ['1'] } }")),
      onUrl(api('/x', ", query: { only: { q: ['1', '2'] } }")),
    ],
    ['a method', onUrl(api('/x')), onUrl(api('/x')).replace('[GET]', '[GET, POST]')],
    ['headers', onUrl(api('/x')), onUrl(api('/x'), ', headers: { only: [accept] }')],
    ['a text', onUrl(api('/x'), ', body: { contains: x }'), onUrl(api('/x'), ', body: { contains: [x, y] }')],
    ['a text’s length', onUrl(api('/x'), ', body: { maxLength: 10 }'), onUrl(api('/x'), ', body: { maxLength: 11 }')],
    ['an amount', onPay('amount: { max: 5.00 EUR }'), onPay('amount: { max: 5.01 EUR }')],
    ['a currency', onPay('amount: { currency: EUR }'), onPay('amount: { currency: [EUR, USD] }')],
    ['a number', onPay('times: { max: 5 }'), onPay('times: { max: 6 }')],
    ['one of some numbers', onPay('times: [1, 2]'), onPay('times: [1, 2, 3]')],
    ['a flag', onPay('quick: { is: true }'), onPay('quick: { is: false }')],
    [
      'numbers of a list',
      '{ id: r, tool: grades, allow: { of: { every: { max: 5 } } } }',
      '{ id: r, tool: grades, allow: { of: { every: { max: 6 } } } }',
    ],
    [
      'an exception',
      onPath('{ under: a }'),
      onPath('{ under: a }').replace(/ }$/, ', except: { path: { glob: "**/.env" } } }'),
    ],
    [
      'who is asked',
      onPath('{ under: a }').replace('allow', 'ask'),
      onPath('{ under: a }').replace('allow', 'ask').replace(/ }$/, ', approval: { by: [boss] } }'),
    ],
    ['the kind', onPath('{ under: a }'), onPath('{ under: a }').replace('allow', 'deny')],
  ])('%s', (_, before, after) => {
    expect(diffOf([before], [after]).changes).not.toEqual([]);
    expect(diffOf([after], [before]).changes).not.toEqual([]);
    expect(diffOf([before], [before]).changes).toEqual([]);
  });

  test('a denial that reaches into what another rule allows', () => {
    const allow = onPath('{ under: [notes, drafts] }');
    const deny = "{ id: d, tool: read_file, deny: { path: { glob: '**/.env*' } } }";
    expect(diffOf([allow, deny], [allow]).changes).toMatchObject([
      {
        direction: 'looser',
        was: { kind: 'deny', rule: 'd' },
        is: { kind: 'allow', rule: 'r' },
        example: { input: { path: 'notes/.env' } },
      },
    ]);
    const anywhere = onUrl(api('/**'));
    const admin = "{ id: d, tool: http_request, deny: { url: { path: ['/admin/*'] } } }";
    expect(diffOf([anywhere, admin], [anywhere]).changes[0]?.example.input).toEqual({
      url: 'https://a.example/admin/',
      method: 'GET',
    });
  });

  test('a glob that is narrowed by what its star may stand for: nothing, or another character', () => {
    const env = (glob: string): readonly string[] => [
      onPath('{ under: notes }'),
      `{ id: d, tool: read_file, deny: { path: { glob: '${glob}' } } }`,
    ];
    for (const [before, after, path] of [
      ['**/.env*', '**/.enva*', 'notes/.env'],
      ['**/.env*', '**/.env?*', 'notes/.env'],
      ['**/key*', '**/key.*', 'notes/key'],
      ['**/a*b', '**/aanyb', 'notes/ab'],
    ] as const)
      expect(diffOf(env(before), env(after)).changes).toMatchObject([
        { direction: 'looser', was: { kind: 'deny', rule: 'd' }, is: { kind: 'allow' }, example: { input: { path } } },
      ]);
  });

  test('an address at the end of a long list, beneath hundreds of examples', () => {
    const known = Array.from({ length: 150 }, (_, index) => `colleague${index}@house.example`);
    const examples = Array.from({ length: 2500 }, (_, index) => `{ to: [colleague0@house.example], body: n${index} }`);
    const others = Array.from({ length: 100 }, (_, index) =>
      onMail(`{ every: { oneOf: [one${index}@a.example, two${index}@b.example] } }`).replace('id: r', `id: o${index}`),
    );
    const house = (list: readonly string[]): string =>
      onMail(`{ every: { oneOf: [${list.join(', ')}] } }`).replace(
        / }$/,
        `, examples: { match: [${examples.join(', ')}] } }`,
      );
    expect(diffOf([...others, house(known)], [...others, house([...known, 'm@evil.example'])]).changes).toMatchObject([
      { direction: 'looser', is: { kind: 'allow', rule: 'r' }, example: { input: { to: ['m@evil.example'] } } },
    ]);
  });

  test('deep among many others', () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      onPath(`{ under: f${index} }`).replace('id: r', `id: r${index}`),
    );
    const changed = many.with(77, onPath('{ under: g77 }').replace('id: r', 'id: r77'));
    expect(diffOf(many, changed).changes).toMatchObject([
      { was: { kind: 'deny' }, is: { kind: 'allow', rule: 'r77' }, example: { input: { path: 'g77' } } },
      { was: { kind: 'allow', rule: 'r77' }, is: { kind: 'deny' }, example: { input: { path: 'f77' } } },
    ]);
  });
});

describe('changes of decisions', () => {
  test('are grouped by what they are, each with its smallest example', () => {
    const { changes } = diffOf([onPath('{ under: a }')], [onPath('{ any: true }')]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      ...{ direction: 'looser', tools: ['read_file'], profiles: ['all'], was: { kind: 'deny' }, is: { rule: 'r' } },
    });
    expect(changes[0]?.count).toBeGreaterThan(1);
    expect(changes[0]?.example).toEqual({ tool: 'read_file', profile: 'all', seen: [], input: { path: '.env' } });
  });

  test('a rule of another name that decides the same is no change', () => {
    expect(diffOf([onPath('{ under: a }')], [onPath('{ under: a }').replace('id: r', 'id: s')]).changes).toEqual([]);
  });

  test('calls that are given are tried as well', () => {
    const [old, next] = [load(fileWith([])), load(fileWith([onPath("{ glob: '?/special' }")]))];
    const calls = new Map([['read_file', [{ path: 'z/special' }]]]);
    const { changes } = decisionChanges({ old, next, tools: all, profiles: ['all'], calls });
    expect(changes[0]?.count).toBe(2);
  });
});

describe('samples', () => {
  const policy = load(
    fileWith([onMail('{ every: { domain: [e.example] }, max: 2 }'), onUrl(api('/x/*')).replace('id: r', 'id: s')]),
  );

  test('are the same each time, canonical, and each once', () => {
    const [first, second] = [probesOf(sendEmail, [policy], []), probesOf(sendEmail, [policy], [])];
    expect(first).toEqual(second);
    expect(new Set(first.inputs.map((input) => JSON.stringify(input))).size).toBe(first.inputs.length);
    expect(first.inputs).toContainEqual({ to: ['someone@e.example'], subject: 'anything', body: 'anything' });
    expect(first.cut).toBe(false);
  });

  test('are bounded, and it is said where more were possible', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      onMail(`{ every: { anyOf: [{ domain: [d${index}.example] }, { oneOf: [a@e${index}.example] }] } }`).replace(
        'id: r',
        `id: r${index}`,
      ),
    );
    const probes = probesOf(sendEmail, [load(fileWith(many))], []);
    expect(probes.inputs).toHaveLength(MAX_PROBES);
    expect(probes.cut).toBe(true);
  });
});

describe('changes of parts', () => {
  const parts = (before: string, after: string): unknown =>
    structuralChanges(load(before), load(after)).map(({ part, name, change, decides }) => [
      part,
      name,
      change,
      decides,
    ]);
  const base = fileWith([onPath('{ under: a }')]);

  test.each<[string, string, unknown]>([
    ['nothing', base, []],
    ['another order of keys', base.replace('id: r, tool: read_file', 'tool: read_file, id: r'), []],
    ['a rule', fileWith([]), [['rule', 'r', 'removed', true]]],
    ['its matcher', base.replace('under: a', 'under: b'), [['rule', 'r', 'changed', true]]],
    ['its why', base.replace(/ }$/, ', why: so }'), [['rule', 'r', 'changed', false]]],
    [
      'its examples',
      base.replace(/ }$/, ', examples: { match: [{ path: a/b }] } }'),
      [['rule', 'r', 'changed', false]],
    ],
    ['who is asked, where no rule asks', base.replace('[owner]', '[boss]'), [['approval', '', 'changed', true]]],
    [
      'a profile',
      base.replace('none: { grant: []', 'none: { grant: [read_files]'),
      [['profile', 'none', 'changed', true]],
    ],
    [
      'limits',
      `${base}\nlimits: { turns: 3, actions: { pay: 2 }, sums: [{ id: s, tool: pay, argument: amount, max: 5.00 EUR }] }`,
      [
        ['limit', 'actions.pay', 'added', true],
        ['limit', 'sums.s', 'added', true],
        ['limit', 'turns', 'changed', true],
      ],
    ],
    [
      'flows and labels',
      `${base}\nflows: { labels: { secret: [read_file] }, rules: [{ id: f, when: [secret], tool: pay, then: deny }] }`,
      [
        ['flow', 'f', 'added', true],
        ['labels', 'read_file', 'changed', true],
      ],
    ],
    [
      'tests',
      `${base}\ntests: [{ name: t, profile: all, call: { tool: read_file, input: { path: a/b } }, expect: allow }]`,
      [['tests', '', 'added', false]],
    ],
    ['the default profile', `${base}\ndefaultProfile: all`, [['defaultProfile', '', 'added', true]]],
  ])('%s', (_, after, expected) => {
    expect(parts(base, after)).toEqual(expected);
  });

  test('who is asked is said once, not for each rule that names nobody', () => {
    const asks = base.replace('allow', 'ask');
    expect(parts(asks, asks.replace('[owner]', '[boss]'))).toEqual([['approval', '', 'changed', true]]);
    const named = asks.replace(/ }$/, ', approval: { by: [boss] } }');
    const later = named.replace('[owner] }', '[owner], expires: 2h }');
    expect(parts(named, later)).toEqual([
      ['rule', 'r', 'changed', true],
      ['approval', '', 'changed', true],
    ]);
  });
});
