/** `notRecorded`: nobody keeps a record here. `unreadable`: there is one and it cannot be believed. */
export type Acquaintance =
  | { readonly kind: 'recorded'; readonly known: ReadonlySet<string> }
  | { readonly kind: 'notRecorded' }
  | { readonly kind: 'unreadable' };

/** Whom this deployment has written to before: a mail to whom a server accepted. Only a mark in a preview hangs on it. */
export interface KnownRecipients {
  /** Which of these canonical addresses are known, read afresh. Never throws. */
  look(addresses: readonly string[]): Promise<Acquaintance>;
  /** Keeps them. Never throws: an address that could not be kept is marked as new another time. */
  remember(addresses: readonly string[]): Promise<void>;
}
