/** Limits and flows in words: the same for the agent and for people. */
import { amountInWords } from './kinds/money.ts';
import type { FlowRule, Policy, SumLimit } from './policy.ts';

/** Of one session, about actions and money; turns, tokens and time are not the agent’s to plan with. */
export function actionLimitsInWords({ limits, actionLimits }: Policy): readonly string[] {
  return [
    ...Object.entries(limits.actions).map(([tool, max]) => `${tool} at most ${times(max)}`),
    ...[...actionLimits.sameAction].map(([tool, max]) => `${tool} with the same arguments at most ${times(max)}`),
    ...actionLimits.sums.map(sumInWords),
    ...(limits.costUsd === undefined ? [] : [`thinking for at most ${limits.costUsd} US dollars`]),
  ];
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'time' : 'times'}`;
}

function sumInWords({ tools, argument, max, currency }: SumLimit): string {
  const amount = currency === null ? String(max) : amountInWords({ minor: max, currency });
  const only = currency === null ? '' : ` and nothing in another currency`;
  return `${argument} of ${[...tools].toSorted().join(' and ')} at most ${amount} in all${only}`;
}

/** `Once results marked private and untrusted were seen, http_request is denied`. */
export function flowInWords({ when, tools, then }: FlowRule): string {
  const named = [...tools].toSorted();
  const what = then === 'deny' ? 'denied' : 'asked about, also where a rule allows it';
  return `Once results marked ${when.join(' and ')} were seen, ${named.join(' and ')} ${named.length === 1 ? 'is' : 'are'} ${what}`;
}

/** `Results of http_request are marked untrusted`, for the labels that are asked for. */
export function labelsInWords({ labels }: Policy, wanted: ReadonlySet<string>): readonly string[] {
  return [...labels].flatMap(([tool, all]) => {
    const marks = all.filter((label) => wanted.has(label));
    return marks.length === 0 ? [] : [`Results of ${tool} are marked ${marks.join(' and ')}`];
  });
}
