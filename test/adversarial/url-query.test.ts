import { describe, expect, test } from '@jest/globals';
import { problemsOf, fileWith } from '../policy/support.ts';
import { httpRequest } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const AT = 'origin: "https://h.example", path: [/s]';
const opening = (query: string): string =>
  `{ id: a, tool: http_request, allow: { url: { ${AT}, query: ${query} }, method: [GET] } }`;
const closing = (query: string): string[] => [
  '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
  `{ id: b, tool: http_request, deny: { url: { query: ${query} } } }`,
];

/** Sent to an agent that may search: any `q`, and metric or imperial units. */
const ONLY: readonly Row[] = [
  ['plain', '?q=cats', 'allow', 'it is what the rule speaks of'],
  ['none', '', 'allow', 'no parameter has to be there'],
  ['both', '?units=metric&q=cats', 'allow', 'in any order'],
  ['no value', '?q', 'allow', 'any value, also none'],
  ['name escaped', '?%71=cats', 'allow', 'every server decodes a name once'],
  ['value escaped', '?units=m%65tric', 'allow', 'values are compared decoded'],
  ['plus', '?q=a+b%20c', 'allow', 'any value'],
  ['other name', '?token=x', 'deny', 'not named'],
  ['other name besides', '?q=cats&token=x', 'deny', 'not named'],
  ['other value', '?units=kelvin', 'deny', 'not listed'],
  ['value in upper case', '?units=METRIC', 'deny', 'compared exactly'],
  ['value with a blank', '?units=metric%20', 'deny', 'compared exactly'],
  ['value escaped twice', '?units=m%2565tric', 'deny', 'decoded once'],
  ['name in upper case', '?Q=cats', 'deny', 'compared exactly'],
  ['twice', '?q=cats&q=dogs', 'deny', 'servers take the first, the last or both'],
  ['twice, one escaped', '?q=cats&%71=dogs', 'deny', 'servers take the first, the last or both'],
  ['twice, bare', '?q&q', 'deny', 'servers take the first, the last or both'],
  ['semicolon', '?q=cats;token=x', 'deny', 'a separator to some'],
  ['semicolon escaped', '?q=cats%3Btoken=x', 'allow', 'a value to all who decode after cutting'],
  ['separator escaped', '?q=cats%26token=x', 'allow', 'a value to all who decode after cutting'],
  ['name with "&"', '?q%26token=x', 'deny', 'a name with separators'],
  ['name with "="', '?q%3Dx=y', 'deny', 'a name with separators'],
  ['name with NUL', '?q%00=x', 'deny', 'C ends the text there'],
  ['value with NUL', '?q=x%00y', 'deny', 'C ends the text there'],
  ['value with a line end', '?q=x%0d%0ay', 'deny', 'it may reach a header'],
  ['value with C1', '?q=x%C2%85', 'deny', 'a control character'],
  ['empty name', '?=x', 'deny', 'ambiguous'],
  ['empty piece', '?q=x&', 'deny', 'ambiguous'],
  ['empty pieces', '?q=x&&units=metric', 'deny', 'ambiguous'],
  ['no escape', '?q=%zz', 'deny', 'ambiguous'],
  ['half an escape', '?q=%4', 'deny', 'ambiguous'],
  ['no UTF-8', '?q=%ff', 'deny', 'ambiguous'],
  ['overlong', '?q=%c0%a6token=x', 'deny', 'no UTF-8, "&" to some'],
  ['surrogate in UTF-8', '?q=%ed%a0%80', 'deny', 'no UTF-8'],
  ['IIS escape', '?q=%u0026token=x', 'deny', 'no escape'],
  ['list', '?q[]=x', 'deny', 'another name'],
  ['map', '?q[a]=x', 'deny', 'another name'],
  ['blank name', '?+q=x', 'deny', 'PHP trims it'],
  ['question mark', '??q=x', 'deny', 'another name'],
  ['full-width name', '?%EF%BD%91=x', 'deny', 'another name'],
  ['zero width in a name', '?q%E2%80%8B=x', 'deny', 'another name'],
  ['prototype name', '?__proto__=x', 'deny', 'not named'],
  ['prototype name, constructor', '?constructor=x', 'deny', 'not named'],
  ['prototype value', '?units=toString', 'deny', 'not listed'],
  ['many', `?${'a&'.repeat(900)}q`, 'deny', 'bounded by the length of a URL'],
];

