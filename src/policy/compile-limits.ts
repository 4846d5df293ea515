/** Limits of a session: those that the workflow keeps, and those that the guard judges action by action. */
import type { Limits } from '../domain/limits.ts';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import { parseAmount } from './kinds/money.ts';
import { mayBeLeftOut } from './kinds/argument.ts';
import type { Complain } from './matchers/matcher.ts';
import type { ActionLimits, SumLimit } from './policy.ts';
import type { PolicySchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import { toolNamed, toolsNamed } from './tool-names.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

type LimitsSchema = NonNullable<PolicySchema['limits']>;
type SumSchema = NonNullable<LimitsSchema['sums']>[number];

export function compileLimits(
  limits: LimitsSchema = {},
  tools: readonly ToolShape[],
  mayAsk: boolean,
  complain: Complain,
): { readonly limits: Limits; readonly actionLimits: ActionLimits } {
  const counts = (key: 'actions' | 'sameAction'): readonly [string, number][] =>
    Object.entries(limits[key] ?? {}).map(([tool, limit]) => {
      toolNamed(tool, ['limits', key, tool], tools, complain);
      return [tool, typeof limit === 'number' ? limit : limit.max];
    });
  const asking = askingLimits(limits);
  for (const { name, path } of mayAsk ? [] : asking) {
    complain(
      ['limits', ...path],
      `"atLimit: ask" of ${name} needs somebody who may be asked`,
      'name them under "approval" of the file: { by: [owner], expires: 4h }',
    );
  }
  const ids = (limits.sums ?? []).map(({ id }) => id);
  const sums = (limits.sums ?? []).map((sum, index) => {
    const path = ['limits', 'sums', index];
    if (ids.indexOf(sum.id) < index) complain([...path, 'id'], `two sums have the id "${sum.id}"`);
    return sumOf(sum, path, tools, complain);
  });
  return {
    limits: {
      turns: limits.turns ?? DEFAULT_LIMITS.turns,
      tokens: limits.tokens ?? DEFAULT_LIMITS.tokens,
      ...(limits.cost === undefined ? {} : { costUsd: limits.cost }),
      wallTimeMs: limits.wallTime ?? DEFAULT_LIMITS.wallTimeMs,
      asks: limits.asks ?? DEFAULT_LIMITS.asks,
      asksPending: limits.asksPending ?? DEFAULT_LIMITS.asksPending,
      actions: Object.fromEntries(counts('actions')),
    },
    actionLimits: {
      sameAction: new Map(counts('sameAction')),
      sums: sums.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      asking: new Set(asking.map(({ name }) => name)),
    },
  };
}

/** Limits at which people are asked, with their place in the file. */
function askingLimits(limits: LimitsSchema): readonly { readonly name: string; readonly path: Path }[] {
  const counts = (['actions', 'sameAction'] as const).flatMap((part) =>
    Object.entries(limits[part] ?? {}).flatMap(([tool, limit]) =>
      typeof limit === 'object' && limit.atLimit === 'ask'
        ? [{ name: `${part}/${tool}`, path: [part, tool, 'atLimit'] }]
        : [],
    ),
  );
  const sums = (limits.sums ?? []).flatMap(({ id, atLimit }, index) =>
    atLimit === 'ask' ? [{ name: `sums/${id}`, path: ['sums', index, 'atLimit'] }] : [],
  );
  return [...counts, ...sums];
}

function sumOf(sum: SumSchema, path: Path, tools: readonly ToolShape[], complain: Complain): SumLimit {
  const named = toolsNamed(sum.tool, [...path, 'tool'], tools, complain);
  for (const tool of named) complainOfArgument(tool, sum, [...path, 'argument'], complain);
  const kinds = new Set(named.map((tool) => tool.arguments[sum.argument]?.kind));
  const { max, currency } = maxOf(sum, kinds.has('money'), [...path, 'max'], complain);
  if (kinds.size > 1) complain([...path, 'tool'], 'money and plain numbers cannot be added up: make two limits');
  return { id: sum.id, tools: new Set(named.map(({ name }) => name)), argument: sum.argument, max, currency };
}

function complainOfArgument(tool: ToolShape, { argument }: SumSchema, path: Path, complain: Complain): void {
  const shape = Object.hasOwn(tool.arguments, argument) ? tool.arguments[argument] : undefined;
  const known = Object.entries(tool.arguments).filter(([, { kind }]) => kind === 'money' || kind === 'number');
  const names = known.map(([name]) => name);
  const hint = names.length === 0 ? `${tool.name} has no money or number argument` : `it has: ${names.join(', ')}`;
  if (shape === undefined)
    complain(path, `${tool.name} has no argument "${argument}"`, didYouMean(argument, names) ?? hint);
  else if (shape.list || !names.includes(argument))
    complain(path, `"${argument}" of ${tool.name} is neither money nor a number, so it cannot be added up`, hint);
  else if (mayBeLeftOut(shape))
    complain(path, `"${argument}" of ${tool.name} may be left out, so a sum of it would limit nothing`);
}

function maxOf(
  { max }: SumSchema,
  isMoney: boolean,
  path: Path,
  complain: Complain,
): { readonly max: number; readonly currency: string | null } {
  if (!isMoney) {
    if (typeof max !== 'number') complain(path, 'the sum of plain numbers has a plain number as its limit');
    return { max: typeof max === 'number' ? max : 0, currency: null };
  }
  const amount = typeof max === 'string' ? parseAmount(max) : ({ kind: 'none', why: 'it is a plain number' } as const);
  if (amount.kind === 'canonical') return { max: amount.value.minor, currency: amount.value.currency };
  complain(path, `the limit of a sum of money is an amount with its currency: ${amount.why}`, 'write "100.00 EUR"');
  return { max: 0, currency: '' };
}
