/** What the compiler takes in `definePolicy`; what it refuses: define-policy-*.types.test.ts. */
import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { tools as builtIn } from '../../src/tools/index.ts';
import { base, tools } from './typed-tools.ts';

describe('what the compiler takes', () => {
  test('a file with everything in it', () => {
    const { policy } = definePolicy(tools, {
      $schema: './policy.schema.json',
      ...base,
      rules: [
        {
          id: 'mail-known',
          tool: 'send_email',
          profiles: ['all'],
          ask: { to: { every: { anyOf: [{ domain: ['example.com'] }, { oneOf: 'a@b.example' }] }, max: 3 } },
          except: { to: { some: { subdomainOf: 'example.com' } } },
          approval: { by: ['owner'], expires: '4h', quorum: 1 },
          why: 'Mail leaves the house.',
          examples: { match: [{ to: ['x@example.com'] }], noMatch: [{ to: ['x@evil.example'], subject: 's' }] },
        },
        { id: 'read', tool: ['read_file', 'list_files'], allow: { path: { under: 'notes' } } },
        {
          id: 'weather',
          tool: 'http_request',
          allow: {
            url: { origin: 'https://h.example', path: ['/a'], query: { only: { city: 'any', day: ['1'] } } },
            method: ['GET', 'HEAD'],
            headers: { only: ['accept'], values: { accept: 'text/plain' } },
          },
        },
        { id: 'any-page', tool: 'http_request', ask: { url: { any: true }, method: { oneOf: 'POST' } } },
        {
          id: 'two-pages',
          tool: 'http_request',
          ask: { url: { anyOf: [{ origin: 'https://g.example', path: '/' }], query: { only: 'q' } }, method: 'GET' },
        },
        {
          id: 'not-there',
          tool: 'http_request',
          deny: { url: { query: { has: 'token' } } },
          except: [{ url: { origin: 'https://h.example', path: '/' } }],
        },
        { id: 'not-so-long', tool: 'http_request', deny: { body: { minLength: 100, contains: ['x'] } } },
        {
          id: 'buy',
          tool: 'buy',
          ask: {
            price: { max: ['50.00 EUR', '60 USD'], currency: ['EUR', 'USD'] },
            count: [1, 2],
            tip: { min: '1 EUR' },
            parts: { every: { max: '5.00 EUR' } },
            gift: { is: true },
          },
        },
        { id: 'rent-or-buy', tool: ['rent', 'buy'], deny: { price: { min: '500.00 EUR' } } },
        { id: 'nothing', tool: '*', profiles: ['guest'], deny: {} },
      ],
      limits: {
        turns: 10,
        cost: '5.00 USD',
        wallTime: '2d',
        actions: { buy: 3, send_email: { max: 5, atLimit: 'deny' } },
        sameAction: { buy: 1 },
        sums: [
          { id: 'spent', tool: ['buy', 'rent'], argument: 'price', max: '100.00 EUR' },
          { id: 'things', tool: 'buy', argument: 'count', max: 10 },
        ],
      },
      prices: { 'some-model': { asOf: '2026-11-01', input: 1, cacheWrite: 1, cacheRead: 0.1, output: 5 } },
      flows: {
        labels: { bill: ['rent'] },
        rules: [{ id: 'leak', when: ['private', 'receipt', 'bill'], tool: ['send_email'], then: 'ask' }],
      },
      tests: [
        {
          name: 'nobody else',
          profile: 'all',
          call: { tool: 'send_email', input: { to: ['x@evil.example'], subject: 's', body: 'b' } },
          seen: ['untrusted', 'bill'],
          spent: { actions: { buy: 1 }, sums: { spent: '1 EUR' } },
          expect: 'deny',
        },
        { name: 'a note', call: { tool: 'read_file', input: { path: 'notes/a' } }, expect: { allow: 'read' } },
      ],
    });
    expect(policy.documents.size).toBe(11);
  });

  test('lists that are made elsewhere', () => {
    const domains: readonly string[] = ['example.com', 'example.org'].toSorted();
    const { document } = definePolicy(tools, {
      ...base,
      rules: [{ id: 'mail', tool: 'send_email', ask: { to: { every: { domain: domains } } } }],
    });
    expect(document.rules[0]?.ask).toEqual({ to: { every: { domain: ['example.com', 'example.org'] } } });
  });

  test('tools whose types tell nothing: then it is for the loader alone', () => {
    const erased: readonly Tool[] = builtIn;
    const rules = [{ id: 'read', tool: 'read_file', allow: { path: { under: 'notes' } } }] as const;
    expect(definePolicy(erased, { ...base, rules }).policy.clauses).toHaveLength(1);
    expect(() => definePolicy(erased, { ...base, rules: [{ id: 'r', tool: 'reed_file', allow: {} }] })).toThrow(
      'there is no tool "reed_file"',
    );
  });
});