/** Sent to an agent that may GET everything but with a `token` or an `api_key`. */
const HAS: readonly Row[] = [
  ['plain', '?token=x', 'deny', 'it is what the denial speaks of'],
  ['not the first', '?q=1&token=x', 'deny', 'anywhere'],
  ['no value', '?token', 'deny', 'a parameter without a value'],
  ['escaped', '?%74oken=x', 'deny', 'every server decodes a name'],
  ['escaped whole', '?%74%6f%6b%65%6e=x', 'deny', 'every server decodes a name'],
  ['escaped twice', '?%2574oken=x', 'deny', 'a proxy before the server decodes too'],
  ['semicolon', '?q=1;token=x', 'deny', 'a separator to some'],
  ['semicolon escaped', '?q=1%3Btoken=x', 'deny', 'cut after decoding by some'],
  ['separator escaped', '?q=1%26token=x', 'deny', 'cut after decoding by some'],
  ['separator escaped twice', '?q=1%2526token%253Dx', 'deny', 'cut after decoding by some'],
  ['equals sign escaped', '?token%3Dx', 'deny', 'cut after decoding by some'],
  ['second question mark', '?q=1?token=x', 'deny', 'a separator to some'],
  ['within another URL', '?to=https%3A%2F%2Fh.example%2F%3Ftoken%3Dx', 'deny', 'wider than needed, and safe'],
  ['list', '?token[]=x', 'deny', 'the server sees a list of that name'],
  ['list escaped', '?token%5B%5D=x', 'deny', 'the server sees a list of that name'],
  ['map', '?token[a][b]=x', 'deny', 'the server sees a map of that name'],
  ['list not closed', '?token[=x', 'deny', 'PHP reads token_, others token'],
  ['in brackets', '?[token]=x', 'deny', 'the "qs" of Express takes them off'],
  ['in brackets, escaped', '?%5Btoken%5D=x', 'deny', 'the "qs" of Express takes them off'],
  ['in brackets, a map', '?[token][a]=x', 'deny', 'the "qs" of Express takes them off'],
  ['in brackets, a list', '?[token][]=x', 'deny', 'the "qs" of Express takes them off'],
  ['a bracket in front', '?]token=x', 'deny', 'wider than needed, and safe'],
  ['in brackets, with a dot', '?[api.key]=x', 'deny', 'both at once'],
  ['in quotes', '?%22token%22=x', 'deny', 'some take them off'],
  ['full-width', '?%EF%BD%94oken=x', 'deny', 'best-fit mappings exist'],
  ['full-width, escaped twice', '?%25EF%25BD%2594oken=x', 'deny', 'both at once'],
  ['full-width "="', '?token%EF%BC%9Dx', 'deny', 'best-fit mappings exist'],
  ['full-width "&"', '?q=1%EF%BC%86token=x', 'deny', 'best-fit mappings exist'],
  ['zero width', '?to%E2%80%8Bken=x', 'deny', 'nobody sees it, and some leave it out'],
  ['soft hyphen', '?%C2%ADtoken=x', 'deny', 'nobody sees it, and some leave it out'],
  ['no-break blank after', '?token%C2%A0=x', 'deny', 'some trim it'],
  ['blank in front', '?+token=x', 'deny', 'PHP trims it'],
  ['blank after', '?token%20=x', 'deny', 'some trim it'],
  ['dot for underscore', '?api.key=x', 'deny', 'PHP makes it api_key'],
  ['blank for underscore', '?api+key=x', 'deny', 'PHP makes it api_key'],
  ['bracket for underscore', '?api[key=x', 'deny', 'PHP makes it api_key'],
  ['NUL after', '?token%00=x', 'deny', 'C ends the text there'],
  ['overlong', '?%c1%b4oken=x', 'deny', 'a name that cannot be read'],
  ['IIS escape', '?%u0074oken=x', 'deny', 'a name that cannot be read'],
  ['half an escape', '?tok%en=x', 'deny', 'a name that cannot be read'],
  ['escaped six times', '?%252525252574oken=x', 'deny', 'a name that cannot be read'],
  ['upper case', '?TOKEN=x', 'allow', 'case differs, and the docs say so'],
  ['value', '?q=token', 'allow', 'a value is no name'],
  ['longer name', '?tokens=x', 'allow', 'the denial is not wider than it says'],
  ['within a map', '?a[token]=x', 'allow', 'a member of "a"'],
  ['no query', '', 'allow', 'the denial is not wider than it says'],
  ['prototype name', '?__proto__=x', 'allow', 'the denial is not wider than it says'],
];

