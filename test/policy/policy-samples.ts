/** Whole policy files by chance, over a tool that has every kind of argument; most of them load. */
import type { Json, JsonObject } from '../../src/domain/json.ts';
import type { ArgumentShape } from '../../src/policy/kinds/argument.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import type { Seeded } from './seeded.ts';
import { shapes } from './shapes.ts';
import { SAMPLE_NAMES, argumentSpec, argumentValue, shapeOf } from './subset-samples.ts';

const ARGUMENTS = SAMPLE_NAMES.flatMap((name) => [
  { argument: name as string, name, list: false },
  { argument: `${name}s`, name, list: true },
]);

/** Rules need not mention what may be left out. */
function leftOut(shape: ArgumentShape): ArgumentShape {
  return { ...shape, optional: true, schema: shape.schema.optional() };
}

/** Also some of which amounts and numbers can be added up, and one without arguments. */
export const sampleTools: readonly ToolShape[] = [
  ...shapes,
  {
    name: 'everything',
    description: 'Takes all there is.',
    permission: 'run_code',
    arguments: Object.fromEntries(
      ARGUMENTS.map(({ argument, name, list }) => [argument, leftOut(shapeOf(name, list))]),
    ),
    labels: ['untrusted'],
  },
  {
    name: 'mover',
    permission: 'purchase',
    arguments: {
      money: shapeOf('money', false),
      number: shapeOf('number', false),
      text: shapeOf('text', false),
      moneys: shapeOf('money', true),
      tip: leftOut(shapeOf('money', false)),
    },
    labels: [],
  },
  { name: 'lender', permission: 'purchase', arguments: { money: shapeOf('money', false) } },
  { name: 'bell', permission: 'publish', arguments: {} },
];

const WORDS = [
  'no',
  '1e3',
  '2026-11-01',
  '*',
  '#x',
  'two\nlines',
  '- a',
  '\u{1F600}',
  'x ',
  'x: y',
  '',
  'A reason.',
] as const;
const PROFILES = ['base', 'more'] as const;

export function matchersOf(random: Seeded, use: 'opens' | 'denies'): JsonObject {
  return Object.fromEntries(
    random
      .shuffled(ARGUMENTS)
      .slice(0, random.number(4))
      .map(({ argument, name, list }) => [argument, argumentSpec(random, name, list, use)]),
  );
}

/** Values for these arguments: those that a rule mentions, say. */
export function argumentsOf(random: Seeded, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    ARGUMENTS.filter(({ argument }) => names.includes(argument)).map(({ argument, name, list }) => [
      argument,
      argumentValue(random, name, list),
    ]),
  );
}

function maybe(random: Seeded, key: string, ...values: readonly [Json, ...Json[]]): JsonObject {
  return random.number(3) === 0 ? { [key]: random.pick(values) } : {};
}

const APPROVALS = [
  { by: ['owner'] },
  { expires: '90s', by: ['owner', 'boss'] },
  { by: ['no'], quorum: 1, expires: '24h' },
] as const;

function ruleOf(random: Seeded, id: string): JsonObject {
  const more = { ...maybe(random, 'why', ...WORDS), ...maybe(random, 'profiles', ['base'], ['more'], [...PROFILES]) };
  if (random.number(8) === 0)
    return { id, tool: random.pick<Json>(['*', ['*', 'everything'], ['bell']]), deny: {}, ...more };
  const tool = random.pick<Json>(['everything', ['everything'], ['everything', 'everything']]);
  const kind = random.pick(['allow', 'ask', 'deny']);
  const except = (): JsonObject => ({ ...matchersOf(random, 'opens'), flag: { is: true } });
  return {
    ...maybe(random, 'except', except(), [except()], [except(), except()]),
    ...more,
    [kind]: matchersOf(random, kind === 'deny' ? 'denies' : 'opens'),
    ...(kind === 'ask' ? maybe(random, 'approval', ...APPROVALS) : {}),
    tool,
    id,
  };
}

function limitsOf(random: Seeded): JsonObject {
  return {
    ...maybe(random, 'sums', [
      {
        id: 'spent',
        tool: random.pick<Json>(['mover', ['lender', 'mover']]),
        argument: 'money',
        max: '9 EUR',
      },
    ]),
    ...maybe(random, 'turns', 5, 0),
    ...maybe(
      random,
      'actions',
      { everything: 3, bell: { max: 2 } },
      { bell: { per: 'session', max: 1, atLimit: 'deny' } },
    ),
    ...maybe(random, 'sameAction', { bell: 1 }),
    ...maybe(random, 'cost', '5.00 USD', '0 USD'),
    ...maybe(random, 'wallTime', '2d', '1s'),
  };
}

/** Keys in any order, one or a list where both may stand. */
export function policySample(random: Seeded): JsonObject {
  const file: JsonObject = {
    ...maybe(random, '$schema', './policy.schema.json'),
    version: 1,
    profiles: {
      base: { startable: true, grant: ['run_code', 'publish'] },
      more: {
        ...maybe(random, 'startable', true, false),
        extends: 'base',
        ...maybe(random, 'grant', ['purchase'], []),
      },
    },
    ...maybe(random, 'defaultProfile', 'base'),
    rules: Array.from({ length: random.number(6) }, (_, index) => ruleOf(random, `r${index}`)),
    approval: random.pick<Json>(APPROVALS),
    ...(random.number(2) === 0 ? { limits: limitsOf(random) } : {}),
    ...maybe(random, 'prices', {
      '1e3': { output: 1, asOf: '2026-11-01', input: 1e-7, cacheWrite: 0, cacheRead: 2.5 },
    }),
    ...maybe(random, 'flows', {
      rules: [
        { id: 'f', then: 'ask', tool: random.pick<Json>(['bell', ['bell', 'everything']]), when: ['untrusted', 'on'] },
      ],
      labels: { on: ['bell'] },
    }),
    ...maybe(random, 'tests', [
      {
        expect: 'invalid',
        name: random.pick(['yes', 'a "test"']),
        profile: 'base',
        call: { input: { no: [null] }, tool: 'bell' },
      },
    ]),
  };
  return Object.fromEntries(random.shuffled(Object.entries(file)));
}
