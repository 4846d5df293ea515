/** What a person must mend; the kind becomes the command line’s exit code. */
export type ClientErrorKind = 'usage' | 'notFound' | 'refused' | 'unreachable';

/** Thrown by everything that a client does; its message says what to do, and holds no secret. */
export class ClientError extends Error {
  readonly kind: ClientErrorKind;

  constructor(kind: ClientErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
