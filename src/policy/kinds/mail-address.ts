import type { Canonical } from './kind.ts';
import { canonical, none, stringKind } from './kind.ts';

/**
 * A mail address: one ASCII dot-atom before the "@" (RFC 5321 without quoted forms), a registered-looking domain after
 * it; all lower case, since no mailbox in use tells cases apart and a rule must not be evaded by one. Non-ASCII domains
 * are refused and not mapped: who means one writes its "xn--" form (UTS #46), which is what is compared and sent to.
 */
export const mailAddress = stringKind('mailAddress', 254, canonicalAddress);

/**
 * Plain by the letter of the RFC, yet some mailers read more into it: "%" and "!" route to another host, "=?" begins an
 * encoded word, "|" and a leading "/" name a program and a file, a leading "-" is an option of sendmail.
 */
const READ_DIFFERENTLY = /[%!|]|=\?|^[-/]/;
const ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function canonicalAddress(raw: string): Canonical<string> {
  if (!/^[\x21-\x7e]*$/.test(raw)) return none('an address has only visible ASCII characters and no spaces');
  const lower = raw.toLowerCase();
  const at = lower.indexOf('@');
  if (at < 1 || at !== lower.lastIndexOf('@')) return none('an address is one name, "@", and one domain');
  const local = lower.slice(0, at);
  if (local.length > 64 || !local.split('.').every((atom) => ATOM.test(atom))) {
    return none('the part before "@" is not a plain name (no quotes, comments, brackets or empty parts)');
  }
  if (READ_DIFFERENTLY.test(local)) {
    return none('some mailers would not read the part before "@" as a name ("%", "!", "|", "=?", "-" or "/" in front)');
  }
  const domain = canonicalDomain(lower.slice(at + 1));
  return domain.kind === 'canonical' ? canonical(`${local}@${domain.value}`) : domain;
}

/** A domain name in ASCII: at least two labels, the last not a number, `xn--` labels valid by UTS #46. */
export function canonicalDomain(raw: string): Canonical<string> {
  // Looked at before folding: U+212A (Kelvin) would become "k".
  if (!/^[\x21-\x7e]*$/.test(raw)) return none('a domain name is written in ASCII; others in their "xn--" form');
  const domain = raw.toLowerCase();
  const labels = domain.split('.');
  if (domain.length > 253 || labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    return none(`"${raw.slice(0, 80)}" is not a domain name (ASCII letters, digits, hyphens, at least two parts)`);
  }
  if (/^\d/.test(labels.at(-1) ?? '')) return none('the domain ends in a number');
  return urlHost(domain) === domain ? canonical(domain) : none('the domain is not valid by UTS #46');
}

function urlHost(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}
