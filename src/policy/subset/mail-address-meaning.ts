import { canonicalAddress, canonicalDomain } from '../kinds/mail-address.ts';
import { compileMailAddress } from '../matchers/mail-address.ts';
import type { Atom } from './atom.ts';
import type { KindMeaning } from './meaning.ts';
import { exactly, textsOf } from './meaning.ts';
import type { Pattern } from './pattern.ts';
import { domainPattern, subdomainPattern } from './patterns.ts';

export const mailAddressMeaning: KindMeaning = {
  matchers: compileMailAddress,
  meaningOf: (key, value) => {
    switch (key) {
      case 'oneOf':
        return exactly(textsOf(value, canonicalAddress)?.map((address) => ({ is: 'value', value: address })));
      case 'domain':
        return exactly(textsOf(value, canonicalDomain)?.map((domain) => onDomain(domainPattern(domain))));
      case 'subdomainOf':
        return exactly(textsOf(value, canonicalDomain)?.map((domain) => onDomain(subdomainPattern(domain))));
      default:
        return undefined;
    }
  },
};

function onDomain(pattern: Pattern): Atom {
  return { is: 'pattern', of: 'domain', pattern };
}
