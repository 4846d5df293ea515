import { describe, expect, test } from '@jest/globals';
import { fileWith, problemsOf } from '../policy/support.ts';
import { lintsOf } from '../policy/lints-support.ts';
import { httpRequest } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

/** Sent to an agent that may GET https://api.example/** with the secret `weather`, and anything with plain headers. */
const HEADERS: readonly Row<unknown>[] = [
  ['the secret', { authorization: 'Bearer {{secret:weather}}' }, 'allow', 'the rule names it'],
  ['name in upper case', { Authorization: 'Bearer {{secret:weather}}' }, 'allow', 'names have no case'],
  ['without its scheme', { authorization: '{{secret:weather}}' }, 'deny', 'compared exactly'],
  ['another scheme', { authorization: 'Basic {{secret:weather}}' }, 'deny', 'compared exactly'],
  ['scheme in lower case', { authorization: 'bearer {{secret:weather}}' }, 'deny', 'compared exactly'],
  ['another secret', { authorization: 'Bearer {{secret:bank}}' }, 'deny', 'not named'],
  ['another header', { 'x-api-key': '{{secret:weather}}' }, 'deny', 'not named'],
  [
    'a second header',
    { authorization: 'Bearer {{secret:weather}}', 'api-key': '{{secret:bank}}' },
    'deny',
    'not named',
  ],
  ['a literal', { authorization: 'Bearer abcdefgh' }, 'refused', 'a credential never comes from a model'],
  ['a literal beside', { authorization: 'Bearer {{secret:weather}} abc' }, 'refused', 'exactly one placeholder'],
  ['a literal before', { authorization: 'Bearer abc{{secret:weather}}' }, 'refused', 'exactly one placeholder'],
  ['two secrets', { authorization: '{{secret:weather}}{{secret:bank}}' }, 'refused', 'exactly one placeholder'],
  ['a list', { authorization: 'Bearer {{secret:weather}}, Basic x' }, 'refused', 'exactly one placeholder'],
  ['two schemes', { authorization: 'Bearer Basic {{secret:weather}}' }, 'refused', 'one scheme word'],
  ['two blanks', { authorization: 'Bearer  {{secret:weather}}' }, 'refused', 'one spelling'],
  ['blanks within', { authorization: 'Bearer {{ secret:weather }}' }, 'refused', 'one spelling'],
  ['upper case', { authorization: 'Bearer {{SECRET:weather}}' }, 'refused', 'one spelling'],
  ['name in upper case', { authorization: 'Bearer {{secret:Weather}}' }, 'refused', 'one spelling'],
  ['no name', { authorization: 'Bearer {{secret:}}' }, 'refused', 'no name'],
  ['a path', { authorization: 'Bearer {{secret:../../etc/passwd}}' }, 'refused', 'no name'],
  ['a dot name', { authorization: 'Bearer {{secret:..}}' }, 'refused', 'no name'],
  ['a long name', { authorization: `Bearer {{secret:${'a'.repeat(65)}}}` }, 'refused', 'no name'],
  ['one brace', { authorization: 'Bearer {secret:weather}' }, 'refused', 'no placeholder'],
  ['nested', { authorization: 'Bearer {{secret:{{secret:weather}}}}' }, 'refused', 'no placeholder'],
  ['in accept', { accept: '{{secret:weather}}' }, 'refused', 'logged and cached by servers'],
  ['within accept', { accept: 'a/b; x={{secret:weather}}' }, 'refused', 'logged and cached by servers'],
  ['in accept, with blanks', { accept: '{{ Secret : weather }}' }, 'refused', 'whatever looks like one'],
  ['in if-match', { 'if-match': '"{{secret:weather}}"' }, 'refused', 'logged and cached by servers'],
  ['line end', { authorization: 'Bearer {{secret:weather}}\r\nx: y' }, 'refused', 'another header'],
];

const RULE = `{ id: a, tool: http_request, allow: { url: { origin: "https://api.example", path: ["/**"] }, method: [GET], headers: { only: [authorization], values: { authorization: "Bearer {{secret:weather}}" } } } }`;
const policy = policyOf(RULE);
const call = (headers: unknown, url = 'https://api.example/x'): unknown => ({ url, method: 'GET', headers });

