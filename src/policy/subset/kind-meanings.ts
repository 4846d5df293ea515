import type { Json } from '../../domain/json.ts';
import { HTTP_METHODS } from '../kinds/http-method.ts';
import type { KindName } from '../kinds/kind.ts';
import { compileFlag } from '../matchers/flag.ts';
import { compileMethod } from '../matchers/method.ts';
import { compileNumber } from '../matchers/number.ts';
import { headersMeaning } from './headers-meaning.ts';
import { mailAddressMeaning } from './mail-address-meaning.ts';
import type { KindMeaning, Meaning } from './meaning.ts';
import { exactly, listOf } from './meaning.ts';
import { moneyMeaning } from './money-meaning.ts';
import { pathMeaning } from './path-meaning.ts';
import { textMeaning } from './text-meaning.ts';
import { urlMeaning } from './url-meaning.ts';

/** By kind, so that a new kind does not compile without its meaning. */
export const KIND_MEANINGS: Readonly<Record<KindName, KindMeaning>> = {
  path: pathMeaning,
  mailAddress: mailAddressMeaning,
  url: urlMeaning,
  headers: headersMeaning,
  text: textMeaning,
  money: moneyMeaning,
  httpMethod: {
    matchers: compileMethod,
    meaningOf: (key, value) => (key === 'oneOf' ? values(value) : undefined),
    universe: HTTP_METHODS,
  },
  flag: {
    matchers: compileFlag,
    meaningOf: (key, value) => (key === 'is' ? values(value) : undefined),
    universe: [false, true],
  },
  number: {
    matchers: compileNumber,
    meaningOf: (key, value) => {
      if (key === 'oneOf') return values(value);
      if (typeof value !== 'number') return undefined;
      if (key === 'min') return exactly([{ is: 'range', of: 'number', min: value, max: Infinity }]);
      return key === 'max' ? exactly([{ is: 'range', of: 'number', min: -Infinity, max: value }]) : undefined;
    },
  },
};

function values(value: Json): Meaning {
  return exactly(listOf(value).map((one) => ({ is: 'value', value: one })));
}
