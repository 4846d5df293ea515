/** Names of the calls of a session: `c3`, and of the questions what became of it `c3-2`, then `c3-3`. */

export const CALL_ID = /^c[1-9][0-9]{0,6}(?:-[2-9])?$/;

/** The first try, and how often it may be tried again. */
export const MAX_TRIES = 5;

/** The call that asks what became of `callId`. */
export function nextCallId(callId: string): string {
  const [first = '', n = '1'] = callId.split('-');
  return `${first}-${Number(n) + 1}`;
}

/** The call that `callId` is another try of; else itself. */
export function firstCallOf(callId: string): string {
  return callId.split('-')[0] ?? callId;
}

/** Undefined where no more is asked. */
export function questionAfter(callId: string): string | undefined {
  const [, n = '1'] = callId.split('-');
  return Number(n) < MAX_TRIES ? nextCallId(callId) : undefined;
}
