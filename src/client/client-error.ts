/** What a person must mend; the kind becomes the command line’s exit code. */
export type ClientErrorKind = 'usage' | 'notFound' | 'refused' | 'unreachable';

export class ClientError extends Error {
  readonly kind: ClientErrorKind;

  constructor(kind: ClientErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
