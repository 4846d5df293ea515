/** Limits and flows in words: the same for the agent and for people. */
import { amountInWords } from './kinds/money.ts';
import type { Quote } from './matcher-words.ts';
import type { ActionLimits, FlowRule, Policy, SumLimit } from './policy.ts';
import { listed } from './rule-words.ts';

/** Of one session, about actions of these tools and money; turns, tokens and time are not the agent’s to plan with. */
export function actionLimitsInWords(
  { limits, actionLimits }: Policy,
  tools: ReadonlySet<string>,
  quote: Quote,
): readonly string[] {
  const own = <T>(counts: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] =>
    [...counts].filter(([tool]) => tools.has(tool));
  return [
    ...own(Object.entries(limits.actions)).map(
      ([tool, max]) => `${quote(tool)} at most ${times(max)}${then(actionLimits, `actions/${tool}`)}`,
    ),
    ...own(actionLimits.sameAction).map(
      ([tool, max]) =>
        `${quote(tool)} with the same arguments at most ${times(max)}${then(actionLimits, `sameAction/${tool}`)}`,
    ),
    ...actionLimits.sums.flatMap((sum) =>
      sumInWords(sum, tools, quote).map((words) => `${words}${then(actionLimits, `sums/${sum.id}`)}`),
    ),
    ...(limits.costUsd === undefined ? [] : [`thinking for at most ${limits.costUsd} US dollars`]),
  ];
}

function then({ asking }: ActionLimits, name: string): string {
  return asking.has(name) ? ' (beyond that a person is asked)' : '';
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'time' : 'times'}`;
}

function sumInWords(sum: SumLimit, shown: ReadonlySet<string>, quote: Quote): readonly string[] {
  const { argument, max, currency } = sum;
  const tools = [...sum.tools].filter((tool) => shown.has(tool)).toSorted();
  if (tools.length === 0) return [];
  const amount = currency === null ? String(max) : amountInWords({ minor: max, currency });
  const only = currency === null ? '' : ` and nothing in another currency`;
  return [`${quote(argument)} of ${listed(tools.map(quote))} at most ${amount} in all${only}`];
}

/** What models cost where the file says so: by this a limit of cost is counted. */
export function pricesInWords({ prices }: Policy, quote: Quote): readonly string[] {
  return [...prices].map(
    ([model, { asOf, input, cacheWrite, cacheRead, output }]) =>
      `the tokens of ${quote(model)} cost, in US dollars a million: ${input} read, ${cacheWrite} written to the cache, ${cacheRead} read from it, ${output} written (as of ${asOf})`,
  );
}

/** `Once results marked private and untrusted were seen, http_request is denied`. */
export function flowInWords({ when, tools, then }: Pick<FlowRule, 'when' | 'tools' | 'then'>, quote: Quote): string {
  const named = [...tools].toSorted().map(quote);
  const what = then === 'deny' ? 'denied' : 'asked about, also where a rule allows it';
  return `Once results marked ${when.join(' and ')} were seen, ${listed(named)} ${named.length === 1 ? 'is' : 'are'} ${what}`;
}

/** `Results of list_files and read_file are marked private`, for these tools and the labels that are asked for. */
export function labelsInWords(
  { labels }: Policy,
  wanted: ReadonlySet<string>,
  tools: ReadonlySet<string>,
  quote: Quote,
): readonly string[] {
  const marked = new Map<string, string[]>();
  for (const [tool, all] of labels) {
    const marks = all.filter((label) => wanted.has(label)).join(' and ');
    if (marks !== '' && tools.has(tool)) marked.set(marks, [...(marked.get(marks) ?? []), quote(tool)]);
  }
  return [...marked].map(([marks, names]) => `Results of ${listed(names)} are marked ${marks}`);
}
