/**
 * Calls as a model that means harm would make them, decided by a real policy and then made: to one origin, under one
 * path, with one secret. The servers say what arrived (S2, S3, S10, S12).
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/policy/policy.ts';
import { policyOf } from './attempt.ts';
import { VALUE, call, clear, useWorld } from './web-sinks.ts';

const world = useWorld();
let policy: Policy;
beforeEach(() => {
  clear(world);
  policy = policyOf(
    `{ id: a, tool: http_request, allow: { url: { origin: "${world.api}", path: ["/v1/**"] }, method: [GET, POST], headers: { optional: true, only: [accept, x-api-key], values: { x-api-key: "{{secret:weather}}" } } } }`,
  );
});

const CALLS: readonly (readonly [attack: string, more: object])[] = [
  ['method in lower case', { method: 'get' }],
  ['method in mixed case', { method: 'Post' }],
  ['another method', { method: 'DELETE' }],
  ['method that tunnels', { method: 'CONNECT' }],
  ['method with a request in it', { method: 'GET /admin HTTP/1.1\r\nx: ' }],
  ['body with a GET', { body: 'x' }],
  ['method override', { headers: { 'x-http-method-override': 'DELETE' } }],
  ['path override', { headers: { 'x-original-url': '/admin' } }],
  ['path rewrite', { headers: { 'x-rewrite-url': '/admin' } }],
  ['host', { headers: { host: 'evil.example' } }],
  ['forwarded host', { headers: { 'x-forwarded-host': 'evil.example' } }],
  ['forwarded for', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
  ['cookie', { headers: { cookie: 'a=b' } }],
  ['chunks', { headers: { 'transfer-encoding': 'chunked' } }],
  ['length', { headers: { 'content-length': '0' } }],
  ['connection', { headers: { connection: 'x-api-key' } }],
  ['upgrade', { headers: { upgrade: 'h2c' } }],
  ['expectation', { headers: { expect: '100-continue' } }],
  ['credential', { headers: { authorization: 'Bearer abcdefgh' } }],
  ['credential in a header that is opened', { headers: { 'x-api-key': 'abcdefgh' } }],
  ['another secret', { headers: { 'x-api-key': '{{secret:bank}}' } }],
  ['the secret in another header', { headers: { accept: '{{secret:weather}}' } }],
  ['the secret in another credential header', { headers: { authorization: '{{secret:weather}}' } }],
  ['header by line end', { headers: { accept: 'x\r\nhost: evil.example' } }],
  ['header by line feed', { headers: { accept: 'x\nhost: evil.example' } }],
  ['header by NUL', { headers: { accept: 'x\0' } }],
  ['header name with a blank', { headers: { 'accept ': 'x' } }],
];

describe('nothing is sent, looked up or connected', () => {
  test.each(CALLS)('%s', async (_attack, more) => {
    const input = { url: `${world.api}/v1/a`, method: 'GET', ...more };
    expect(['refused', 'deny', 'denied']).toContain((await call(world, policy, input)).outcome);
    expect({ ...world.got, asked: world.asked }).toEqual({ api: [], other: [], asked: [] });
  });
});

describe('honest calls are made, and the secret stands in one header of one request', () => {
  test.each<[string, object, RegExp]>([
    ['plain', {}, /^GET \/v1\/a HTTP\/1\.1\r\n/],
    ['with a header', { headers: { Accept: 'text/plain' } }, /\r\naccept: text\/plain\r\n/],
    ['with the secret', { headers: { 'X-API-Key': '{{secret:weather}}' } }, /\r\nx-api-key: planted-secret-value\r\n/],
    ['that acts', { method: 'POST' }, /^POST \/v1\/a HTTP\/1\.1\r\n[^]*idempotency-key: /],
  ])('%s', async (_what, more, sent) => {
    const { outcome, told } = await call(world, policy, { url: `${world.api}/v1/a`, method: 'GET', ...more });
    expect(outcome).toBe('done');
    expect(world.got.api).toEqual([expect.stringMatching(sent)]);
    expect(world.got.other).toEqual([]);
    expect(told).not.toContain(VALUE);
    expect(world.got.api[0]?.split(VALUE).length).toBe('headers' in more && sent.source.includes('planted') ? 2 : 1);
  });
});

describe('names and redirects that lead elsewhere', () => {
  const wanted = () => ({
    url: `${world.api}/v1/a`,
    method: 'POST',
    headers: { 'x-api-key': '{{secret:weather}}' },
  });

  test('a name that changes after the look-up (rebinding) is asked once, and its first address is called', async () => {
    world.addresses = { 'api.example': [['127.0.0.1'], ['127.0.0.2'], ['169.254.169.254']] };
    expect((await call(world, policy, wanted())).outcome).toBe('done');
    expect(world.asked).toEqual(['api.example']);
    expect(world.got.other).toEqual([]);
  });

  test.each([
    ['mixed with metadata', ['127.0.0.1', '169.254.169.254']],
    ['metadata', ['169.254.169.254']],
    ['mapped', ['::ffff:127.0.0.1']],
    ['NAT64', ['64:ff9b::7f00:1']],
    ['6to4', ['2002:7f00:1::']],
    ['this host', ['0.0.0.0']],
    ['metadata by IPv6', ['fd00:ec2::254']],
    ['link-local', ['fe80::1']],
  ])('a name at an address that is closed (%s) gets nothing', async (_what, addresses) => {
    world.addresses = { 'api.example': [addresses] };
    const { outcome, told } = await call(world, policy, wanted());
    expect(outcome).toBe('failed');
    expect(told).not.toContain(VALUE);
    expect(world.got).toEqual({ api: [], other: [] });
  });

  test.each([301, 302, 303, 307, 308])('a %i to another host gets neither request nor secret', async (status) => {
    const location = `http://127.0.0.2:${world.port}/latest`;
    world.reply = `HTTP/1.1 ${status} x\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`;
    const { outcome, told } = await call(world, policy, wanted());
    expect(outcome).toBe('done');
    expect(told).toContain(`location: ${location}`);
    expect(world.got.other).toEqual([]);
  });

  test('fetch as it is shows why: on a 307 it hands the key to the other host', async () => {
    world.reply = `HTTP/1.1 307 x\r\nlocation: http://127.0.0.2:${world.port}/x\r\ncontent-length: 0\r\n\r\n`;
    const naive = { method: 'POST', headers: { 'x-api-key': VALUE }, body: 'pay' };
    await fetch(`http://127.0.0.1:${world.port}/v1/a`, naive).catch(() => undefined);
    expect(world.got.other.join('')).toContain(VALUE);
  });
});
