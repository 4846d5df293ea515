/** Does a limit of the session stand against an action? What cannot be counted is over the limit (S2). */
import type { JsonObject } from '../domain/json.ts';
import { own, ownCount } from '../domain/json.ts';
import type { Json } from '../domain/json.ts';
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

/** Why the action is over a limit, or undefined. */
export function overLimit(policy: Policy, action: LimitedAction): string | undefined {
  return overCount(policy, action) ?? overSame(policy, action) ?? overSum(policy, action);
}

function overCount({ limits }: Policy, { tool, standing }: LimitedAction): string | undefined {
  const limit = own(limits.actions, tool.name) as number | undefined;
  if (limit === undefined || within(standing.actions, tool.name, limit)) return undefined;
  return `A session may use ${tool.name} at most ${limit} times (limits.actions), and it has.`;
}

function overSame({ actionLimits }: Policy, { tool, standing, actionKey }: LimitedAction): string | undefined {
  const limit = actionLimits.sameAction.get(tool.name);
  if (limit === undefined) return undefined;
  if (standing.unknownTools.includes(tool.name))
    return `An earlier action of ${tool.name} ended without a word: whether it was this one is not known, and it may be done at most ${limit} times (limits.sameAction).`;
  if (standing.same === null)
    return `This session does not count the same action of ${tool.name} (limits.sameAction came later): start a new one.`;
  if (within(standing.same, actionKey, limit)) return undefined;
  return `A session may do the same action of ${tool.name} at most ${limit} times (limits.sameAction), and it has.`;
}

/** True only if a count is there, or nothing was counted yet, and one more stays within the limit. */
function within(counts: Readonly<Record<string, number>>, key: string, limit: number): boolean {
  return (Object.hasOwn(counts, key) ? (ownCount(counts, key) ?? Infinity) : 0) < limit;
}

function overSum({ actionLimits }: Policy, action: LimitedAction): string | undefined {
  for (const limit of actionLimits.sums) {
    if (!limit.tools.has(action.tool.name)) continue;
    const why = overOneSum(limit, action);
    if (why !== undefined) return why;
  }
  return undefined;
}

function overOneSum(limit: SumLimit, { args, standing }: LimitedAction): string | undefined {
  const amount = amountOf(own(args, limit.argument) as Json | undefined);
  if (amount === undefined) return `The limit "${limit.id}" cannot count this: ${limit.argument} is no amount.`;
  if (amount.currency !== limit.currency)
    return `The limit "${limit.id}" counts ${limit.currency ?? 'plain numbers'}, and this is in ${amount.currency ?? 'none'}.`;
  const uncounted = [...limit.tools].find((tool) => standing.unknownTools.includes(tool));
  if (uncounted !== undefined)
    return `The limit "${limit.id}" cannot count this: an earlier action of ${uncounted} ended without a word, and what it spent is not known.`;
  let spent = 0;
  for (const tool of limit.tools) {
    const key = spendKey(tool, limit.argument, limit.currency);
    spent += Object.hasOwn(standing.sums, key) ? (ownCount(standing.sums, key) ?? Infinity) : 0;
  }
  if (spent + amount.value <= limit.max) return undefined;
  const words = (value: number): string =>
    limit.currency === null ? String(value) : amountInWords({ minor: value, currency: limit.currency });
  const so = Number.isFinite(spent) ? `${words(spent)} are spent or reserved` : 'what was spent cannot be counted';
  return `A session may spend at most ${words(limit.max)} here (limits.sums "${limit.id}"); ${so}, and this is ${words(amount.value)} more.`;
}
