/**
 * How a pass of the guard may fail: in our own words, without a stack (S10). What the tool itself threw goes to the
 * worker's log alone.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import { own } from '../domain/json.ts';
import { BEFORE_MARK } from '../domain/outcome.ts';
import type { EffectMark } from './effect-mark.ts';
import { retryable } from './perform-effect.ts';

/** The failure to throw in place of `error`. Without a mark nothing was done, and it may be tried again (S7). */
export function guardFailure(tool: string, error: unknown, mark: EffectMark): Error {
  if (error instanceof TemporalFailure) return withoutStack(error);
  Context.current().log.error(`${tool} broke off`, { error: error instanceof Error ? error.stack : String(error) });
  if (!mark.mayBeSet())
    return withoutStack(retryable(BEFORE_MARK, `the tool broke off before it acted${kindOf(error)}`));
  return withoutStack(ApplicationFailure.retryable('the guard broke off after the mark', 'AfterMark'));
}

/** A stack holds paths of the machine, and the server stores it. */
export function withoutStack<E extends Error>(error: E): E {
  error.stack = '';
  return error;
}

const OWN_ERRORS: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/** A system error’s code or a language error’s name: all that can be said of a foreign error without its words. */
function kindOf(error: unknown): string {
  const code = own(error, 'code');
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return ` (${code})`;
  return error instanceof Error && OWN_ERRORS.has(error.name) ? ` (${error.name})` : '';
}
