/** What the compiler refuses in `definePolicy` of profiles, limits, flows and tests, and the loader for the same reason. */
import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { Case } from './typed-tools.ts';
import { base, tools } from './typed-tools.ts';

describe('what the compiler refuses', () => {
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

  test.each([...ofProfiles, ...ofTheRest])('%s', (_, said, define) => {
    expect(define).toThrow(said);
  });
});
