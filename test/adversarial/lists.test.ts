/** Lists, argument names, and what JSON itself lets through. */
import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { compileArgument } from '../../src/policy/matchers/compile-argument.ts';
import type { Purpose } from '../../src/policy/matchers/matcher.ts';
import { pay } from './pay.ts';
import { decide } from '../policy/support.ts';
import { deleteFiles, httpRequest, sendEmail } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const json = (text: string): unknown => JSON.parse(text);
const many = (count: number, value: unknown): unknown[] => Array.from({ length: count }, () => value);

/** `to`, sent to an agent that may write to at most two people at example.com. */
const LISTS: readonly Row<unknown>[] = [
  ['plain', ['bob@example.com'], 'ask', 'it is what the rule speaks of'],
  ['two', ['bob@example.com', 'eve@example.com'], 'ask', 'bounds are inclusive'],
  ['three', many(3, 'bob@example.com'), 'deny', 'above the bound'],
  ['a stranger first', ['mallory@evil.example', 'bob@example.com'], 'deny', 'every one is looked at'],
  ['a stranger last', ['bob@example.com', 'mallory@evil.example'], 'deny', 'every one is looked at'],
  ['none', [], 'refused', 'of no element all is true'],
  ['text', 'bob@example.com', 'refused', 'a text has a length and elements as well'],
  ['text of many', 'bob@example.com,mallory@evil.example', 'refused', 'a text is no list'],
  ['text of JSON', '["bob@example.com"]', 'refused', 'nothing is parsed twice'],
  ['object with a length', { length: 1, 0: 'bob@example.com' }, 'refused', 'no list'],
  ['object with numbers', { 0: 'bob@example.com' }, 'refused', 'no list'],
  ['empty object', {}, 'refused', 'no list'],
  ['list in a list', [['bob@example.com']], 'refused', 'mailers flatten it'],
  ['list in a list, beside', ['bob@example.com', ['mallory@evil.example']], 'refused', 'mailers flatten it'],
  ['object in a list', [{ name: 'Bob', address: 'bob@example.com' }], 'refused', 'mailers take it'],
  ['null in a list', ['bob@example.com', null], 'refused', 'no text'],
  ['hole in a list', Object.assign([], { 1: 'bob@example.com' }), 'refused', 'no text'],
  ['empty text in a list', ['bob@example.com', ''], 'refused', 'no address'],
  ['set', new Set(['bob@example.com']), 'refused', 'no list'],
  ['null', null, 'refused', 'no list'],
  ['number', 1, 'refused', 'no list'],
  ['21 elements', many(21, 'bob@example.com'), 'refused', 'the tool takes 20'],
  ['100,000 elements', many(100_000, 'bob@example.com'), 'refused', 'counted before it is looked at'],
  ['100,000 wrong elements', many(100_000, 7), 'refused', 'counted before it is looked at'],
  ['huge element', ['x'.repeat(1_000_000)], 'refused', 'its length is looked at first'],
];

const opens = policyOf('{ id: a, tool: send_email, ask: { to: { every: { domain: example.com }, max: 2 } } }');
const mail = { to: ['bob@example.com'], subject: 's', body: 'b' };

