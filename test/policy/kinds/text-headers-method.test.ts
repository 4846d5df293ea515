import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { headers } from '../../../src/policy/kinds/headers.ts';
import { httpMethod } from '../../../src/policy/kinds/http-method.ts';
import { text } from '../../../src/policy/kinds/text.ts';
import { GARBAGE, canonicalOf } from '../support.ts';

describe('HTTP methods (S2)', () => {
  test.each(['get', 'Get', 'patch', ' GET', 'GET ', 'GET\r\nX: 1', 'TRACE', 'CONNECT', 'OPTIONS', '', 'constructor'])(
    '%j is refused: it is sent otherwise than it is read, or not at all',
    (raw) => expect(canonicalOf(httpMethod, raw)).toMatch(/^refused: /),
  );

  test('fetch shows why: it repairs "get" and sends "patch" as it stands', () => {
    expect(new Request('https://h.example', { method: 'get' }).method).toBe('GET');
    expect(new Request('https://h.example', { method: 'patch' }).method).toBe('patch');
  });

  test.each(GARBAGE.map((value) => [value]))('no string, no method: %p', (value) => {
    expect(canonicalOf(httpMethod, value)).toMatch(/^refused: /);
  });
});

describe('headers (S2, S10)', () => {
  test.each([
    ['overrides the method', { 'X-HTTP-Method-Override': 'DELETE' }],
    ['another path for the server behind', { 'X-Original-URL': '/admin' }],
    ['another host', { Host: 'evil.example' }],
    ['another client address', { 'X-Forwarded-For': '127.0.0.1' }],
    ['a credential', { Authorization: 'Bearer x' }],
    ['a cookie', { Cookie: 'a=b' }],
    ['smuggles a request', { 'Transfer-Encoding': 'chunked' }],
    ['smuggles by length', { 'Content-Length': '0' }],
    ['a line break in a value adds a header', { accept: 'a\r\nAuthorization: x' }],
    ['a line break in a name', { 'accept\r\nx': 'a' }],
    ['not ASCII', { accept: 'é' }],
    ['a space around a value, which clients drop', { accept: ' a' }],
    ['an empty value', { accept: '' }],
    ['one header in two spellings', { accept: 'a', Accept: 'b' }],
    ['the Kelvin sign folds to "k"', { 'idempotency-\u212Aey': 'x' }],
    ['prototype names', { constructor: 'x' }],
    ['a value that is no text', { accept: 1 }],
    ['a value that is too long', { accept: 'a'.repeat(1001) }],
  ])('%s: refused', (_, raw) => {
    expect(canonicalOf(headers, raw)).toMatch(/^refused: /);
  });

  test('names are lower case and sorted, once and again', () => {
    const canonical = { accept: 'text/plain; q=1', 'content-type': 'application/json', 'if-match': '"a"' };
    const raw = { 'If-Match': '"a"', 'Content-Type': 'application/json', ACCEPT: 'text/plain; q=1' };
    expect(JSON.stringify(canonicalOf(headers, raw))).toBe(JSON.stringify(canonical));
    expect(JSON.stringify(canonicalOf(headers, canonical))).toBe(JSON.stringify(canonical));
  });

  test('a __proto__ member never reaches a request', () => {
    const found = canonicalOf(headers, JSON.parse('{"__proto__":"x","accept":"a"}'));
    expect(Object.keys(found)).toEqual(['accept']);
  });

  test.each([[null], ['accept: a'], [[['accept', 'a']]], [3], [undefined]])('no map, no headers: %p', (value) => {
    expect(canonicalOf(headers, value)).toMatch(/^refused: /);
  });
});

describe('text (S2, S11)', () => {
  const subject = text({ maxLength: 20, multiline: false });
  const body = text({ maxLength: 20, multiline: true });

  test.each([
    ['a line break adds a header', 'Hi\r\nBcc: mallory@evil.example'.slice(0, 12)],
    ['a lone line feed', 'a\nb'],
    ['a lone carriage return', 'a\rb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['next line (C1)', 'a\u0085b'],
    ['a tab', 'a\tb'],
    ['NUL', 'a\0b'],
    ['an escape sequence', '\u001b[2K'],
    ['half a character', '\ud800'],
    ['too long', 'a'.repeat(21)],
  ])('one line only: %s is refused', (_, raw) => {
    expect(canonicalOf(subject, raw)).toMatch(/^refused: /);
  });

  test.each([
    ['NUL', 'a\0b'],
    ['backspace', 'safe\b\b\b\bevil'],
    ['an escape sequence', '\u001b[2K'],
    ['half a character', 'a\udc00'],
    ['too long', 'a'.repeat(21)],
  ])('many lines: %s is refused', (_, raw) => {
    expect(canonicalOf(body, raw)).toMatch(/^refused: /);
  });

  test('line ends have one form, once and again; nothing else is changed', () => {
    expect(canonicalOf(body, 'a\r\nb\rc\n\td')).toBe('a\nb\nc\n\td');
    expect(canonicalOf(body, 'a\nb\nc\n\td')).toBe('a\nb\nc\n\td');
    expect(canonicalOf(body, 'e\u0301 \u202Ex')).toBe('e\u0301 \u202Ex');
    expect(canonicalOf(body, '')).toBe('');
  });

  test.each(GARBAGE.map((value) => [value]))('no string, no text: %p', (value) => {
    expect(canonicalOf(body, value)).toMatch(/^refused: /);
  });

  test('the model is told that it is a text, and how long', () => {
    expect(z.toJSONSchema(body.schema, { io: 'input' })).toMatchObject({ type: 'string', maxLength: 20 });
  });
});
