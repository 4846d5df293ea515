/** The parts of a policy in the words of the file: what people wrote, not what it was compiled to. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import { durationInWords } from '../duration-words.ts';
import { amountInWords } from '../kinds/money.ts';
import type { Policy, Profile, SumLimit } from '../policy.ts';

export type Part =
  'rule' | 'flow' | 'profile' | 'limit' | 'labels' | 'approval' | 'defaultProfile' | 'prices' | 'tests';

/** By name within each part; a part that is one has the empty name. */
export function partsOf(policy: Policy): ReadonlyMap<Part, JsonObject> {
  const flows = new Set(policy.flows.map(({ rule }) => rule));
  const documents = [...policy.documents];
  return new Map<Part, JsonObject>([
    ['rule', Object.fromEntries(documents.filter(([id]) => !flows.has(id)).map(([id, one]) => [id, ruleOf(one)]))],
    ['flow', Object.fromEntries(documents.filter(([id]) => flows.has(id)).map(([id, one]) => [id, ruleOf(one)]))],
    ['profile', Object.fromEntries([...policy.profiles.values()].map((one) => [one.name, profileOf(one)]))],
    ['limit', limitsOf(policy)],
    ['labels', Object.fromEntries([...policy.labels].map(([tool, labels]) => [tool, [...labels]]))],
    ['approval', policy.defaultApproval === null ? {} : { '': termsOf(policy.defaultApproval) }],
    ['defaultProfile', policy.defaultProfile === null ? {} : { '': policy.defaultProfile }],
    ['prices', Object.fromEntries([...policy.prices].map(([model, price]) => [model, asJson(price)]))],
    ['tests', policy.tests.length === 0 ? {} : { '': asJson(policy.tests) }],
  ]);
}

/** A value of plain data, whose type does not say so. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** As written; an approval of its own with what it takes from the file’s. The file’s own stands once, as a part. */
function ruleOf(document: Json): Json {
  const written = (own(document, 'written') ?? null) as Json;
  const approval = own(document, 'approval') as Json;
  if (!isRecord(written) || !Object.hasOwn(written, 'approval') || !isRecord(approval)) return written;
  return { ...(written as JsonObject), approval: termsOf(approval as unknown as Terms) };
}

type Terms = NonNullable<Policy['defaultApproval']>;

function termsOf({ by, quorum, expiresMs }: Terms): Json {
  return { by: [...by], ...(quorum === 1 ? {} : { quorum }), expires: durationInWords(expiresMs) };
}

function profileOf({ grant, startable, within, names }: Profile): Json {
  const [, parent] = names;
  return {
    ...(parent === undefined ? {} : { extends: parent }),
    grant: [...grant].toSorted(),
    ...(within.length === 0 ? {} : { within: [...within] }),
    ...(startable ? { startable } : {}),
  };
}

function limitsOf({ limits, actionLimits }: Policy): JsonObject {
  const { turns, tokens, costUsd, wallTimeMs, asks, asksPending, actions } = limits;
  const endOf = (name: string): JsonObject => (actionLimits.asking.has(name) ? { atLimit: 'ask' } : {});
  const withEnd =
    (part: string) =>
    ([tool, max]: readonly [string, number]): readonly [string, Json] => [
      tool,
      actionLimits.asking.has(`${part}/${tool}`) ? { max, ...endOf(`${part}/${tool}`) } : max,
    ];
  return {
    ...{ turns, tokens, wallTime: durationInWords(wallTimeMs), asks, asksPending },
    ...(costUsd === undefined ? {} : { cost: usd(costUsd) }),
    ...named('actions', Object.entries(actions).map(withEnd('actions'))),
    ...named('sameAction', [...actionLimits.sameAction].map(withEnd('sameAction'))),
    ...named(
      'sums',
      actionLimits.sums.map((sum) => [sum.id, { ...sumOf(sum), ...endOf(`sums/${sum.id}`) }] as const),
    ),
  };
}

/** With two digits of cents, and more only where the file has them. */
function usd(amount: number): string {
  return `${amount.toFixed(4).replace(/0{1,2}$/, '')} USD`;
}

function sumOf({ tools, argument, max, currency }: SumLimit): JsonObject {
  const amount = currency === null ? max : amountInWords({ minor: max, currency });
  return { tool: [...tools].toSorted(), argument, max: amount };
}

function named(part: string, entries: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(entries.map(([name, value]) => [`${part}.${name}`, value]));
}