describe('lists: attacks and what must happen (S2, S3)', () => {
  test.each(titled(LISTS))(`opened to two people: ${TITLE}`, (_attack, must, _why, to) => {
    expect(attempt(opens, sendEmail, { ...mail, to })).toBe(must);
  });

  test('a list that is too long is counted and not looked at, required or not', () => {
    for (const name of ['to', 'cc'] as const) {
      let looked = 0;
      const list = new Proxy(many(100_000, 'bob@example.com'), {
        get: (target, key) => {
          if (key !== 'length') looked += 1;
          return Reflect.get(target, key) as unknown;
        },
      });
      expect(attempt(opens, sendEmail, { ...mail, [name]: list })).toBe('refused');
      expect(looked).toBe(0);
    }
  });

  test('recipients that a rule does not mention are not let through, however they are spelt', () => {
    expect(attempt(opens, sendEmail, { ...mail, cc: ['bob@example.com'] })).toBe('deny');
    expect(attempt(opens, sendEmail, { ...mail, bcc: ['mallory@evil.example'] })).toBe('deny');
    for (const name of [
      'Cc',
      'CC',
      'BCC',
      'replyTo',
      'envelope',
      'headers',
      'raw',
      'constructor',
      'toString',
      'b\u0441c',
    ])
      expect([name, attempt(opens, sendEmail, { ...mail, [name]: ['mallory@evil.example'] })]).toEqual([
        name,
        'refused',
      ]);
    expect(
      attempt(opens, sendEmail, json(`${JSON.stringify(mail).slice(0, -1)},"__proto__":{"cc":["x@y.example"]}}`)),
    ).toBe('refused');
  });

  test('a denial of some is not evaded by who else is there, nor by the order', () => {
    const policy = policyOf(
      '{ id: a, tool: delete_files, allow: { paths: { every: { any: true } } } }',
      '{ id: b, tool: delete_files, deny: { paths: { some: { under: keep } } } }',
    );
    const remove = (...paths: string[]): string => attempt(policy, deleteFiles, { paths });
    expect([remove('a'), remove('a', 'keep/x'), remove('keep', 'a'), remove('keep/', 'a')]).toEqual([
      'allow',
      'deny',
      'deny',
      'deny',
    ]);
  });

  test('of a key that JSON has twice the last counts, for the decision and for what is done', () => {
    expect(json('{"to":["bob@example.com"],"to":["mallory@evil.example"],"subject":"s","body":"b"}')).toEqual({
      ...mail,
      to: ['mallory@evil.example'],
    });
    const twice = (first: string, last: string): string =>
      attempt(opens, sendEmail, json(`{"to":["${first}"],"\\u0074o":["${last}"],"subject":"s","body":"b"}`));
    expect(twice('bob@example.com', 'mallory@evil.example')).toBe('deny');
    expect(twice('mallory@evil.example', 'bob@example.com')).toBe('ask');
  });

  test('escapes of JSON are undone before anything is looked at', () => {
    const to = (address: string): string =>
      attempt(opens, sendEmail, json(`{"to":["${address}"],"subject":"s","body":"b"}`));
    expect(to('bob\\u0040example.com')).toBe('ask');
    expect(to('mallory\\u0040evil.example\\u0000@example.com')).toBe('refused');
    expect(to('bob@example.com\\ud800')).toBe('refused');
  });

  test('amounts in a list are bounded one by one', () => {
    const policy = policyOf(
      '{ id: a, tool: pay, allow: { amount: { any: true }, parts: { every: { max: 1.00 EUR } } } }',
      '{ id: b, tool: pay, deny: { parts: { some: { min: 0.90 EUR } } } }',
    );
    const amount = { minor: 1, currency: 'EUR' };
    const parts = (...minors: number[]): unknown => ({
      amount,
      parts: minors.map((minor) => ({ minor, currency: 'EUR' })),
    });
    expect(attempt(policy, pay, parts(1, 2))).toBe('allow');
    expect(attempt(policy, pay, parts(1, 90))).toBe('deny');
    expect(attempt(policy, pay, parts(1, 101))).toBe('deny');
    expect(attempt(policy, pay, { amount, parts: [amount, { minor: 1, currency: 'USD' }] })).toBe('deny');
  });
});

describe('a value of another type than the rule speaks of (the guard lets none through)', () => {
  const SPECS: readonly [name: string, shape: string, spec: Json][] = [
    ['path', 'paths', { some: { under: 'keep' } }],
    ['url', 'url', { path: ['/x'] }],
    ['httpMethod', 'method', ['GET']],
    ['headers', 'headers', { only: ['accept'] }],
    ['text', 'body', { contains: 'x' }],
    ['money', 'amount', { max: '1.00 EUR' }],
    ['number', 'count', { max: 1 }],
    ['flag', 'urgent', { is: false }],
    ['mail address', 'to', { some: { domain: 'evil.example' } }],
  ];
  const argumentsOfAll = {
    ...sendEmail.arguments,
    ...deleteFiles.arguments,
    ...httpRequest.arguments,
    ...pay.arguments,
  };
  const TYPES: readonly Json[] = [null, true, 5, 'x', [], [5], {}, { minor: 'x', currency: 5 }];

  const JSON_TYPE = (value: Json): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);
  const CANONICAL: Readonly<Record<string, string>> = {
    paths: 'list',
    to: 'list',
    headers: 'object',
    amount: 'object',
  };

  test.each(SPECS)('%s: it matches what closes, and nothing that opens', (_, name, spec) => {
    const shape = argumentsOfAll[name];
    if (shape === undefined) throw new Error('no such argument');
    const complain = (): void => undefined;
    const right = CANONICAL[name] ?? (name === 'count' ? 'number' : name === 'urgent' ? 'boolean' : 'string');
    const wrong = TYPES.filter((value) => JSON_TYPE(value) !== right);
    const results = (purpose: Purpose): readonly boolean[] =>
      wrong.map((value) => compileArgument(shape, spec, [], purpose, complain)(value, name) === null);
    expect(results('closes')).toEqual(wrong.map(() => true));
    expect(results('opens')).toEqual(wrong.map(() => false));
  });

  test('a decision on such values is a denial', () => {
    const policy = policyOf(
      '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
      '{ id: b, tool: http_request, deny: { url: { path: [/admin] } } }',
    );
    for (const url of [null, 5, ['https://h.example/admin'], { href: 'https://h.example/admin' }, 'x', ''] as Json[]) {
      const args: JsonObject = { url, method: 'GET' };
      expect(decide(policy, httpRequest, args).kind).toBe('deny');
    }
  });
});
