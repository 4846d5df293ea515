/** For each kind: what rules say of it, and canonical values to try that on. */
import type { Json } from '../../src/domain/json.ts';
import { isRecord } from '../../src/domain/json.ts';
import type { ArgumentShape } from '../../src/policy/kinds/argument.ts';
import { listOf, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { headers } from '../../src/policy/kinds/headers.ts';
import { httpMethod } from '../../src/policy/kinds/http-method.ts';
import type { Kind } from '../../src/policy/kinds/kind.ts';
import { mailAddress } from '../../src/policy/kinds/mail-address.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { path } from '../../src/policy/kinds/path.ts';
import { text } from '../../src/policy/kinds/text.ts';
import { url } from '../../src/policy/kinds/url.ts';
import type { Seeded } from './seeded.ts';

export type Some<T> = readonly [T, ...T[]];

interface Sample {
  readonly kind: Kind<unknown>;
  /** Keys of matchers with their values. */
  readonly said: Some<readonly [string, Some<Json>]>;
  readonly values: Some<Json>;
}

const ORIGINS: Some<Json> = [
  'https://h.example',
  'https://H.example/',
  'https://g.example',
  ['https://h.example', 'https://g.example'],
];

export const SAMPLES = {
  path: {
    kind: path,
    said: [
      ['under', ['notes', 'notes/', 'notes/private', '.', 'ab', ['notes', 'drafts'], ['drafts', 'notes/a.md']]],
      ['is', ['notes/a.md', 'notes', '.', ['drafts/b.tar.gz', 'notes/.env'], 'ab/x']],
      [
        'glob',
        [
          '**',
          'notes/**',
          'notes/*',
          '*/*.md',
          '**/.env*',
          '**/a?md',
          '**/a*md',
          'notes/**/*.md',
          ['drafts/*', 'notes/a.md'],
          '*',
          '**/*-?.md',
        ],
      ],
      ['extension', ['md', '.gz', 'tar.gz', ['md', 'gz'], 'env']],
    ],
    values: [
      '.',
      'notes',
      'notes/a.md',
      'notes/private',
      'notes/private/x.md',
      'notes/private/.env.d/key',
      'notes/.env',
      'notes-old/a.md',
      'drafts',
      'drafts/b.tar.gz',
      'drafts/.md',
      '.env',
      'a*',
      'a*/x',
      'ab/x',
      'a.md',
      'notes/😀md',
      'notes/axxmd',
      'drafts/x-😀.md',
      'other',
      'x/y/z.gz',
    ],
  },
  mailAddress: {
    kind: mailAddress,
    said: [
      [
        'oneOf',
        [
          'a@example.com',
          'A@Example.com',
          ['b@sub.example.com', 'c@evil.example'],
          ['a@example.com', 'x@deep.sub.example.com'],
        ],
      ],
      ['domain', ['example.com', 'Sub.example.com', ['example.com', 'evil.example'], 'notexample.com']],
      ['subdomainOf', ['example.com', 'sub.example.com', ['evil.example', 'example.com']]],
    ],
    values: [
      'a@example.com',
      'z@example.com',
      'b@sub.example.com',
      'x@deep.sub.example.com',
      'c@evil.example',
      'c@a.evil.example',
      'd@notexample.com',
      'e@x.notexample.com',
      'f@example.com.evil.example',
    ],
  },
  url: {
    kind: url,
    said: [
      ['origin', ORIGINS],
      ['origin', ORIGINS],
      ['path', ['/**', '/a', '/a/**', '/a/*', ['/a', '/b/**'], '/', '/a/b.json', '/%C3%A9', '/x%2Ay/*']],
      ['path', ['/**', '/a', '/a/**', '/a/*', ['/a', '/b/**'], '/', '/a/b.json', '/%C3%A9', '/x%2Ay/*']],
      [
        'query',
        [
          'none',
          'any',
          { only: ['q', 'page'] },
          { only: 'q' },
          { only: { q: 'any', page: ['1', '2'] } },
          { only: { q: ['x'] } },
          { only: ['q', 'token'], has: 'q' },
          { only: { page: '1' }, has: ['page', 'token'] },
        ],
      ],
    ],
    values: [
      '',
      'a',
      'a/',
      'a/b',
      'a/b.json',
      'a;x=1',
      'a/b;c/d',
      'a.',
      'b',
      'b/c/d',
      '%C3%A9',
      '%25C3%25A9',
      'x*y/1',
      'x%2Ay/1',
      'xAy/1',
      'a%3Bb',
      'a%2520',
      'a%C2%AD',
      'a%E2%80%8B/b',
      '%20a/b',
    ].flatMap((one) =>
      [
        '',
        '?q=x',
        '?q=x&page=1',
        '?page=1',
        '?page=3&q=',
        '?q=1&q=2',
        '?tok%65n=1',
        '?q=%26token%3D1',
        '?a;q=x',
        '?token[]=1',
        '?q=%',
        '?%71=x',
      ].flatMap((query) => [`https://h.example/${one}${query}`, `https://g.example/${one}${query}`]),
    ) as unknown as Some<Json>,
  },
  httpMethod: {
    kind: httpMethod,
    said: [
      ['oneOf', ['GET', ['GET', 'HEAD'], ['POST', 'PUT', 'PATCH'], ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']]],
    ],
    values: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  },
  headers: {
    kind: headers,
    said: [
      [
        'only',
        [
          'accept',
          ['accept', 'content-type'],
          ['if-match'],
          ['accept', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'],
          ['accept', 'authorization'],
        ],
      ],
      [
        'values',
        [
          { accept: 'text/html' },
          { accept: ['text/html', 'text/plain'] },
          { accept: 'text/html', 'if-match': '*' },
          { 'if-match': ['*', 'x'] },
          { authorization: '{{secret:a}}' },
          { authorization: ['{{secret:a}}', 'Bearer {{secret:a}}', 'Basic {{secret:b}}'] },
        ],
      ],
    ],
    values: [
      {},
      { accept: 'text/html' },
      { accept: 'TEXT/html' },
      { accept: 'text/plain' },
      { accept: 'text/html, text/plain;q=1' },
      { 'if-match': '*' },
      { accept: 'text/html', 'if-match': 'x' },
      { accept: 'a', 'content-type': 'b' },
      { 'idempotency-key': 'k', 'if-none-match': 'x' },
      { authorization: '{{secret:a}}' },
      { authorization: 'Bearer {{secret:a}}', accept: 'text/html' },
      { authorization: 'Basic {{secret:b}}' },
      { 'x-api-key': '{{secret:a}}' },
    ],
  },
  text: {
    kind: text({ maxLength: 100, multiline: false }),
    said: [
      ['oneOf', ['secret', ['a', 'se'], ['', 'ｓecret'], '\u200b']],
      ['contains', ['secret', 'e', ['sec', 'x'], '😀', 'ｓ', '\u200b']],
      ['minLength', [0, 2, 3, 7]],
      ['maxLength', [0, 2, 6, 20]],
    ],
    values: [
      '',
      'a',
      'se',
      'e',
      'secret',
      'my secret',
      'ｓecret',
      's\u200becret',
      '😀',
      'e😀x',
      'xx',
      '\u200b',
      'sécret',
      'se\u0301c',
    ],
  },
  money: {
    kind: money,
    said: [
      ['max', ['50.00 EUR', '10 EUR', ['50 EUR', '60 USD'], '5000 JPY', '0 EUR']],
      ['min', ['50.00 EUR', '10 EUR', ['10 EUR', '60 USD'], '5000 JPY', '50.01 EUR']],
      ['currency', ['EUR', ['EUR', 'USD'], 'JPY']],
    ],
    values: [0, 999, 1000, 1001, 5000, 5001, 6000, 6001, 10 ** 12].flatMap((minor) =>
      ['EUR', 'USD', 'JPY', 'CHF'].map((currency) => ({ minor, currency })),
    ) as unknown as Some<Json>,
  },
  number: {
    kind: number({ min: -10, max: 10, integer: false }),
    said: [
      ['min', [-10, 0, 1, 2.5, 11]],
      ['max', [-3, 0, 2.5, 10]],
      ['oneOf', [1, [0, 2.5], [-3, 10, 11]]],
    ],
    values: [-10, -3, -0.5, 0, 0.5, 1, 2, 2.5, 3, 10],
  },
  flag: { kind: flag, said: [['is', [true, false]]], values: [true, false] },
} satisfies Readonly<Record<string, Sample>>;

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as unknown as Some<SampleName>;

export function sampleOf(name: SampleName): Sample {
  return SAMPLES[name] as unknown as Sample;
}

/** The values in the form of their kind; those that it does not take are left out. */
export const VALUES: ReadonlyMap<SampleName, readonly Json[]> = new Map(
  SAMPLE_NAMES.map((name) => {
    const { kind, values } = sampleOf(name);
    const parsed = values.map((value) => kind.schema.safeParse(value));
    return [name, parsed.flatMap((one) => (one.success ? [one.data as Json] : []))];
  }),
);

export function shapeOf(name: SampleName, list: boolean): ArgumentShape {
  const { kind } = sampleOf(name);
  return list ? optional(listOf(kind, 3, 'd')) : one(kind, 'd');
}

/** A matcher for one value; in what opens, with the keys that must be there. */
export function elementSpec(random: Seeded, name: SampleName, opens: boolean, depth = 0): Json {
  const { said } = sampleOf(name);
  const dice = random.number(12);
  if (dice === 0) return { any: true };
  if (name === 'url' && random.number(4) === 0) {
    const query = random.pick(said[4]?.[1] ?? ['any']);
    return { origin: 'https://h.example', path: '/**', query: closing(query, opens) };
  }
  const keys: Record<string, Json> = {};
  if (opens && name === 'url')
    Object.assign(keys, { origin: random.pick(said[0][1]), path: random.pick(said[2]?.[1] ?? ['/']) });
  if (opens && name === 'headers') Object.assign(keys, { only: random.pick(said[0][1]) });
  for (let count = 1 + random.number(2); count > 0; count -= 1) {
    const [key, values] = random.pick(said);
    keys[key] = random.pick(values);
  }
  if (dice > 3 || depth > 1) return keys;
  const alternatives = Array.from({ length: 1 + random.number(3) }, () => elementSpec(random, name, opens, depth + 1));
  return random.number(2) === 0 ? { anyOf: alternatives } : { ...keys, anyOf: alternatives };
}

/** Without `only`, which what opens must say. */
function closing(query: Json, opens: boolean): Json {
  if (opens || !isRecord(query) || !Object.hasOwn(query, 'has')) return query;
  return { has: query['has'] as Json };
}

/** What a denial may say of a list. */
function deniedList(random: Seeded, name: SampleName): Json {
  return random.number(5) === 0 ? { every: { any: true } } : { some: elementSpec(random, name, false) };
}

export function argumentSpec(
  random: Seeded,
  name: SampleName,
  list: boolean,
  use: 'opens' | 'denies' | 'closes',
): Json {
  const opens = use === 'opens';
  if (!list) return elementSpec(random, name, opens);
  if (use === 'denies') return deniedList(random, name);
  const every = opens || random.number(3) > 0 ? { every: elementSpec(random, name, opens) } : {};
  const some = random.number(3) === 0 ? { some: elementSpec(random, name, opens) } : {};
  const max = random.number(3) === 0 ? { max: random.number(3) } : {};
  const spec = { ...every, ...some, ...max };
  return Object.keys(spec).length === 0 ? { max: 2 } : spec;
}

export function argumentValue(random: Seeded, name: SampleName, list: boolean): Json {
  const values = VALUES.get(name) as unknown as Some<Json>;
  return list ? Array.from({ length: 1 + random.number(3) }, () => random.pick(values)) : random.pick(values);
}
