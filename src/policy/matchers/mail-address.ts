import { canonicalAddress, canonicalDomain } from '../kinds/mail-address.ts';
import type { KindMatchers } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/** Matchers of mail addresses: exact ones, exact domains, and subdomains only on purpose. */
export const compileMailAddress: KindMatchers = {
  keys: ['oneOf', 'domain', 'subdomainOf'],
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'oneOf': {
        const addresses = stringList(value, path, complain, canonicalAddress);
        return onText((found) => addresses.includes(found), `is not ${oneOfWords(addresses)}`);
      }
      case 'domain': {
        const domains = stringList(value, path, complain, canonicalDomain);
        return onText((found) => domains.includes(domainOf(found)), `is not at ${oneOfWords(domains)}`);
      }
      case 'subdomainOf': {
        const domains = stringList(value, path, complain, canonicalDomain);
        const below = (found: string): boolean => domains.some((domain) => domainOf(found).endsWith(`.${domain}`));
        return onText(below, `is not at a subdomain of ${oneOfWords(domains)}`);
      }
      default:
        return undefined;
    }
  },
};

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
