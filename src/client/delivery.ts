import type { VerdictReceipt } from '../domain/session-state.ts';

/** What became of a verdict that was sent. */
export type Delivery =
  | { readonly kind: 'counted'; readonly receipt: VerdictReceipt }
  | { readonly kind: 'refused'; readonly why: string }
  /** The session is over, or there is none: nothing can be decided any more. */
  | { readonly kind: 'gone'; readonly why: string }
  /** Left as a signal: it stands in the history, its answer is not known here. */
  | { readonly kind: 'signalled' }
  /** Sent, and not answered in time: it may still count. */
  | { readonly kind: 'unanswered' };