const units = policyOf(opening('{ only: { q: any, units: [metric, imperial] } }'));
const tokens = policyOf(...closing('{ has: [token, api_key] }'));
const get = (policy: ReturnType<typeof policyOf>, query: string): string =>
  attempt(policy, httpRequest, { url: `https://h.example/s${query}`, method: 'GET' });

describe('queries: attacks and what must happen (S2, S3)', () => {
  test.each(titled(ONLY))(`opened to two parameters: ${TITLE}`, (_attack, must, _why, query) => {
    expect(get(units, query)).toBe(must);
  });

  test.each(titled(HAS))(`closed to two parameters: ${TITLE}`, (_attack, must, _why, query) => {
    expect(get(tokens, query)).toBe(must);
  });

  test.each([
    ['?q=1', 'deny'],
    ['?q=1&q=2', 'deny'],
    ['?q=1;x', 'deny'],
    ['?q=%ff', 'deny'],
    ['', 'deny'],
    ['?x=1', 'allow'],
  ])('a denial of queries that have only "q" takes what cannot be read as such: %s is %s', (query, must) => {
    expect(get(policyOf(...closing('{ only: [q] }')), query)).toBe(must);
  });

  test('both keys must hold', () => {
    const policy = policyOf(opening('{ only: [q, page], has: q }'));
    expect([get(policy, '?q=1'), get(policy, '?q=1&page=2'), get(policy, '?page=2'), get(policy, '')]).toEqual([
      'allow',
      'allow',
      'deny',
      'deny',
    ]);
  });

  test('a query is never matched because the path holds one', () => {
    expect(get(units, '%3Fq=cats')).toBe('deny');
  });

  test.each([
    ['{ has: [q] }', /"has" opens only with "only" beside it/],
    ['{}', /"none", "any" or a map/],
    ['some', /"none", "any" or a map/],
    ['true', /"none", "any" or a map/],
    ['[q]', /"none", "any" or a map/],
    ['{ only: [] }', /the list is empty/],
    ['{ only: {} }', /say query: none/],
    ['{ only: { q: [] } }', /the list is empty/],
    ['{ only: { q: 5 } }', /put it in quotes/],
    ['{ only: ["a b"] }', /a parameter is named by letters/],
    ['{ only: ["q%20"] }', /a parameter is named by letters/],
    ['{ only: ["a&b"] }', /a parameter is named by letters/],
    ['{ only: { "a=b": any } }', /a parameter is named by letters/],
    ['{ onyl: [q] }', /did you mean "only"/],
    ['{ only: [q], hsa: [q] }', /"query" has no "hsa"/],
  ])('a rule that could not mean what it says does not load: %s', (query, message) => {
    expect(problemsOf(fileWith([opening(query)])).join('\n')).toMatch(message);
  });
});
