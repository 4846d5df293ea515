/**
 * What the compiler refuses in `definePolicy`: `npm run types` fails where an expected error is not there. Each case is
 * run as well: the loader must refuse the same for the reason that the case is about.
 */
import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../../src/policy/define-policy.ts';
import { listOf, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { tools as builtIn } from '../../src/tools/index.ts';

const buy = {
  name: 'buy',
  permission: 'purchase',
  arguments: {
    price: one(money, 'what it costs'),
    count: one(number({ min: 1, max: 100, integer: true }), 'how many'),
    tip: optional(one(money, 'on top')),
    parts: optional(listOf(money, 5, 'what it is made of')),
    gift: optional(one(flag, 'whether it is wrapped')),
  },
  labels: ['receipt'],
} as const satisfies ToolShape;

const rent = {
  name: 'rent',
  permission: 'purchase',
  arguments: { price: one(money, 'a day') },
} as const satisfies ToolShape;

const tools = [...builtIn, buy, rent] as const;

const base = {
  version: 1,
  profiles: {
    guest: { grant: ['read_files', 'purchase'], startable: true },
    reader: { grant: ['read_files'], startable: true },
    all: { extends: 'reader', grant: ['send_email', 'make_api_calls', 'delete_data', 'purchase'], startable: true },
  },
  defaultProfile: 'all',
  approval: { by: ['owner'] },
} as const;

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

/** What is wrong; what the loader says of it; and the policy. */
type Case = readonly [wrong: string, said: string, define: () => unknown];

describe('what the compiler refuses', () => {
  const ofRules: readonly Case[] = [
    [
      'a tool that there is not',
      'there is no tool "send_emial" (did you mean "send_email"?)',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"send_emial"' is not assignable, did you mean '"send_email"'?
          rules: [{ id: 'r', tool: 'send_emial', ask: {} }],
        }),
    ],
    [
      'one such tool among others',
      'there is no tool "list_file"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"list_file"' is not assignable
          rules: [{ id: 'r', tool: ['read_file', 'list_file'], allow: { path: { under: 'a' } } }],
        }),
    ],
    [
      'an argument that the tool has not',
      'send_email has no argument "too" (did you mean "to"?)',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'too' does not exist
          rules: [{ id: 'r', tool: 'send_email', ask: { too: { every: { domain: 'example.com' } } } }],
        }),
    ],
    [
      'an argument that not all of the tools have',
      'delete_files has no argument "path"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: nothing can be said of both
          rules: [{ id: 'r', tool: ['read_file', 'delete_files'], allow: { path: { under: 'a' } } }],
        }),
    ],
    [
      'an argument that one of two tools has beside a common one',
      'rent has no argument "count"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'count' does not exist
          rules: [{ id: 'r', tool: ['buy', 'rent'], ask: { price: { any: true }, count: [1] } }],
        }),
    ],
    [
      'such an argument in an exception',
      'read_file has no argument "paths"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'paths' does not exist
          rules: [{ id: 'r', tool: 'read_file', allow: { path: { under: 'a' } }, except: [{ paths: { is: 'a/b' } }] }],
        }),
    ],
    [
      'such an argument in an example',
      'no tool of this rule has an argument "paths"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [
            {
              id: 'r',
              tool: 'read_file',
              allow: { path: { under: 'a' } },
              // @ts-expect-error: 'paths' does not exist
              examples: { noMatch: [{ paths: 'b' }] },
            },
          ],
        }),
    ],
    [
      'a matcher of another kind',
      'a path has no matcher "domain"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'domain' does not exist in PathMatcher
          rules: [{ id: 'r', tool: 'read_file', allow: { path: { domain: 'example.com' } } }],
        }),
    ],
    [
      'a matcher of another kind in a list',
      'a mailAddress has no matcher "under"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'under' does not exist in MailAddressMatcher
          rules: [{ id: 'r', tool: 'send_email', ask: { to: { every: { under: 'notes' } } } }],
        }),
    ],
    [
      'a matcher of another kind among alternatives',
      'a mailAddress has no matcher "is"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'is' does not exist in MailAddressMatcher
          rules: [{ id: 'r', tool: 'send_email', ask: { to: { every: { anyOf: [{ is: 'a@b.example' }] } } } }],
        }),
    ],
    [
      'a list that opens by "some"',
      'what opens must speak of every element',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'every' is missing
          rules: [{ id: 'r', tool: 'send_email', ask: { to: { some: { domain: 'example.com' } } } }],
        }),
    ],
    [
      'a list without "every" or "some"',
      'this argument is a list: say { every: { domain: … } }',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'domain' does not exist in ListMatcher
          rules: [{ id: 'r', tool: 'send_email', ask: { to: { domain: 'example.com' } } }],
        }),
    ],
    [
      '"every" where there is no list',
      'a path has no matcher "every"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'every' does not exist in PathMatcher
          rules: [{ id: 'r', tool: 'read_file', allow: { path: { every: { under: 'a' } } } }],
        }),
    ],
    [
      'a text for a matcher',
      'a path has no matcher "oneOf"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: a string has nothing in common with PathMatcher
          rules: [{ id: 'r', tool: 'read_file', allow: { path: 'notes' } }],
        }),
    ],
    [
      'a method that there is not',
      '"get" cannot stand in a rule',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"get"' is not assignable, did you mean '"GET"'?
          rules: [{ id: 'r', tool: 'http_request', allow: { url: { any: true }, method: ['get'] } }],
        }),
    ],
    [
      'an open URL without its path',
      'a matcher for a url needs "path"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: property 'path' is missing
          rules: [{ id: 'r', tool: 'http_request', allow: { url: { origin: 'https://h.example' }, method: ['GET'] } }],
        }),
    ],
    [
      'an open query that says only what it has',
      '"has" opens only with "only" beside it',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [
            {
              id: 'r',
              tool: 'http_request',
              // @ts-expect-error: property 'only' is missing
              allow: { url: { origin: 'https://h.example', path: '/', query: { has: 'q' } } },
            },
          ],
        }),
    ],
    [
      'a header that calls may not set',
      '"cookie" cannot stand in a rule',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"cookie"' is not assignable
          rules: [{ id: 'r', tool: 'http_request', ask: { headers: { only: ['cookie'] } } }],
        }),
    ],
    [
      'a credential instead of a secret',
      'write {{secret:name}}',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [
            {
              id: 'r',
              tool: 'http_request',
              // @ts-expect-error: no placeholder
              ask: { headers: { only: ['authorization'], values: { authorization: 'Bearer abc' } } },
            },
          ],
        }),
    ],
    [
      'an amount without a currency',
      'an amount is a number, one space and a currency',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"50"' is not assignable to an amount
          rules: [{ id: 'r', tool: 'buy', ask: { price: { max: '50' } } }],
        }),
    ],
    [
      'a number for an amount',
      'a text is expected here',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'number' is not assignable to an amount
          rules: [{ id: 'r', tool: 'buy', ask: { price: { max: 50 } } }],
        }),
    ],
    [
      'a text for a flag',
      '"is" is true or false',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'string' is not assignable to 'boolean'
          rules: [{ id: 'r', tool: 'buy', ask: { gift: { is: 'true' } } }],
        }),
    ],
    [
      'to allow every tool',
      'only a denial may be for every tool ("*")',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'allow' does not exist in DenialOfAll
          rules: [{ id: 'r', tool: '*', allow: {} }],
        }),
    ],
    [
      'to ask for every tool, by a list',
      'only a denial may be for every tool ("*")',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'ask' does not exist in DenialOfAll
          rules: [{ id: 'r', tool: ['read_file', '*'], ask: {} }],
        }),
    ],
    [
      'arguments of every tool',
      'a rule for every tool ("*") cannot speak of arguments',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: not assignable to 'never'
          rules: [{ id: 'r', tool: '*', deny: { path: { under: 'a' } } }],
        }),
    ],
    [
      'a key that rules have not',
      'unknown key "whyy"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'whyy' does not exist
          rules: [{ id: 'r', tool: 'read_file', allow: {}, whyy: 'x' }],
        }),
    ],
    [
      'a text for the list of approvers',
      '"by" is a list (write [owner])',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'string' is not assignable to 'readonly string[]'
          rules: [{ id: 'r', tool: 'read_file', ask: {}, approval: { by: 'owner' } }],
        }),
    ],
    [
      'a duration without its unit',
      'a duration is a number and s, m, h or d',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"4"' is not assignable
          rules: [{ id: 'r', tool: 'read_file', ask: {}, approval: { by: ['owner'], expires: '4' } }],
        }),
    ],
  ];

  const ofProfiles: readonly Case[] = [
    [
      'a profile that there is not, in a rule',
      'there is no profile "al"',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: '"al"' is not assignable
          rules: [{ id: 'r', tool: 'read_file', profiles: ['al'], allow: {} }],
        }),
    ],
    [
      'a text for the list of profiles',
      '"profiles" is a list (write [all])',
      () =>
        definePolicy(tools, {
          ...base,
          // @ts-expect-error: 'string' is not assignable to 'readonly …[]'
          rules: [{ id: 'r', tool: 'read_file', profiles: 'all', allow: {} }],
        }),
    ],
    [
      'to extend one',
      'there is no profile "al"',
      () =>
        definePolicy(tools, {
          version: 1,
          // @ts-expect-error: '"al"' is not assignable
          profiles: { all: { grant: [] }, more: { extends: 'al' } },
          rules: [],
        }),
    ],
    [
      'to lie within one',
      'there is no profile "al"',
      () =>
        definePolicy(tools, {
          version: 1,
          // @ts-expect-error: '"al"' is not assignable
          profiles: { all: { grant: [] }, more: { grant: [], within: 'al' } },
          rules: [],
        }),
    ],
    [
      'as the default one',
      '"al" is not a startable profile',
      () =>
        definePolicy(tools, {
          version: 1,
          profiles: { all: { grant: [], startable: true } },
          // @ts-expect-error: '"al"' is not assignable
          defaultProfile: 'al',
          rules: [],
        }),
    ],
    [
      'in a test',
      'there is no profile "al"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"al"' is not assignable
          tests: [{ name: 't', profile: 'al', call: { tool: 'buy', input: {} }, expect: 'deny' }],
        }),
    ],
    [
      'in a rule about flows',
      'there is no profile "al"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"al"' is not assignable
          flows: { rules: [{ id: 'f', when: ['private'], tool: 'buy', then: 'deny', profiles: ['al'] }] },
        }),
    ],
    [
      'a permission that there is not',
      'there is no permission "fly"',
      () =>
        definePolicy(tools, {
          version: 1,
          // @ts-expect-error: '"fly"' is not assignable to Permission
          profiles: { all: { grant: ['fly'] } },
          rules: [],
        }),
    ],
  ];

  const ofTheRest: readonly Case[] = [
    [
      'another version',
      'this version of countersign reads policy version 1',
      () =>
        definePolicy(tools, {
          // @ts-expect-error: '2' is not assignable to '1'
          version: 2,
          profiles: { all: { grant: [] } },
          rules: [],
        }),
    ],
    [
      'a limit of a tool that there is not',
      'there is no tool "by"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: 'by' does not exist
          limits: { actions: { by: 3 } },
        }),
    ],
    [
      'a cost in another currency',
      'a cost is an amount in US dollars',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"5 EUR"' is not assignable
          limits: { cost: '5 EUR' },
        }),
    ],
    [
      'a sum of what cannot be added up',
      '"gift" of buy is neither money nor a number',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"gift"' is not assignable
          limits: { sums: [{ id: 's', tool: 'buy', argument: 'gift', max: 1 }] },
        }),
    ],
    [
      'a sum of what may be left out',
      '"tip" of buy may be left out',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"tip"' is not assignable
          limits: { sums: [{ id: 's', tool: 'buy', argument: 'tip', max: '1 EUR' }] },
        }),
    ],
    [
      'a sum of a list',
      '"parts" of buy is neither money nor a number',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"parts"' is not assignable
          limits: { sums: [{ id: 's', tool: 'buy', argument: 'parts', max: '1 EUR' }] },
        }),
    ],
    [
      'a sum over what one of the tools has not',
      'rent has no argument "count"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"count"' is not assignable to '"price"'
          limits: { sums: [{ id: 's', tool: ['buy', 'rent'], argument: 'count', max: 1 }] },
        }),
    ],
    [
      'a sum of a tool that there is not',
      'there is no tool "by"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"by"' is not assignable
          limits: { sums: [{ id: 's', tool: 'by', argument: 'price', max: '1 EUR' }] },
        }),
    ],
    [
      'a label that no result carries',
      'no tool’s results carry the label "privat"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"privat"' is not assignable
          flows: { rules: [{ id: 'f', when: ['privat'], tool: 'buy', then: 'deny' }] },
        }),
    ],
    [
      'a label for a tool that there is not',
      'there is no tool "by"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"by"' is not assignable
          flows: { labels: { mine: ['by'] }, rules: [] },
        }),
    ],
    [
      'to allow what flowed',
      '"then" is ask or deny',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"allow"' is not assignable
          flows: { rules: [{ id: 'f', when: ['private'], tool: 'buy', then: 'allow' }] },
        }),
    ],
    [
      'a test of a tool that there is not',
      'there is no tool "by"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"by"' is not assignable
          tests: [{ name: 't', call: { tool: 'by', input: {} }, expect: 'deny' }],
        }),
    ],
    [
      'a label that a test has seen and nothing carries',
      'no tool’s results carry the label "untrustet"',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: '"untrustet"' is not assignable
          tests: [{ name: 't', call: { tool: 'buy', input: {} }, seen: ['untrustet'], expect: 'deny' }],
        }),
    ],
    [
      'a test that expects what is no decision',
      '"expect" is allow, ask, deny or invalid',
      () =>
        definePolicy(tools, {
          ...base,
          rules: [],
          // @ts-expect-error: 'alow' does not exist
          tests: [{ name: 't', call: { tool: 'buy', input: {} }, expect: { alow: 'r' } }],
        }),
    ],
  ];

  test.each([...ofRules, ...ofProfiles, ...ofTheRest])('%s', (_, said, define) => {
    expect(define).toThrow(said);
  });
});
