import { describe, expect, test } from '@jest/globals';
import { HEADER_NAMES } from '../../src/policy/kinds/headers.ts';
import { fileWith, problemsOf } from '../policy/support.ts';
import { httpRequest } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

const METHODS: readonly Row<unknown>[] = [
  ['plain', 'GET', 'allow', 'it is what the rule speaks of'],
  ['another', 'DELETE', 'deny', 'not listed'],
  ['another that reads', 'HEAD', 'deny', 'not listed'],
  ['lower case', 'get', 'refused', 'fetch repairs it, servers may not'],
  ['lower case that is sent so', 'patch', 'refused', 'fetch sends it as it is'],
  ['mixed case', 'Get', 'refused', 'one spelling'],
  ['blank after', 'GET ', 'refused', 'one spelling'],
  ['tab in front', '\tGET', 'refused', 'one spelling'],
  ['request smuggling', 'GET /admin HTTP/1.1\r\nX: ', 'refused', 'another request line'],
  ['NUL', 'GET\0', 'refused', 'C ends the text there'],
  ['full-width', '\uFF27\uFF25\uFF34', 'refused', 'no method'],
  ['dotless i', 'OPT\u0131ONS', 'refused', 'upper case makes it "I"'],
  ['tunnel', 'CONNECT', 'refused', 'it opens a connection elsewhere'],
  ['echo', 'TRACE', 'refused', 'it shows what was sent'],
  ['WebDAV', 'MOVE', 'refused', 'not known here'],
  ['prototype name', 'constructor', 'refused', 'no method'],
  ['prototype name, toString', 'toString', 'refused', 'no method'],
  ['list', ['GET'], 'refused', 'no text'],
  ['nothing', '', 'refused', 'no method'],
  ['absent', undefined, 'refused', 'the tool wants one'],
  ['huge', 'GET'.repeat(400_000), 'refused', 'no method'],
];

const members = (text: string): unknown => JSON.parse(text);

/** Sent to an agent that may set `accept` freely and `content-type` to JSON. */
const HEADERS: readonly Row<unknown>[] = [
  ['plain', { 'content-type': 'application/json' }, 'allow', 'it is what the rule speaks of'],
  ['names in upper case', { 'CONTENT-TYPE': 'application/json', Accept: 'x' }, 'allow', 'names have no case'],
  ['none', {}, 'allow', 'none has to be there'],
  ['other value', { 'content-type': 'text/xml' }, 'deny', 'not listed'],
  ['value in upper case', { 'content-type': 'Application/JSON' }, 'deny', 'compared exactly'],
  ['value with a parameter', { 'content-type': 'application/json; charset=utf-7' }, 'deny', 'compared exactly'],
  ['value with another', { 'content-type': 'application/json, text/xml' }, 'deny', 'compared exactly'],
  ['another header', { 'if-match': '"x"' }, 'deny', 'not named by the rule'],
  ['another header besides', { accept: 'x', 'idempotency-key': 'k' }, 'deny', 'not named by the rule'],
  ['method override', { 'x-http-method-override': 'DELETE' }, 'refused', 'servers obey it'],
  ['method override, other name', { 'x-method-override': 'DELETE' }, 'refused', 'servers obey it'],
  ['path override', { 'x-original-url': '/admin' }, 'refused', 'servers obey it'],
  ['path override, other name', { 'x-rewrite-url': '/admin' }, 'refused', 'servers obey it'],
  ['host', { host: 'evil.example' }, 'refused', 'another site'],
  ['forwarded host', { 'x-forwarded-host': 'evil.example' }, 'refused', 'another site'],
  ['client address', { forwarded: 'for=127.0.0.1' }, 'refused', 'servers trust it'],
  ['credential', { authorization: 'Bearer x' }, 'refused', 'never from a model'],
  ['secret', { authorization: 'Bearer {{secret:a}}' }, 'deny', 'not named by the rule'],
  ['secret in another header', { accept: '{{secret:a}}' }, 'refused', 'only headers that authenticate hold one'],
  ['proxy credential', { 'proxy-authorization': 'x' }, 'refused', 'never from a model'],
  ['API key', { 'x-api-key': 'x' }, 'refused', 'never from a model'],
  ['secret to a proxy', { 'proxy-authorization': '{{secret:a}}' }, 'refused', 'not named'],
  ['cookie', { cookie: 'a=b' }, 'refused', 'never from a model'],
  ['smuggling by chunks', { 'transfer-encoding': 'chunked' }, 'refused', 'another request'],
  ['smuggling by length', { 'content-length': '0' }, 'refused', 'another request'],
  ['hop by hop', { connection: 'accept' }, 'refused', 'proxies drop what it names'],
  ['protocol change', { upgrade: 'h2c' }, 'refused', 'another request'],
  ['expectation', { expect: '100-continue' }, 'refused', 'it changes how the body is sent'],
  ['range', { range: 'bytes=0-' }, 'refused', 'not named'],
  ['pseudo header', { ':path': '/admin' }, 'refused', 'another path'],
  ['underscore for hyphen', { content_type: 'text/xml' }, 'refused', 'CGI reads both alike'],
  ['blank in the name', { 'accept ': 'x' }, 'refused', 'parsers disagree'],
  ['colon in the name', { 'accept:': 'x' }, 'refused', 'parsers disagree'],
  ['line end in the name', { 'accept\r\nx': 'y' }, 'refused', 'another header'],
  ['line end in the value', { accept: 'x\r\nauthorization: y' }, 'refused', 'another header'],
  ['line feed alone', { accept: 'x\ny' }, 'refused', 'another header to some'],
  ['carriage return alone', { accept: 'x\ry' }, 'refused', 'another header to some'],
  ['folded line', { accept: 'x\r\n y' }, 'refused', 'parsers disagree'],
  ['NUL', { accept: 'x\0' }, 'refused', 'C ends the text there'],
  ['tab', { accept: 'x\ty' }, 'refused', 'one kind of blank'],
  ['not ASCII', { accept: 'ä' }, 'refused', 'Latin-1 or UTF-8?'],
  ['lone surrogate', { accept: '\ud800' }, 'refused', 'no encoding has it'],
  ['Kelvin sign', { 'idempotency-\u212Aey': 'x' }, 'refused', 'lower case makes it "k"'],
  ['long s', { acceptſ: 'x' }, 'refused', 'upper case makes it "S"'],
  ['twice by case', { accept: 'a', ACCEPT: 'b' }, 'refused', 'which one counts?'],
  ['blank around', { accept: ' x' }, 'refused', 'clients drop it'],
  ['empty', { accept: '' }, 'refused', 'clients drop it'],
  ['prototype name', members('{"constructor":"x"}'), 'refused', 'not named'],
  ['prototype name, toString', members('{"toString":"x"}'), 'refused', 'not named'],
  ['prototype itself', members('{"__proto__":"x","accept":"a"}'), 'allow', 'it is dropped, and never sent'],
  ['list of pairs', [['accept', 'x']], 'refused', 'no map'],
  ['list as value', { accept: ['x', 'y'] }, 'refused', 'no text'],
  ['number as value', { accept: 1 }, 'refused', 'no text'],
  ['text', 'accept: x', 'refused', 'no map'],
  ['long value', { accept: 'x'.repeat(1001) }, 'refused', 'its length is looked at first'],
  ['huge value', { accept: 'x'.repeat(1_000_000) }, 'refused', 'its length is looked at first'],
];

