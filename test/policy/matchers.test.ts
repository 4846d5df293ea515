import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { matchesGlob } from '../../src/policy/matchers/glob.ts';
import { deleteFiles, httpRequest, readFile, sendEmail } from './shapes.ts';
import { decide, fileWith, load, problemsOf } from './support.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';

function kindOf(tool: ToolShape, rules: readonly string[], args: JsonObject): string {
  return decide(load(fileWith(rules)), tool, args).kind;
}

describe('globs', () => {
  test.each([
    ['notes/*', 'notes/a.md', true],
    ['notes/*', 'notes/a/b.md', false],
    ['notes/**', 'notes/a/b.md', true],
    ['notes/**', 'notes', true],
    ['notes/**', 'notes-old/a', false],
    ['**/.env*', '.env', true],
    ['**/.env*', 'a/b/.env.local', true],
    ['**/.env*', 'a/.env/key', false],
    ['**/.env*/**', 'a/.env/key', true],
    ['**/a/**/b', 'x/a/y/z/b', true],
    ['**/a/**/b', 'a/b', true],
    ['*.md', 'a.md', true],
    ['*.md', 'a/b.md', false],
    ['?.md', 'é.md', true],
    ['?.md', '😀.md', true],
    ['?.md', '.md', false],
    ['a?c', 'a/c', false],
    ['a.c', 'abc', false],
    ['(a+)+$', 'aaaa', false],
    ['[ab]', 'a', false],
    ['**', '.', true],
    ['*', '.', false],
    ['notes/*', 'Notes/a', false],
  ])('%s and %s: %s', (glob, path, matches) => {
    expect(matchesGlob(glob, path)).toBe(matches);
  });

  test('the worst glob takes time in proportion, where a regular expression would take for ever', () => {
    const started = performance.now();
    expect(matchesGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(255))).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(300)}b`, Array.from({ length: 500 }, () => 'a').join('/'))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('paths in rules', () => {
  test.each([
    ['{ under: notes }', 'notes/a', 'allow'],
    ['{ under: notes }', 'notes', 'allow'],
    ['{ under: notes }', 'notes_evil/a', 'deny'],
    ['{ under: notes/ }', 'notes/a', 'allow'],
    ['{ under: . }', 'x', 'allow'],
    ['{ is: [notes/a, notes/b] }', 'notes/b', 'allow'],
    ['{ is: notes/a }', 'notes/a/b', 'deny'],
    ['{ extension: md }', 'notes/a.md', 'allow'],
    ['{ extension: md }', 'notes/amd', 'deny'],
    ['{ extension: env }', 'notes/.env', 'deny'],
    ['{ under: notes, extension: md }', 'notes/a.txt', 'deny'],
    ['{ under: notes, extension: md }', 'drafts/a.md', 'deny'],
    ['{ anyOf: [{ under: a }, { is: b }] }', 'b', 'allow'],
    ['{ anyOf: [{ under: a }, { is: b }], extension: md }', 'b', 'deny'],
  ])('%s and %s: %s', (matcher, path, kind) => {
    expect(kindOf(readFile, [`{ id: a, tool: read_file, allow: { path: ${matcher} } }`], { path })).toBe(kind);
  });
});

describe('S11: a path in a rule that seems to be another is refused, for it would match nothing that was meant', () => {
  test.each([' ', '\\u00a0', '\\u3164', '\\u2800', '\\u115f', '\\u034f', '\\u2003', '\\ufe0f'])('with %s', (blank) => {
    for (const path of [`secret${blank}`, `${blank}secret`, `notes${blank}/secret`, `notes/${blank}secret/a`])
      for (const key of ['under', 'is', 'glob']) {
        const rule = `{ id: d, tool: read_file, deny: { path: { ${key}: "${path}" } } }`;
        expect(problemsOf(fileWith([rule])).join()).toContain('begins or ends with a blank, or with what nobody sees');
      }
    expect(problemsOf(fileWith([`{ id: d, tool: read_file, deny: { path: { under: "se${blank}cret" } } }`]))).toEqual(
      [],
    );
  });
});

describe('addresses in rules', () => {
  test.each([
    ['{ domain: [example.com] }', 'bob@example.com', 'ask'],
    ['{ domain: [EXAMPLE.com] }', 'bob@example.com', 'ask'],
    ['{ domain: [example.com] }', 'bob@example.com.evil.example', 'deny'],
    ['{ domain: [example.com] }', 'bob@evilexample.com', 'deny'],
    ['{ domain: [example.com] }', 'bob@mail.example.com', 'deny'],
    ['{ subdomainOf: example.com }', 'bob@mail.example.com', 'ask'],
    ['{ subdomainOf: example.com }', 'bob@example.com', 'deny'],
    ['{ subdomainOf: example.com }', 'bob@evilexample.com', 'deny'],
    ['{ oneOf: [Alice@partner.example] }', 'alice@partner.example', 'ask'],
    ['{ oneOf: [alice@partner.example] }', 'malice@partner.example', 'deny'],
    ['{ oneOf: [alice@partner.example], domain: [example.com] }', 'alice@partner.example', 'deny'],
  ])('%s and %s: %s', (matcher, address, kind) => {
    const rule = `{ id: a, tool: send_email, ask: { to: { every: ${matcher} } } }`;
    expect(kindOf(sendEmail, [rule], { to: [address] })).toBe(kind);
  });
});

describe('lists in rules', () => {
  const known = 'every: { domain: [example.com] }';

  test.each([
    [`{ ${known} }`, ['a@example.com', 'b@example.com'], 'ask'],
    [`{ ${known} }`, ['a@example.com', 'b@evil.example'], 'deny'],
    [`{ ${known} }`, [], 'deny'],
    [`{ ${known}, max: 1 }`, ['a@example.com'], 'ask'],
    [`{ ${known}, max: 1 }`, ['a@example.com', 'b@example.com'], 'deny'],
    [`{ ${known}, some: { oneOf: [a@example.com] } }`, ['b@example.com'], 'deny'],
    [`{ ${known}, some: { oneOf: [a@example.com] } }`, ['b@example.com', 'a@example.com'], 'ask'],
    [`{ ${known} }`, 'a@example.com', 'deny'],
  ])('%s and %j: %s', (matcher, to, kind) => {
    expect(kindOf(sendEmail, [`{ id: a, tool: send_email, ask: { to: ${matcher} } }`], { to })).toBe(kind);
  });

  test('S2: "every" of no elements is true in JavaScript, and must not be in a rule', () => {
    expect([].every(() => false)).toBe(true);
    const rule = '{ id: a, tool: delete_files, allow: { paths: { every: { under: drafts } } } }';
    expect(kindOf(deleteFiles, [rule], { paths: [] })).toBe('deny');
  });
});

describe('URLs in rules', () => {
  const at = (rest: string): string => `{ origin: "https://h.example", ${rest} }`;

  test.each([
    [at('path: [/a]'), 'https://h.example/a', 'allow'],
    [at('path: [/a]'), 'https://h.example/a/', 'deny'],
    [at('path: [/a]'), 'https://h.example/a?b', 'deny'],
    [at('path: [/a], query: any'), 'https://h.example/a?b', 'allow'],
    [at('path: [/a]'), 'https://h.example:8443/a', 'deny'],
    [at('path: [/a]'), 'http://h.example/a', 'deny'],
    [at('path: [/a]'), 'https://h.example.evil.example/a', 'deny'],
    [at('path: [/A]'), 'https://h.example/a', 'deny'],
    [at('path: [/a/*]'), 'https://h.example/a/b', 'allow'],
    [at('path: [/a/*]'), 'https://h.example/a/b/c', 'deny'],
    [at('path: [/a/**]'), 'https://h.example/a/b/c', 'allow'],
    [at('path: [/caf%c3%a9]'), 'https://h.example/caf%C3%A9', 'allow'],
    ['{ any: true }', 'https://anywhere.example/x?y', 'allow'],
    [`{ anyOf: [${at('path: [/a]')}, ${at('path: [/b], query: any')}] }`, 'https://h.example/b?c', 'allow'],
    [`{ anyOf: [${at('path: [/a]')}, ${at('path: [/b], query: any')}] }`, 'https://h.example/a?c', 'deny'],
  ])('%s and %s: %s', (matcher, url, kind) => {
    const rule = `{ id: a, tool: http_request, allow: { url: ${matcher}, method: [GET] } }`;
    expect(kindOf(httpRequest, [rule], { url, method: 'GET' })).toBe(kind);
  });
});

describe('S3: a denial is not evaded by adding to the arguments', () => {
  const open = '{ id: open, tool: http_request, allow: { url: { any: true }, method: [GET], body: { any: true } } }';
  const bare = '{ id: bare, tool: http_request, allow: { url: { any: true }, method: [GET] } }';
  const admin = '{ origin: "https://h.example", path: [/admin] }';

  test.each([
    ['a query', 'https://h.example/admin?x=1'],
    ['nothing', 'https://h.example/admin'],
  ])('with %s', (_, url) => {
    const args = { url, method: 'GET' };
    expect(kindOf(httpRequest, [bare], args)).toBe('allow');
    expect(kindOf(httpRequest, [bare, `{ id: no, tool: http_request, deny: { url: ${admin} } }`], args)).toBe('deny');
    const except = `${bare.slice(0, -2)}, except: { url: ${admin} } }`;
    expect(kindOf(httpRequest, [except], args)).toBe('deny');
  });

  test('with an argument that the denial does not mention', () => {
    const args = { url: 'https://h.example/admin', method: 'GET', body: 'x' };
    expect(kindOf(httpRequest, [open], args)).toBe('allow');
    expect(kindOf(httpRequest, [open, `{ id: no, tool: http_request, deny: { url: ${admin} } }`], args)).toBe('deny');
  });

  test('a denial may name an origin alone', () => {
    const deny = '{ id: no, tool: http_request, deny: { url: { origin: "https://h.example" } } }';
    expect(kindOf(httpRequest, [bare, deny], { url: 'https://h.example/x?y', method: 'GET' })).toBe('deny');
    expect(kindOf(httpRequest, [bare, deny], { url: 'https://g.example/x?y', method: 'GET' })).toBe('allow');
  });

  test('what a denial excepts is as narrow as an allow', () => {
    const deny = `{ id: no, tool: http_request, deny: { url: { origin: "https://h.example" } }, except: { url: ${admin} } }`;
    expect(kindOf(httpRequest, [bare, deny], { url: 'https://h.example/admin', method: 'GET' })).toBe('allow');
    expect(kindOf(httpRequest, [bare, deny], { url: 'https://h.example/admin?x', method: 'GET' })).toBe('deny');
  });
});

describe('text, methods and headers in rules', () => {
  test.each<[string, JsonObject, string]>([
    ['body: { maxLength: 3 }', { body: 'abc' }, 'ask'],
    ['body: { maxLength: 3 }', { body: 'abcd' }, 'deny'],
    ['subject: { oneOf: [Hi] }', { subject: 'Hi' }, 'ask'],
    ['subject: { oneOf: [Hi] }', { subject: 'hi' }, 'deny'],
    ['subject: { contains: [a, b] }', { subject: 'xbx' }, 'ask'],
    ['subject: { contains: [a, b] }', {}, 'deny'],
  ])('%s and %j: %s', (matcher, args, kind) => {
    const rule = `{ id: a, tool: send_email, ask: { to: { every: { any: true } }, ${matcher} } }`;
    expect(kindOf(sendEmail, [rule], { to: ['a@e.example'], ...args })).toBe(kind);
  });

  test.each<[string, JsonObject, string]>([
    ['method: [GET, HEAD]', { method: 'HEAD' }, 'allow'],
    ['method: { oneOf: [GET] }', { method: 'HEAD' }, 'deny'],
    ['method: GET', { method: 'GET' }, 'allow'],
    ['method: GET', { method: 'HEAD' }, 'deny'],
    ['method: { anyOf: [GET, HEAD] }', { method: 'HEAD' }, 'allow'],
    ['method: [GET], headers: { only: [accept] }', { method: 'GET', headers: { accept: 'a' } }, 'allow'],
    ['method: [GET], headers: { only: [accept] }', { method: 'GET', headers: { 'if-match': 'a' } }, 'deny'],
    ['method: [GET]', { method: 'GET', headers: { accept: 'a' } }, 'deny'],
    ['method: [GET]', { method: 'GET', headers: {} }, 'allow'],
  ])('%s and %j: %s', (matchers, args, kind) => {
    const rule = `{ id: a, tool: http_request, allow: { url: { any: true }, ${matchers} } }`;
    expect(kindOf(httpRequest, [rule], { url: 'https://h.example/', ...args })).toBe(kind);
  });
});
