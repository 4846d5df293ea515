/** Policies and actions as fast-check makes them: structured, so that rules and arguments meet often. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import type { DecisionStanding } from '../../src/domain/standing.ts';
import type { ActionFacts } from '../../src/policy/decide-action.ts';
import { compilePolicy } from '../../src/policy/compile-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { PolicySchema } from '../../src/policy/policy-schema.ts';
import { buy, moreShapes } from './more-shapes.ts';
import { deleteFiles, httpRequest, readFile, sendEmail } from './shapes.ts';

/** A policy file as JSON, which is YAML. */
export type Document = { readonly [key: string]: Json };

const pick = <T extends Json>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const path = pick<Json>(
  { under: 'notes' },
  { under: 'notes/closed' },
  { under: '.' },
  { glob: '**/.env*' },
  { is: ['notes/a', 'other'] },
  { extension: 'md' },
  { any: true },
  { anyOf: [{ under: 'drafts' }, { extension: 'md', under: 'notes' }] },
);
const address = pick<Json>(
  { domain: ['example.com'] },
  { subdomainOf: ['example.com'] },
  { oneOf: ['a@example.com'] },
  { any: true },
  { anyOf: [{ domain: ['evil.example'] }, { oneOf: ['a@example.com'] }] },
);
const page = pick<Json>(
  { origin: 'https://h.example', path: ['/a'] },
  { origin: ['https://h.example', 'https://g.example'], path: ['/**'], query: 'any' },
  { any: true },
);
const method = pick<Json>(['GET'], ['GET', 'POST']);
const price = pick<Json>(
  { max: '10.00 EUR' },
  { min: '5.00 EUR', currency: 'EUR' },
  { currency: ['EUR', 'USD'] },
  { any: true },
);
type ListOf = (element: fc.Arbitrary<Json>) => fc.Arbitrary<Json>;

/** As `list-spec.ts` wants it. */
const LISTS: Readonly<Record<'opens' | 'denies' | 'closes', ListOf>> = {
  opens: (element) =>
    fc.oneof(
      element.map((one) => ({ every: one })),
      fc.tuple(element, element).map(([every, some_]) => ({ every, some: some_ })),
      element.map((one) => ({ every: one, max: 2 })),
    ),
  denies: (element) =>
    fc.oneof(
      { weight: 4, arbitrary: element.map((one) => ({ some: one })) },
      { weight: 1, arbitrary: pick<Json>({ every: { any: true } }) },
    ),
  closes: (element) =>
    fc.oneof(
      element.map((one) => ({ every: one })),
      element.map((one) => ({ some: one })),
      element.map((one) => ({ every: one, max: 2 })),
    ),
};

/** What a part of a rule for this tool may say. */
const matchersWith = (list: ListOf): Readonly<Record<string, fc.Arbitrary<JsonObject>>> => ({
  read_file: fc.record({ path }),
  list_files: fc.record({ path }),
  delete_files: fc.record({ paths: list(path) }),
  send_email: fc.record({ to: list(address), cc: list(address) }, { requiredKeys: ['to'] }),
  http_request: fc.record({ url: page, method, body: pick<Json>({ any: true }) }, { requiredKeys: ['url', 'method'] }),
  buy: fc.record({ item: pick<Json>({ any: true }), price }),
});
const OPENING = matchersWith(LISTS.opens);
const DENYING = matchersWith(LISTS.denies);
const CLOSING = matchersWith(LISTS.closes);
const TOOLS = Object.keys(OPENING);
const PROFILES = ['base', 'more', 'most', 'other'] as const;
const PERMISSIONS = ['read_files', 'delete_data', 'send_email', 'make_api_calls', 'purchase'] as const;
export const KINDS = ['allow', 'ask', 'deny'] as const;

/** One rule without its id, for one tool or, for a denial, for all. */
export function ruleOf(kinds: readonly (typeof KINDS)[number][] = KINDS): fc.Arbitrary<Document> {
  const kindOf = fc.constantFrom(
    ...kinds,
    ...kinds.filter((kind) => kind === 'allow'),
    ...kinds.filter((kind) => kind !== 'deny'),
  );
  const forTool = fc.tuple(fc.constantFrom(...TOOLS), kindOf).chain(([tool, kind]) => {
    const [saying, excepting] = kind === 'deny' ? [DENYING, OPENING] : [OPENING, CLOSING];
    const nothing = fc.constant({});
    return fc
      .tuple(saying[tool] ?? nothing, fc.option(excepting[tool] ?? nothing, { nil: null, freq: 3 }), profiles)
      .map(([spec, except, named]): Document => ({
        tool,
        [kind]: spec,
        ...(except === null ? {} : { except }),
        ...named,
      }));
  });
  const forAll = profiles.map((named): Document => ({ tool: '*', deny: {}, ...named }));
  return kinds.includes('deny')
    ? fc.oneof({ weight: 60, arbitrary: forTool }, { weight: 1, arbitrary: forAll })
    : forTool;
}

