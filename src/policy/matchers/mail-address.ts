import type { Canonical } from '../kinds/kind.ts';
import { none } from '../kinds/kind.ts';
import { canonicalAddress, canonicalDomain } from '../kinds/mail-address.ts';
import type { KindMatchers } from './matcher.ts';
import { isText } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/**
 * Matchers of mail addresses: exact ones, exact domains, and subdomains only on purpose. What a mailbox’s own server
 * makes of "+tags" and dots it alone knows: a denial of one address does not cover them, one of its domain does.
 */
export const compileMailAddress: KindMatchers = {
  keys: ['oneOf', 'domain', 'subdomainOf'],
  takes: isText,
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'oneOf': {
        const addresses = stringList(value, path, complain, addressOf);
        const set = new Set(addresses);
        return onText((found) => set.has(found), `is not ${oneOfWords(addresses)}`);
      }
      case 'domain': {
        const domains = stringList(value, path, complain, domainNamed);
        const set = new Set(domains);
        return onText((found) => set.has(domainOf(found)), `is not at ${oneOfWords(domains)}`);
      }
      case 'subdomainOf': {
        const domains = stringList(value, path, complain, parentDomain);
        const endings = domains.map((domain) => `.${domain}`);
        // The domain alone is looked at: the part before "@" may end in such words as well.
        const below = (found: string): boolean => endings.some((ending) => domainOf(found).endsWith(ending));
        return onText(below, `is not at a subdomain of ${oneOfWords(domains)}`);
      }
      default:
        return undefined;
    }
  },
};

function addressOf(raw: string): Canonical<string> {
  if (!raw.includes('*')) return canonicalAddress(raw);
  const [, domain] = /^\*@([^*]+)$/.exec(raw) ?? [];
  return none(`an address has no wild cards${domain === undefined ? '' : `: say domain: ${domain}`}`);
}

function domainNamed(raw: string): Canonical<string> {
  if (raw.startsWith('@')) return none(`write it without "@": ${raw.slice(1)}`);
  if (raw.includes('*'))
    return none(`a domain has no wild cards: say subdomainOf: ${raw.replace(/^[^.]*\*[^.]*\./, '')}`);
  return canonicalDomain(raw);
}

function parentDomain(raw: string): Canonical<string> {
  const before = /^(?:@|\*\.|\.)/.exec(raw)?.[0];
  return before === undefined
    ? canonicalDomain(raw)
    : none(`write it without "${before}": ${raw.slice(before.length)}`);
}

/** One entry: all rules look at the addresses of one action. */
let last = { address: '', domain: '' };

function domainOf(address: string): string {
  if (address !== last.address) last = { address, domain: address.slice(address.lastIndexOf('@') + 1) };
  return last.domain;
}
