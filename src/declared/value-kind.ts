/** The kind of a declared argument or field, from what the file says of it; the same kinds that rules know. */
import type { Complain } from '../policy/matchers/matcher.ts';
import { flag } from '../policy/kinds/flag.ts';
import type { Kind } from '../policy/kinds/kind.ts';
import { mailAddress } from '../policy/kinds/mail-address.ts';
import { money } from '../policy/kinds/money.ts';
import { number } from '../policy/kinds/number.ts';
import { path } from '../policy/kinds/path.ts';
import { text } from '../policy/kinds/text.ts';
import { url } from '../policy/kinds/url.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Argument, Field } from './tools-schema.ts';

/** Of a text that says no other, in UTF-16 code units. */
export const DEFAULT_LENGTH = 500;

/** Keys that say something of one kind only. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  text: ['maxLength', 'multiline'],
  number: ['min', 'max', 'decimals'],
  money: ['currency', 'currencyAt'],
};
const OF_ONE_KIND = Object.values(KEYS).flat();

/** Complains of keys that go with another kind, and of bounds that hold no number. */
export function kindOf(spec: Argument | Field, at: Path, complain: Complain): Kind<unknown> {
  const known = KEYS[spec.kind] ?? [];
  for (const key of Object.keys(spec).filter((one) => OF_ONE_KIND.includes(one) && !known.includes(one))) {
    const goes = Object.keys(KEYS).find((kind) => KEYS[kind]?.includes(key) === true) ?? '';
    complain([...at, key], `"${key}" goes with the kind ${goes}, and this is ${spec.kind}`);
  }
  switch (spec.kind) {
    case 'text':
      return text({ maxLength: spec.maxLength ?? DEFAULT_LENGTH, multiline: spec.multiline ?? false });
    case 'number':
      return numberOf(spec, at, complain);
    case 'money':
      return money;
    case 'flag':
      return flag;
    case 'url':
      return url;
    case 'path':
      return path;
    case 'mailAddress':
      return mailAddress;
  }
}

function numberOf(spec: Argument | Field, at: Path, complain: Complain): Kind<unknown> {
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, decimals = false } = spec;
  if (Number.isFinite(min) && Number.isFinite(max) && min <= max) return number({ min, max, integer: !decimals });
  complain([...at, 'min'], `no number lies between ${min} and ${max}`, 'give the lower bound as "min"');
  return number({ min: 0, max: 0, integer: true });
}
