/** Limits as types: what can be added up is an amount or a number that is always given. */
import type { z } from 'zod';
import type { ArgumentShape, ArgumentShapes } from '../kinds/argument.ts';
import type { Amount } from './matcher-types.ts';
import type { Duration, Misnamed, NamesIn, Naming, ToolNamed, ToolNames, Tools } from './rule-types.ts';

interface AtLimit {
  readonly atLimit?: 'deny' | 'ask';
  readonly per?: 'session';
}
type CountLimit = number | ({ readonly max: number } & AtLimit);

type Countable<A extends ArgumentShape> = A['list'] extends true
  ? never
  : unknown extends z.output<A['schema']>
    ? Extract<A['kind'], 'money' | 'number'>
    : undefined extends z.output<A['schema']>
      ? never
      : Extract<A['kind'], 'money' | 'number'>;

type CountableNames<Arguments extends ArgumentShapes, Names extends keyof Arguments = keyof Arguments> = {
  readonly [Name in Names]: [Countable<Arguments[Name]>] extends [never] ? never : Name;
}[Names];

interface SumAbout<Arguments extends ArgumentShapes> extends AtLimit {
  readonly id: string;
  readonly argument: CountableNames<Arguments>;
  /** `100.00 EUR` for amounts, a number for numbers. */
  readonly max: Amount | number;
}

type SumDefinition<T extends Tools, N> =
  NamesIn<N> extends ToolNames<T>
    ? { readonly tool: N } & SumAbout<ToolNamed<T, NamesIn<N>>['arguments']>
    : Misnamed<ToolNames<T>>;

export interface LimitsDefinition<T extends Tools, Sums extends readonly Naming[]> {
  readonly turns?: number;
  readonly tokens?: number;
  /** US dollars, like `5.00 USD`. */
  readonly cost?: `${number} USD`;
  readonly wallTime?: Duration;
  readonly asks?: number;
  readonly asksPending?: number;
  readonly actions?: { readonly [Name in ToolNames<T>]?: CountLimit };
  readonly sameAction?: { readonly [Name in ToolNames<T>]?: CountLimit };
  readonly sums?: { readonly [Index in keyof Sums]: SumDefinition<T, Sums[Index]> };
}
