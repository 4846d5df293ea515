/**
 * Does a limit of the session stand against an action? What cannot be counted is over the limit (S2), and nobody can
 * lift it; what a person has lifted counts as many times more as they said.
 */
import type { MetLimit } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import { own, ownCount } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
import type { PreviewPart } from '../domain/request.ts';
import type { DecisionStanding } from '../domain/standing.ts';
import { amountInWords } from './kinds/money.ts';
import type { Policy, SumLimit } from './policy.ts';
import { amountOf, spendKey } from './spends.ts';
import type { ToolShape } from './tool-shape.ts';

export interface LimitedAction {
  readonly tool: ToolShape;
  readonly args: JsonObject;
  readonly actionKey: string;
  readonly standing: DecisionStanding;
}

/** Over a limit: for good, or unless a person lifts it. */
export type OverLimit =
  | { readonly kind: 'deny'; readonly why: string }
  | { readonly kind: 'ask'; readonly why: string; readonly limits: readonly MetLimit[] };

/** What stands against the action: one limit that denies, or all that ask. */
export function overLimit(policy: Policy, action: LimitedAction): OverLimit | undefined {
  const over = [overCount(policy, action), overSame(policy, action), ...overSums(policy, action)].filter(
    (each) => each !== undefined,
  );
  const [first] = over;
  if (first === undefined) return undefined;
  const limits = over.flatMap((each) => (each.kind === 'ask' ? each.limits : []));
  if (limits.length < over.length) return over.find(({ kind }) => kind === 'deny') ?? first;
  return { kind: 'ask', why: over.map(({ why }) => why).join(' '), limits };
}

const deny = (why: string): OverLimit => ({ kind: 'deny', why });

/** A limit that is met: `part` names it among the limits, `name` among what people have said. */
function met(
  { actionLimits }: Policy,
  { standing }: LimitedAction,
  { part, name = part, ...said }: { part: string; name?: string; why: string; used: string; adds: string },
): OverLimit {
  if (!actionLimits.asking.has(part)) return deny(said.why);
  if (standing.grants.some(({ limit, more }) => limit === name && !more))
    return deny(`${said.why} A person was asked, and said to stop.`);
  return { kind: 'ask', why: said.why, limits: [{ name, used: said.used, adds: said.adds }] };
}

/** How many times the limit holds: once, and once more for each time that a person lifted it. */
function times({ grants }: DecisionStanding, name: string): number {
  return 1 + grants.filter(({ limit, more }) => limit === name && more).length;
}

function overCount(policy: Policy, action: LimitedAction): OverLimit | undefined {
  const { tool, standing } = action;
  const limit = own(policy.limits.actions, tool.name) as number | undefined;
  if (limit === undefined) return undefined;
  const part = `actions/${tool.name}`;
  const max = limit * times(standing, part);
  const spent = countOf(standing.actions, tool.name);
  if (spent < max) return undefined;
  const why = `A session may use ${tool.name} at most ${max} times (limits.actions), and it has.`;
  if (spent === Infinity || limit === 0) return deny(why);
  return met(policy, action, {
    part,
    why,
    used: `${spent} of ${max} uses of ${tool.name} (limits.actions)`,
    adds: `${limit} more uses of ${tool.name}, this among them`,
  });
}

function overSame(policy: Policy, action: LimitedAction): OverLimit | undefined {
  const { tool, standing, actionKey } = action;
  const limit = policy.actionLimits.sameAction.get(tool.name);
  if (limit === undefined) return undefined;
  if (standing.unknownTools.includes(tool.name))
    return deny(
      `An earlier action of ${tool.name} ended without a word: whether it was this one is not known, and it may be done at most ${limit} times (limits.sameAction).`,
    );
  if (standing.same === null)
    return deny(
      `This session does not count the same action of ${tool.name} (limits.sameAction came later): start a new one.`,
    );
  const part = `sameAction/${tool.name}`;
  const name = `${part}/${actionKey}`;
  const max = limit * times(standing, name);
  const spent = countOf(standing.same, actionKey);
  if (spent < max) return undefined;
  const why = `A session may do the same action of ${tool.name} at most ${max} times (limits.sameAction), and it has.`;
  if (spent === Infinity || limit === 0) return deny(why);
  return met(policy, action, {
    part,
    name,
    why,
    used: `${spent} of ${max} times this very action of ${tool.name} (limits.sameAction)`,
    adds: `this very action ${limit} times more, this among them`,
  });
}

