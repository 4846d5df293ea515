/** S3: the exception of an ask takes out no copy and no body that neither it nor the ask speaks of. */
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { httpRequest, sendEmail } from './shapes.ts';
import { decide, fileWith, load } from './support.ts';

const COPIES = 'cc: { optional: true, every: { any: true } }, bcc: { optional: true, every: { any: true } }';
const ALLOW = `{ id: all, tool: send_email, allow: { to: { every: { any: true } }, ${COPIES} } }`;
const INSIDE = '{ every: { domain: corp.example } }';
const asking = (except: string, more = ''): string =>
  `{ id: outside, tool: send_email, ask: { to: { every: { any: true } }${more} }, except: ${except} }`;
const to = ['a@corp.example'];
const evil = ['x@evil.example'];

describe('a mail that an exception takes out', () => {
  const kindOf = (ask: string, args: JsonObject): string => decide(load(fileWith([ALLOW, ask])), sendEmail, args).kind;

  test.each<[string, JsonObject, string]>([
    ['as it says', { to }, 'allow'],
    ['with what is free', { to, subject: 's', body: 'b' }, 'allow'],
    ['a copy more', { to, cc: evil }, 'ask'],
    ['a hidden copy more', { to, bcc: evil }, 'ask'],
    ['html, which is free', { to, html: true }, 'allow'],
  ])('%s', (_, args, kind) => {
    expect(kindOf(asking(`{ to: ${INSIDE} }`), args)).toBe(kind);
  });

  test('the exception may speak of the copy, or the ask', () => {
    const both = asking(`[{ to: ${INSIDE} }, { to: ${INSIDE}, cc: ${INSIDE} }]`);
    expect([kindOf(both, { to, cc: to }), kindOf(both, { to, cc: evil })]).toEqual(['allow', 'ask']);
    const named = asking(`{ to: ${INSIDE} }`, ', cc: { optional: true, every: { any: true } }');
    expect([kindOf(named, { to, cc: evil }), kindOf(named, { to, bcc: evil })]).toEqual(['allow', 'ask']);
  });
});

test('a body more is asked about', () => {
  const site =
    "{ id: site, tool: http_request, allow: { url: { origin: https://h.example, path: '/**', query: any }, method: [GET, POST], body: { optional: true, any: true } } }";
  const ask =
    "{ id: asks, tool: http_request, ask: { method: [GET, POST] }, except: { url: { origin: https://h.example, path: '/public/**' } } }";
  const policy = load(fileWith([site, ask]));
  const call = { url: 'https://h.example/public/x', method: 'POST' };
  expect(decide(policy, httpRequest, call).kind).toBe('allow');
  expect(decide(policy, httpRequest, { ...call, body: 'leak' }).kind).toBe('ask');
});
