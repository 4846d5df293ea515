/** What two policies say differently, part by part. Pure; the order of the files means nothing. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import type { Policy } from '../policy.ts';
import { stableJson } from './stable-json.ts';

export interface StructuralChange {
  readonly part: 'rule' | 'flow' | 'profile' | 'limit' | 'labels' | 'approval' | 'defaultProfile' | 'prices' | 'tests';
  /** Id or name within its part; empty for a part that is one. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** False where only words, examples, tests or prices differ: nothing is decided by them. */
  readonly decides: boolean;
  readonly was: Json;
  readonly is: Json;
}

type Part = StructuralChange['part'];

/** In a fixed order: by part, then by name. */
export function structuralChanges(old: Policy, next: Policy): readonly StructuralChange[] {
  const [before, after] = [partsOf(old), partsOf(next)];
  return [...before.keys()].flatMap((part) => changesOf(part, before.get(part) ?? {}, after.get(part) ?? {}));
}

function partsOf(policy: Policy): ReadonlyMap<Part, JsonObject> {
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

/** The rule as written; with the terms in force only where they mean something, which is in an ask. */
function ruleOf(document: Json): Json {
  const written = (own(document, 'written') ?? null) as Json;
  const asks = own(written, 'ask') !== undefined || own(written, 'then') === 'ask';
  return asks && isRecord(written)
    ? { ...(written as JsonObject), approval: own(document, 'approval') as Json }
    : written;
}

function profileOf({
  grant,
  startable,
  within,
  names,
}: Policy['profiles'] extends ReadonlyMap<string, infer P> ? P : never): Json {
  return { grant: [...grant].toSorted(), startable, within, extends: [...names].slice(1) };
}

function termsOf({ by, quorum, expiresMs }: NonNullable<Policy['defaultApproval']>): Json {
  return { by: [...by], quorum, expiresMs };
}

function limitsOf({ limits, actionLimits }: Policy): JsonObject {
  const { turns, tokens, costUsd, wallTimeMs, asks, asksPending, actions } = limits;
  return {
    ...{ turns, tokens, asks, asksPending },
    wallTime: `${wallTimeMs / 1000} s`,
    ...(costUsd === undefined ? {} : { cost: `${costUsd} USD` }),
    ...named('actions', Object.entries(actions)),
    ...named('sameAction', [...actionLimits.sameAction]),
    ...named(
      'sums',
      actionLimits.sums.map(({ id, tools, ...sum }) => [id, { ...sum, tools: [...tools].toSorted() }] as const),
    ),
  };
}

function named(part: string, entries: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(entries.map(([name, value]) => [`${part}.${name}`, value]));
}

function changesOf(part: Part, before: JsonObject, after: JsonObject): readonly StructuralChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name): StructuralChange[] => {
    const [was, is] = [own(before, name) as Json | undefined, own(after, name) as Json | undefined];
    if (was !== undefined && is !== undefined && stableJson(was) === stableJson(is)) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ part, name, change, decides: decides(part, was ?? null, is ?? null), was: was ?? null, is: is ?? null }];
  });
}

function decides(part: Part, was: Json, is: Json): boolean {
  if (part === 'prices' || part === 'tests') return false;
  if (part !== 'rule' && part !== 'flow') return true;
  return stableJson(withoutWords(was)) !== stableJson(withoutWords(is));
}

const WORDS: ReadonlySet<string> = new Set(['why', 'examples']);

function withoutWords(rule: Json): Json {
  if (!isRecord(rule)) return rule;
  return Object.fromEntries(Object.entries(rule as JsonObject).filter(([key]) => !WORDS.has(key)));
}
