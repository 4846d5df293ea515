/** What an action spends: the money and number arguments that it always has, as the session adds them up. */
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord, own, ownString } from '../domain/json.ts';
import type { ArgumentShape } from './kinds/argument.ts';
import { mayBeLeftOut } from './kinds/argument.ts';
import type { ToolShape } from './tool-shape.ts';

/** Amount and currency (null: a plain number) of one argument. */
export interface Amount {
  readonly value: number;
  readonly currency: string | null;
}

/**
 * The key under which a session adds up one argument. It names no limit: one that is written or tightened while a
 * session runs counts what was spent before.
 */
export function spendKey(tool: string, argument: string, currency: string | null): string {
  return currency === null ? `${tool}.${argument}` : `${tool}.${argument} ${currency}`;
}

/** Money in minor units and plain numbers of canonical arguments, by `spendKey`. */
export function spendsOf(tool: ToolShape, args: JsonObject): Readonly<Record<string, number>> {
  const spends = Object.entries(tool.arguments).flatMap(([name, shape]): [string, number][] => {
    if (!isSpent(shape)) return [];
    const amount = amountOf(own(args, name) as Json | undefined);
    return amount === undefined ? [] : [[spendKey(tool.name, name, amount.currency), amount.value]];
  });
  return Object.fromEntries(spends);
}

/** Undefined for anything but a finite number of at least 0, or money. */
export function amountOf(value: Json | undefined): Amount | undefined {
  if (isRecord(value)) {
    const currency = ownString(value, 'currency');
    const minor = amountOf(own(value, 'minor') as Json | undefined)?.value;
    return currency === undefined || minor === undefined ? undefined : { value: minor, currency };
  }
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? { value, currency: null } : undefined;
}

/** True for tools whose calls of one turn must be judged one after another: what one spends, the next may lack. */
export function spends(tool: ToolShape): boolean {
  return Object.values(tool.arguments).some(isSpent);
}

/** What may be left out (a tip, the page of a file) no limit can add up, so it is not counted. */
function isSpent(shape: ArgumentShape): boolean {
  return !shape.list && !mayBeLeftOut(shape) && (shape.kind === 'money' || shape.kind === 'number');
}
