/** Which way a change of a part goes that is no rule: profiles, limits, labels, approvals, tests. */
import type { Json } from '../../domain/json.ts';
import type { ModelPrice } from '../../domain/model-price.ts';
import type { Policy, PolicyTest, Profile } from '../policy.ts';
import type { Part } from './file-words.ts';
import { byAmount, byMembers, directionOfTerms } from './direction.ts';
import type { Sign } from './rule-direction.ts';
import { signsOfFlow, signsOfRule } from './rule-direction.ts';
import { stableJson } from './stable-json.ts';

export function signsOf(part: Part, name: string, old: Policy, next: Policy): readonly Sign[] {
  switch (part) {
    case 'rule':
      return signsOfRule(old.documents.get(name), next.documents.get(name));
    case 'flow':
      return signsOfFlow(flowOf(old, name), flowOf(next, name));
    case 'profile':
      return signsOfProfile(old.profiles.get(name), next.profiles.get(name));
    case 'limit':
      return signsOfLimit(boundsOf(old).get(name), boundsOf(next).get(name));
    case 'labels':
      return byMembers(new Set(old.labels.get(name)), new Set(next.labels.get(name)), 'tighter');
    case 'approval':
      return [directionOfTerms(old.defaultApproval, next.defaultApproval) ?? 'other'];
    case 'tests':
      return signsOfTests(old.tests, next.tests);
    case 'prices':
      return signsOfPrices(old.prices.get(name), next.prices.get(name));
    case 'defaultProfile':
      return ['other'];
  }
}

function flowOf({ flows }: Policy, name: string): Policy['flows'][number] | undefined {
  return flows.find(({ rule }) => rule === name);
}

function signsOfProfile(was: Profile | undefined, is: Profile | undefined): readonly Sign[] {
  if (was === undefined) return [is === undefined || is.grant.size === 0 ? 'other' : 'looser'];
  if (is === undefined) return ['tighter'];
  return [
    ...byMembers(was.grant, is.grant, 'looser'),
    ...byMembers(new Set(was.within), new Set(is.within), 'tighter'),
    ...byAmount(Number(was.startable), Number(is.startable)),
    // The rules that speak to it are other ones.
    ...([...was.names].join(' ') === [...is.names].join(' ') ? [] : (['unclear'] as const)),
  ];
}

/** At most `max` of what `of` says. */
interface Bound {
  readonly max: number;
  readonly of: string;
  readonly tools: ReadonlySet<string>;
  /** Beyond it people are asked; else it is denied. */
  readonly asks: boolean;
}

/** By the names that limits have among the parts. */
function boundsOf({ limits, actionLimits }: Policy): ReadonlyMap<string, Bound> {
  const { turns, tokens, wallTimeMs, asks, asksPending, costUsd, actions } = limits;
  const isAsking = (name: string): boolean => actionLimits.asking.has(name.replace('.', '/'));
  const plain = { turns, tokens, wallTime: wallTimeMs, asks, asksPending, cost: costUsd };
  const counts = [
    ...Object.entries(plain),
    ...Object.entries(actions).map(([tool, max]) => [`actions.${tool}`, max] as const),
    ...[...actionLimits.sameAction].map(([tool, max]) => [`sameAction.${tool}`, max] as const),
  ];
  return new Map<string, Bound>([
    ...counts.flatMap(([name, max]) =>
      max === undefined ? [] : [[name, { max, of: '', tools: new Set<string>(), asks: isAsking(name) }] as const],
    ),
    ...actionLimits.sums.map(
      ({ id, argument, currency, ...sum }) =>
        [`sums.${id}`, { ...sum, of: `${argument} ${currency ?? ''}`, asks: isAsking(`sums.${id}`) }] as const,
    ),
  ]);
}

function signsOfLimit(was: Bound | undefined, is: Bound | undefined): readonly Sign[] {
  if (was === undefined || is === undefined) return [was === undefined ? 'tighter' : 'looser'];
  if (was.of !== is.of) return ['looser'];
  const atLimit = was.asks === is.asks ? [] : ([is.asks ? 'looser' : 'tighter'] as const);
  return [...byAmount(was.max, is.max), ...byMembers(was.tools, is.tools, 'tighter'), ...atLimit];
}

/** What costs less reaches a limit of cost later. What there is without a price, the table of the version says. */
function signsOfPrices(was: ModelPrice | undefined, is: ModelPrice | undefined): readonly Sign[] {
  if (was === undefined || is === undefined) return ['other'];
  return (['input', 'cacheWrite', 'cacheRead', 'output'] as const).flatMap((key) => byAmount(is[key], was[key]));
}

/** One that is gone proves nothing any more; its name is of no matter. One that is added decides nothing. */
function signsOfTests(was: readonly PolicyTest[], is: readonly PolicyTest[]): readonly Sign[] {
  const content = (test: PolicyTest): string => stableJson(JSON.parse(JSON.stringify({ ...test, name: '' })) as Json);
  const kept = new Set(is.map(content));
  return was.some((test) => !kept.has(content(test))) ? ['looser'] : ['other'];
}
