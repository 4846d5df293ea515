/** For each kind: what rules say of it, and values to try that on. */
import type { Json } from '../../src/domain/json.ts';
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

export type Some<T> = readonly [T, ...T[]];

export interface Sample {
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
