export interface MailDraft {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: string | undefined;
  readonly subject: string;
  readonly body: string;
  /** The same text once more for programs that show HTML. */
  readonly html: string | undefined;
  readonly attachments: readonly MailAttachment[];
  /** Makes Message-ID and MIME boundary the same for each rendering of the same action: any text. */
  readonly seed: string;
  readonly date: Date;
}

export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** The message exactly as it would be sent. */
export interface RenderedMail {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
}

/** `notSent` is proven (nothing was accepted); `unknown` is everything that is not. */
export type MailDelivery =
  | {
      readonly kind: 'sent';
      readonly accepted: readonly string[];
      readonly refused: readonly string[];
      readonly response: string;
    }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'notSent'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Mailer {
  /** Domains whose people count as of the house; all others are marked as outside. */
  readonly inside: readonly string[];
  /** Renders deterministically: the same draft gives the same bytes. */
  render(draft: MailDraft): Promise<RenderedMail>;
  /** Sends these very bytes to this very envelope, once. Never throws. */
  send(mail: RenderedMail, signal: AbortSignal): Promise<MailDelivery>;
}
