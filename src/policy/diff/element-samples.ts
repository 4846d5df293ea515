/** Sample values for one element of each kind, from what a rule says of it. */
import type { Json } from '../../domain/json.ts';
import { isRecord, own, ownList } from '../../domain/json.ts';
import { isCredentialHeader } from '../../domain/secret-placeholder.ts';
import { isPlain } from '../matchers/matcher.ts';
import { HTTP_METHODS } from '../kinds/http-method.ts';
import type { KindName } from '../kinds/kind.ts';
import { moneySamples } from './money-samples.ts';
import { textsOf } from './texts-of.ts';
import { globSamples, urlSamples } from './url-samples.ts';

/** Values that rules hardly name. */
export const OUTSIDE: Readonly<Record<KindName, readonly Json[]>> = {
  path: ['elsewhere/file.txt', '.env'],
  mailAddress: ['stranger@elsewhere.example'],
  url: ['https://elsewhere.example/', 'https://elsewhere.example/a?b=c'],
  httpMethod: [...HTTP_METHODS],
  headers: [{}, { accept: 'text/plain' }, { authorization: 'Bearer {{secret:elsewhere}}' }],
  text: ['anything'],
  money: [
    { minor: 0, currency: 'CHF' },
    { minor: 1_000_000, currency: 'CHF' },
  ],
  number: [0, 1, 100, 1_000_000],
  flag: [true, false],
};

export function elementSamples(kind: KindName, spec: Json): readonly Json[] {
  // Plain values, one or a list, are short for `oneOf` where a kind allows it.
  if (isPlain(spec)) return elementSamples(kind, { oneOf: Array.isArray(spec) ? (spec as readonly Json[]) : [spec] });
  if (!isRecord(spec)) return [];
  const alternatives = ownList(spec, 'anyOf').flatMap((one) => elementSamples(kind, one as Json));
  return [...SAMPLES[kind](spec as Json), ...alternatives, ...(own(spec, 'any') === true ? OUTSIDE[kind] : [])];
}

const SAMPLES: Readonly<Record<KindName, (spec: Json) => readonly Json[]>> = {
  path: (spec) => [
    ...textsOf(spec, 'under').flatMap((folder) => (folder === '.' ? ['file.txt'] : [`${folder}/file.txt`, folder])),
    ...textsOf(spec, 'is'),
    ...textsOf(spec, 'glob').flatMap(globSamples),
    ...textsOf(spec, 'extension').map((ending) => `file.${ending.replace(/^\./, '')}`),
  ],
  mailAddress: (spec) => [
    ...textsOf(spec, 'oneOf').flatMap((address) => [address, `other@${address.split('@').at(-1) ?? ''}`]),
    ...['domain', 'subdomainOf']
      .flatMap((key) => textsOf(spec, key))
      .flatMap((domain) => [`someone@${domain}`, `someone@sub.${domain}`]),
  ],
  url: urlSamples,
  httpMethod: (spec) => textsOf(spec, 'oneOf'),
  headers: headerSamples,
  text: (spec) => [
    ...textsOf(spec, 'oneOf'),
    ...textsOf(spec, 'contains').flatMap((part) => [part, `a ${part} b`]),
    ...['minLength', 'maxLength'].flatMap((key) => boundsOf(spec, key)).flatMap((length) => textOfLength(length)),
  ],
  money: moneySamples,
  number: (spec) => [
    ...['min', 'max'].flatMap((key) => boundsOf(spec, key)),
    ...ownList(spec, 'oneOf').filter((one): one is number => typeof one === 'number'),
  ],
  flag: () => [true, false],
};

/** A bound and its neighbours. */
function boundsOf(spec: Json, key: string): readonly number[] {
  const bound = own(spec, key);
  return typeof bound === 'number' ? [bound - 1, bound, bound + 1] : [];
}

function textOfLength(length: number): readonly string[] {
  return length > 0 && length <= 2000 ? ['a'.repeat(length)] : [];
}

function headerSamples(spec: Json): readonly Json[] {
  const values = own(spec, 'values');
  const named = isRecord(values) ? Object.keys(values) : [];
  return [
    ...textsOf(spec, 'only').map((name) => ({ [name]: isCredentialHeader(name) ? '{{secret:elsewhere}}' : 'x' })),
    ...named.flatMap((name) => textsOf(values as Json, name).map((value) => ({ [name]: value }))),
  ];
}
