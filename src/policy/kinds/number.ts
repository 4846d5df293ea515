import { z } from 'zod';
import type { Kind } from './kind.ts';

/** The bounds of a number. */
export interface NumberOptions {
  /** Inclusive. */
  readonly min: number;
  /** Inclusive. */
  readonly max: number;
  /** Whole numbers only, within the safe ones of doubles. */
  readonly integer: boolean;
}

/**
 * A number of JSON: finite, within its bounds, `-0` as 0. Texts are refused, `"5"` too.
 * Throws a RangeError where the bounds are not finite or hold no number: that is a mistake in a tool.
 */
export function number({ min, max, integer }: NumberOptions): Kind<number, 'number'> {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max) {
    throw new RangeError(`No number lies between ${min} and ${max}: give finite bounds, the lower one first.`);
  }
  const bounded = (integer ? z.int() : z.number()).min(min).max(max);
  // The sum with 0 takes the sign from -0: its JSON is "0", and a digest must not tell apart what JSON cannot.
  return { name: 'number', schema: bounded.transform((value) => value + 0) };
}
