/** What a failed model call means for the next attempt. */
export type ModelFailureKind = 'retry' | 'retryFew' | 'give up' | 'cancelled';

/** A model call that failed, in short words of our own: never a payload, a prompt or a key (S10). */
export class ModelFailure extends Error {
  readonly kind: ModelFailureKind;
  /** Stands in the history as the failure’s type. */
  readonly type: string;
  /** When the server said to come back, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ModelFailureKind, type: string, message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.type = type;
    this.retryAfterMs = retryAfterMs;
  }
}