describe('secrets in calls: attacks and what must happen (S2, S10)', () => {
  test.each(titled(HEADERS))(`opened to one secret: ${TITLE}`, (_attack, must, _why, headers) => {
    expect(attempt(policy, httpRequest, call(headers))).toBe(must);
  });

  test.each([
    ['https://api.example.evil.example/x', 'deny'],
    ['http://api.example/x', 'deny'],
    ['https://api.example:8443/x', 'deny'],
    ['https://evil.example/x', 'deny'],
    ['https://api.example/x?key={{secret:weather}}', 'refused'],
    ['https://api.example/{{secret:weather}}', 'refused'],
    ['https://api.example/x?key={{%20secret:weather}}', 'deny'],
  ])('the secret of one origin, sent to %s: %s', (url, must) => {
    expect(attempt(policy, httpRequest, call({ authorization: 'Bearer {{secret:weather}}' }, url))).toBe(must);
  });

  test('"any" opens every header but those that authenticate, in an alternative too', () => {
    for (const headers of ['{ any: true }', '{ anyOf: [{ any: true }] }']) {
      const any = policyOf(
        `{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET], headers: ${headers} } }`,
      );
      expect(attempt(any, httpRequest, call({ accept: 'x' }))).toBe('allow');
      expect(attempt(any, httpRequest, call({ authorization: 'Bearer {{secret:weather}}' }))).toBe('deny');
    }
  });

  test.each([
    ['{ values: { authorization: "{{secret:weather}}" } }', 'deny'],
    ['{ values: { authorization: "Bearer {{secret:weather}}" } }', 'deny'],
    ['{ values: { authorization: "bearer {{secret:weather}}" } }', 'deny'],
    ['{ values: { authorization: "{{secret:bank}}" } }', 'allow'],
  ])('a denial of headers %s: %s; a secret is the same whatever scheme stands before it', (denied, must) => {
    const both = policyOf(RULE, `{ id: b, tool: http_request, deny: { headers: ${denied} } }`);
    expect(attempt(both, httpRequest, call({ authorization: 'Bearer {{secret:weather}}' }))).toBe(must);
  });

  test.each(['{ any: true }', '{ only: [authorization] }'])(
    'a denial of headers %s is seen to undo the rule',
    (denied) => {
      const both = fileWith([RULE, `{ id: b, tool: http_request, deny: { headers: ${denied} } }`]);
      expect(lintsOf(both).join('\n')).toMatch(/the allow of "a" never takes effect/);
    },
  );

  test('an ask about any headers stops a call with a secret that an allow would let through', () => {
    const ask =
      '{ id: b, tool: http_request, ask: { url: { any: true }, method: [GET], headers: { any: true } }, approval: { by: [owner] } }';
    expect(attempt(policyOf(RULE, ask), httpRequest, call({ authorization: 'Bearer {{secret:weather}}' }))).not.toBe(
      'allow',
    );
  });
});

const ruled = (headers: string, url = '{ origin: "https://api.example", path: ["/**"] }'): string =>
  `{ id: a, tool: http_request, allow: { url: ${url}, method: [GET], headers: ${headers} } }`;
const BOUND = '{ only: [authorization], values: { authorization: "{{secret:weather}}" } }';

describe('rules about secrets that could not be meant do not load (S10)', () => {
  test.each([
    ['{ only: [authorization] }', /lets "authorization" be set and does not say to which secret \(add values:/],
    ['{ only: x-api-key, values: { accept: [a] } }', /lets "x-api-key" be set/],
    ['{ anyOf: [{ only: [accept] }, { only: [api-key] }] }', /lets "api-key" be set/],
    ['{ only: [authorization], values: { authorization: "Bearer abc" } }', /write \{\{secret:name\}\}/],
    ['{ only: [authorization], values: { authorization: "{{secret:Weather}}" } }', /write \{\{secret:name\}\}/],
    ['{ only: [authorization], values: { authorization: "{{secret:a}} b" } }', /write \{\{secret:name\}\}/],
    ['{ only: [authorization], values: { authorization: [] } }', /the list is empty/],
    ['{ only: [accept], values: { accept: "{{secret:a}}" } }', /never holds a secret/],
    ['{ only: [cookie] }', /known: accept/],
  ])('%s', (headers, message) => {
    expect(problemsOf(fileWith([ruled(headers)])).join('\n')).toMatch(message);
  });

  test.each(['{ any: true }', '{ anyOf: [{ origin: "https://api.example", path: /a }, { any: true }] }'])(
    'a secret with the URL %s could be sent anywhere',
    (url) => {
      for (const headers of [BOUND, `{ anyOf: [{ only: accept }, ${BOUND}] }`])
        expect(problemsOf(fileWith([ruled(headers, url)])).join('\n')).toMatch(/"any" sends it anywhere/);
      expect(problemsOf(fileWith([ruled('{ only: accept }', url)]))).toEqual([]);
    },
  );

  test('an exception of a denial opens: it names the secret too', () => {
    const denial = (headers: string): string =>
      fileWith([`{ id: a, tool: http_request, deny: {}, except: { headers: ${headers} } }`]);
    expect(problemsOf(denial('{ only: [authorization] }')).join('\n')).toMatch(/does not say to which secret/);
    expect(problemsOf(denial(BOUND))).toEqual([]);
  });

  test('no lint takes a rule with a secret for one that "any" has said already', () => {
    const rules = [ruled('{ any: true }').replace('id: a', 'id: plain'), ruled(BOUND)];
    expect(lintsOf(fileWith(rules))).toEqual([]);
  });

  test('a credential that stands in a rule is not repeated in what is told of it', () => {
    const told = problemsOf(
      fileWith([ruled('{ only: [authorization], values: { authorization: "Bearer hunter2hunter2" } }')]),
    );
    expect(told.join('\n')).not.toContain('hunter2');
    expect(told).not.toEqual([]);
  });
});
