/**
 * Puts secrets into the headers of a call, the last step before it is written (S10). The second lock behind the kind of
 * headers: a credential in plain words, a placeholder elsewhere and a way that others can read along are refused here too.
 */
import { isCredentialHeader, mentionsSecret, readPlaceholder } from '../../domain/secret-placeholder.ts';
import type { HttpCall } from '../../tools/ports/http-client.ts';
import type { UsedSecret } from './redact-secrets.ts';
import type { ReadSecret } from './secret-files.ts';

export type Filled =
  | { readonly kind: 'filled'; readonly headers: HttpCall['headers']; readonly secrets: readonly UsedSecret[] }
  | { readonly kind: 'refused'; readonly why: string };

/** `mayCarry`: whether the way to the server may carry a secret. Values of no other header are touched, nor URL nor body. */
export async function fillSecrets(call: HttpCall, mayCarry: boolean, read: ReadSecret): Promise<Filled> {
  const headers: Record<string, string> = {};
  const secrets: UsedSecret[] = [];
  for (const [name, value] of Object.entries(call.headers)) {
    if (!isCredentialHeader(name.toLowerCase())) {
      if (mentionsSecret(value)) return { kind: 'refused', why: `the header ${name} cannot hold a secret` };
      headers[name] = value;
      continue;
    }
    const placeholder = readPlaceholder(value);
    if (placeholder === undefined) return { kind: 'refused', why: `the header ${name} names no secret` };
    if (!mayCarry) return { kind: 'refused', why: 'a secret is sent over https, or to an origin the operator opened' };
    const found = await read(placeholder.name);
    if (found.kind === 'none') return { kind: 'refused', why: found.why };
    headers[name] = placeholder.before + found.value;
    secrets.push({ ...placeholder, value: found.value });
  }
  return { kind: 'filled', headers, secrets };
}