const profiles: fc.Arbitrary<Document> = fc
  .option(fc.subarray([...PROFILES], { minLength: 1 }), { nil: null, freq: 3 })
  .map((named): Document => (named === null ? {} : { profiles: named }));

/** Mostly all of them: most actions fail at a permission otherwise, before any rule is looked at. */
const grant = fc.oneof(
  { weight: 4, arbitrary: fc.constant([...PERMISSIONS]) },
  { weight: 1, arbitrary: fc.subarray([...PERMISSIONS]) },
);

const flowOf: fc.Arbitrary<Document> = fc.record({
  when: fc.subarray(['untrusted', 'private'], { minLength: 1 }),
  tool: fc.subarray(TOOLS, { minLength: 1 }),
  then: fc.constantFrom('ask', 'deny'),
});

export const documentOf: fc.Arbitrary<Document> = fc
  .record({
    rules: fc.array(ruleOf(), { minLength: 4, maxLength: 14, size: 'max' }),
    grants: fc.tuple(grant, grant, grant),
    flows: fc.array(flowOf, { maxLength: 3 }),
    actions: fc.option(fc.nat({ max: 2 }), { nil: null }),
    same: fc.option(fc.nat({ max: 2 }), { nil: null }),
    spend: fc.option(fc.constantFrom('5.00 EUR', '10.00 EUR'), { nil: null }),
  })
  .map(({ rules, grants: [base, more, other], flows, actions, same, spend }): Document => ({
    version: 1,
    profiles: {
      base: { grant: base },
      more: { extends: 'base', grant: more },
      most: { extends: 'more' },
      other: { grant: other },
    },
    approval: { by: ['owner'] },
    limits: {
      ...(actions === null ? {} : { actions: { read_file: actions } }),
      ...(same === null ? {} : { sameAction: { send_email: same } }),
      ...(spend === null ? {} : { sums: [{ id: 'spend', tool: 'buy', argument: 'price', max: spend }] }),
    },
    flows: {
      labels: { private: ['read_file'], untrusted: ['http_request'] },
      rules: flows.map((flow, index) => ({ id: `f${index}`, ...flow })),
    },
    rules: rules.map((rule, index) => ({ id: `r${index}`, ...rule })),
  }));

/** Compiled without the checks of a file that loads: what no operator would write must hold as well. */
export function compiled(document: Document): Policy {
  const problems: string[] = [];
  const complain = (_: unknown, message: string): void => {
    problems.push(message);
  };
  const policy = compilePolicy(PolicySchema.parse(document), document, moreShapes, complain, complain);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return policy;
}

const PATHS = ['notes/a', 'notes/closed/b.md', 'notes/.env', 'drafts/b.md', 'other', '.'];
const ADDRESSES = ['a@example.com', 'b@sub.example.com', 'c@evil.example'];
const some = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const money = fc.record({ minor: fc.constantFrom(0, 499, 500, 1000, 1001), currency: fc.constantFrom('EUR', 'USD') });

const argumentsOf: readonly fc.Arbitrary<Pick<ActionFacts, 'tool' | 'args'>>[] = [
  fc.record({ path: fc.constantFrom(...PATHS) }).map((args) => ({ tool: readFile, args })),
  fc.record({ paths: some(PATHS) }).map((args) => ({ tool: deleteFiles, args })),
  fc
    .record({ to: some(ADDRESSES), cc: some(ADDRESSES), subject: fc.constant('s') }, { requiredKeys: ['to'] })
    .map((args) => ({ tool: sendEmail, args: args as JsonObject })),
  fc
    .record(
      {
        url: fc.constantFrom('https://h.example/a', 'https://h.example/a?b=1', 'https://g.example/'),
        method: fc.constantFrom('GET', 'POST'),
        body: fc.constant('x'),
      },
      { requiredKeys: ['url', 'method'] },
    )
    .map((args) => ({ tool: httpRequest, args: args as JsonObject })),
  fc.record({ item: fc.constant('tea'), price: money }).map((args) => ({ tool: buy, args })),
];

export const standingOf: fc.Arbitrary<DecisionStanding> = fc.record({
  actions: fc.record({ read_file: fc.nat({ max: 3 }) }, { requiredKeys: [] }) as fc.Arbitrary<Record<string, number>>,
  same: fc.oneof(fc.constant(null), fc.record({ key: fc.nat({ max: 3 }) })),
  sums: fc.record({ 'buy.price EUR': fc.nat({ max: 1200 }) }, { requiredKeys: [] }) as fc.Arbitrary<
    Record<string, number>
  >,
  labels: fc.subarray(['untrusted', 'private']),
  unknownTools: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(['buy', 'send_email']) },
  ),
  grants: fc.constant([]),
});

export const factsOf: fc.Arbitrary<ActionFacts> = fc
  .tuple(fc.oneof(...argumentsOf), fc.constantFrom(...PROFILES), standingOf)
  .map(([action, profile, standing]) => ({ ...action, profile, actionKey: 'key', standing }));
