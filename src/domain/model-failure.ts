/**
 * What a failed model call means for the next attempt: `retry` until the session’s wall time is over, `retryFew` where
 * it may be a hiccup or a wrong server, `give up` where no attempt can differ, `cancelled` where we ended it ourselves.
 */
export type ModelFailureKind = 'retry' | 'retryFew' | 'give up' | 'cancelled';

/** Every type that can stand in a history. */
export type ModelFailureType =
  | 'ModelUnreachable'
  | 'ModelUnavailable'
  | 'ModelRateLimited'
  | 'ModelStalled'
  | 'ModelAnswerBroken'
  | 'ModelFailed'
  | 'ModelRequestRefused'
  | 'ModelRequestTooLarge'
  | 'ModelKeyRefused'
  | 'ModelBilling'
  | 'ModelNotFound'
  | 'ModelCancelled';

/** A model call that failed, in short words of our own: never a payload, a prompt or a key (S10). */
export class ModelFailure extends Error {
  readonly kind: ModelFailureKind;
  /** Stands in the history as the failure’s type. */
  readonly type: ModelFailureType;
  /** When the server said to come back, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ModelFailureKind, type: ModelFailureType, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'ModelFailure';
    this.kind = kind;
    this.type = type;
    this.retryAfterMs = retryAfterMs;
  }
}
