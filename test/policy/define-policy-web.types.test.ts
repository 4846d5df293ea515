/** What the compiler refuses in the rules of `definePolicy` about web calls, and the loader for the same reason. */
import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../../src/policy/define-policy.ts';
import type { Case } from './typed-tools.ts';
import { base, tools } from './typed-tools.ts';

describe('what the compiler refuses', () => {
  const ofWebCalls: readonly Case[] = [
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
  ];

  test.each(ofWebCalls)('%s', (_, said, define) => {
    expect(define).toThrow(said);
  });
});