/** None yet is 0; what is no count is beyond every limit. */
function countOf(counts: Readonly<Record<string, number>>, key: string): number {
  return Object.hasOwn(counts, key) ? (ownCount(counts, key) ?? Infinity) : 0;
}

function overSums(policy: Policy, action: LimitedAction): readonly (OverLimit | undefined)[] {
  return policy.actionLimits.sums
    .filter((limit) => limit.tools.has(action.tool.name))
    .map((limit) => overOneSum(policy, limit, action));
}

function overOneSum(policy: Policy, limit: SumLimit, action: LimitedAction): OverLimit | undefined {
  const { args, standing } = action;
  const amount = amountOf(own(args, limit.argument) as Json | undefined);
  if (amount === undefined) return deny(`The limit "${limit.id}" cannot count this: ${limit.argument} is no amount.`);
  if (amount.currency !== limit.currency)
    return deny(
      `The limit "${limit.id}" counts ${limit.currency ?? 'plain numbers'}, and this is in ${amount.currency ?? 'none'}.`,
    );
  const uncounted = [...limit.tools].find((tool) => standing.unknownTools.includes(tool));
  if (uncounted !== undefined)
    return deny(
      `The limit "${limit.id}" cannot count this: an earlier action of ${uncounted} ended without a word, and what it spent is not known.`,
    );
  const part = `sums/${limit.id}`;
  const max = limit.max * times(standing, part);
  const spent = spentOf(limit, standing);
  if (spent + amount.value <= max) return undefined;
  const words = (value: number): string => amountWords(limit, value);
  const so = Number.isFinite(spent) ? `${words(spent)} are spent or reserved` : 'what was spent cannot be counted';
  const why = `A session may spend at most ${words(max)} here (limits.sums "${limit.id}"); ${so}, and this is ${words(amount.value)} more.`;
  if (!Number.isFinite(spent) || limit.max === 0) return deny(why);
  if (spent + amount.value > max + limit.max) return deny(`${why} To lift it once would not be enough for this.`);
  return met(policy, action, {
    part,
    why,
    used: `${words(spent)} of ${words(max)} are spent or reserved (limits.sums ${limit.id}); this takes ${words(amount.value)}`,
    adds: `${words(limit.max)} more under ${limit.id}, this among it`,
  });
}

function spentOf(limit: SumLimit, { sums }: DecisionStanding): number {
  let spent = 0;
  for (const tool of limit.tools) spent += countOf(sums, spendKey(tool, limit.argument, limit.currency));
  return spent;
}

function amountWords({ currency }: SumLimit, value: number): string {
  return currency === null ? String(value) : amountInWords({ minor: value, currency });
}

/** For whoever approves: what this takes of each sum that it counts towards. */
export function spendingParts(policy: Policy, action: Omit<LimitedAction, 'actionKey'>): readonly PreviewPart[] {
  return policy.actionLimits.sums.flatMap((limit) => {
    const amount = amountOf(own(action.args, limit.argument) as Json | undefined);
    if (!limit.tools.has(action.tool.name) || amount === undefined || amount.currency !== limit.currency) return [];
    const words = (value: number): string => amountWords(limit, value);
    const [spent, max] = [spentOf(limit, action.standing), limit.max * times(action.standing, `sums/${limit.id}`)];
    const text = `${words(amount.value)} now, ${words(spent)} spent or reserved before, of ${words(max)} in this session`;
    return [{ label: `Counts towards the limit ${limit.id}`, text }];
  });
}
