/** What a person should notice about an address before saying yes: that it is not of the house, that it is new. */
import type { Acquaintance } from '../ports/known-recipients.ts';

export interface Surroundings {
  readonly inside: readonly string[];
  readonly acquaintance: Acquaintance;
}

/** Domains are compared whole: a subdomain is inside only where it is named. */
export function isOutside(address: string, inside: readonly string[]): boolean {
  return !inside.includes(address.slice(address.lastIndexOf('@') + 1));
}

export function marksOf(address: string, { inside, acquaintance }: Surroundings): readonly string[] {
  return [...(isOutside(address, inside) ? ['outside'] : []), ...newness(address, acquaintance)];
}

function newness(address: string, acquaintance: Acquaintance): readonly string[] {
  switch (acquaintance.kind) {
    case 'recorded':
      return acquaintance.known.has(address) ? [] : ['first mail'];
    case 'notRecorded':
      return ['first mail or not: not recorded'];
    case 'unreadable':
      return ['first mail, for the record of earlier mail cannot be read'];
  }
}
