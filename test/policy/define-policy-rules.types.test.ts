/** What the compiler refuses in the rules of `definePolicy`, and the loader for the same reason. */
import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { Case } from './typed-tools.ts';
import { base, tools } from './typed-tools.ts';

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

  test.each(ofRules)('%s', (_, said, define) => {
    expect(define).toThrow(said);
  });
});