const ruled = (headers: string): string =>
  `{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET], headers: ${headers} } }`;
const anyway = '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET], headers: { any: true } } }';
const methods = policyOf('{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }');
const json = policyOf(
  ruled('{ only: [accept, content-type], values: { content-type: [application/json] } }'),
  '{ id: b, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
);
const noXml = policyOf(
  anyway,
  '{ id: b, tool: http_request, deny: { headers: { values: { content-type: [text/xml], accept: [text/xml] } } } }',
);
const call = (more: object): unknown => ({ url: 'https://h.example/', method: 'GET', ...more });

describe('methods and headers: attacks and what must happen (S2, S3, S10)', () => {
  test.each(titled(METHODS))(`opened to GET: ${TITLE}`, (_attack, must, _why, method) => {
    expect(attempt(methods, httpRequest, call({ method }))).toBe(must);
  });

  test.each(titled(HEADERS))(`opened to JSON: ${TITLE}`, (_attack, must, _why, headers) => {
    expect(attempt(json, httpRequest, call({ headers }))).toBe(must);
  });

  test.each<[string, object, string]>([
    ['plain', { 'content-type': 'text/xml' }, 'deny'],
    ['the other header', { accept: 'text/xml' }, 'deny'],
    ['upper case', { 'content-type': 'TEXT/xml' }, 'deny'],
    ['a parameter', { 'content-type': 'text/xml; charset=utf-8' }, 'deny'],
    ['among others', { accept: 'text/html, text/xml;q=0.9' }, 'deny'],
    ['blanks', { accept: 'text/html  ,  text/xml' }, 'deny'],
    ['another value', { accept: 'text/html' }, 'allow'],
    ['a header besides', { accept: 'text/html', 'content-type': 'text/xml' }, 'deny'],
    ['no such header', { 'if-match': '"text/xml"' }, 'allow'],
  ])('closed to XML: %s', (_, headers, must) => {
    expect(attempt(noXml, httpRequest, call({ headers }))).toBe(must);
  });

  test('more members than any request has are refused before one is looked at', () => {
    let looked = 0;
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`accept${index}`, 'x']));
    const headers = new Proxy(many, {
      get: (target, key) => {
        looked += 1;
        return Reflect.get(target, key) as unknown;
      },
    });
    expect(attempt(json, httpRequest, call({ headers }))).toBe('refused');
    expect(looked).toBeLessThan(HEADER_NAMES.length);
  });

  test.each([
    ['{ values: { content-type: [text/xml] } }', /needs "only"/],
    ['{ only: [accept], values: { acept: [x] } }', /"acept" is no header that a call may set/],
    ['{ only: [accept], values: {} }', /"values" is a map/],
    ['{ only: [accept], values: [x] }', /"values" is a map/],
    ['{ only: [accept], values: { accept: [] } }', /the list is empty/],
    ['{ only: [Accept] }', /known: accept/],
    ['{ only: [cookie] }', /known: accept/],
  ])('a rule that could not mean what it says does not load: %s', (headers, message) => {
    expect(problemsOf(fileWith([ruled(headers)])).join('\n')).toMatch(message);
  });
});
