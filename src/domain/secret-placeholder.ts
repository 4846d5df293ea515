/**
 * A secret in a call is only ever named: `{{secret:weather}}`, whole or after one scheme word (`Bearer`), in one of four
 * headers. Policy, preview, digest and history hold the name; the web worker puts the value in right before it sends (S10).
 */
export const CREDENTIAL_HEADERS = ['api-key', 'authorization', 'x-api-key', 'x-auth-token'] as const;

export interface Placeholder {
  /** What stands before the secret: empty, or a scheme and one space. */
  readonly before: string;
  readonly name: string;
}

const SHAPE = /^([A-Za-z][A-Za-z0-9-]{0,31} )?\{\{secret:([a-z][a-z0-9-]{0,63})\}\}$/;

export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.some((one) => one === name);
}

/** Undefined for whatever is not exactly a placeholder. */
export function readPlaceholder(value: string): Placeholder | undefined {
  const found = SHAPE.exec(value);
  return found === null ? undefined : { before: found[1] ?? '', name: found[2] ?? '' };
}

/** What looks like a placeholder, well made or not. */
export function mentionsSecret(text: string): boolean {
  return /\{\{\s*secret\b/i.test(text);
}
