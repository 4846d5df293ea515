import { describe, expect, test } from '@jest/globals';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { httpRequest } from '../../src/tools/http-request.ts';
import type { HttpClient, HttpExchange } from '../../src/tools/ports/http-client.ts';
import type { SecretCheck } from '../../src/tools/ports/secret-check.ts';
import { sink } from '../adapters/http/sink.ts';
import { PLACE, act, open, prepare, ready } from './act.ts';

function answering(exchange: HttpExchange): HttpClient {
  return { exchange: async () => exchange };
}

const URL_TEXT = 'https://api.example/x?q=1';
const NEVER: HttpClient = { exchange: () => Promise.reject(new Error('called')) };

describe('http_request', () => {
  test.each([
    ['GET', 'read'],
    ['HEAD', 'read'],
    ['POST', 'once'],
    ['PUT', 'once'],
    ['PATCH', 'once'],
    ['DELETE', 'once'],
  ])('%s is %s', (method, effect) => {
    expect(open(httpRequest, { url: URL_TEXT, method }, {}).effect).toBe(effect);
    expect(httpRequest.onlyReads).toBe(false);
  });

  test.each(['GET', 'HEAD'])(
    'S3: a %s with a body is denied: it would act where reading was decided',
    async (method) => {
      for (const body of ['x', '']) {
        expect((await prepare(httpRequest, { url: URL_TEXT, method, body }, { http: NEVER })).kind).toBe('denied');
      }
    },
  );

  test('S11: method, whole URL, headers and body are shown; what is absent is said where no argument can write', async () => {
    const input = { url: URL_TEXT, method: 'POST', headers: { Accept: 'a/b' }, body: 'No body' };
    const key = {
      label: 'Header added by countersign',
      text: expect.stringMatching(/^idempotency-key: [-0-9a-f]{36}$/),
    };
    expect((await ready(httpRequest, input, { http: NEVER })).preview).toEqual([
      { label: 'Request', text: `POST ${URL_TEXT}` },
      { label: 'Headers', text: 'accept: a/b' },
      key,
      { label: 'Body (7 bytes)', text: 'No body' },
    ]);
    expect((await ready(httpRequest, { url: URL_TEXT, method: 'POST' }, { http: NEVER })).preview).toEqual([
      { label: 'Request', text: `POST ${URL_TEXT}` },
      { label: 'No headers of its own', text: '' },
      key,
      { label: 'No body', text: '' },
    ]);
    expect((await ready(httpRequest, { url: URL_TEXT, method: 'GET' }, { http: NEVER })).preview).toEqual([
      { label: 'Request', text: `GET ${URL_TEXT}` },
      { label: 'No headers of its own', text: '' },
      { label: 'No body', text: '' },
    ]);
    expect(open(httpRequest, input, {}).summary).toBe(`POST ${URL_TEXT}`);
  });

  test.each([
    [{ Authorization: 'Bearer x' }],
    [{ Host: 'evil.example' }],
    [{ 'X-HTTP-Method-Override': 'DELETE' }],
    [{ 'Transfer-Encoding': 'chunked' }],
    [{ Cookie: 'a=b' }],
    [{ accept: 'x\r\nHost: evil' }],
  ])('S2: the header %j may not be set', (headers) => {
    expect(httpRequest.parse({ url: URL_TEXT, method: 'GET', headers }).kind).toBe('invalid');
  });

  test('an answer is told with status and headers', async () => {
    const answer = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'none', bytes: 4 };
    const http = answering({ kind: 'answered', answer });
    expect(await act(httpRequest, { url: URL_TEXT, method: 'GET' }, { http })).toEqual({
      kind: 'done',
      text: 'HTTP 404\ncontent-type: text/plain\n\nnone',
      evidence: { status: 404, bytes: 4 },
    });
  });

  test.each([
    ['GET', 'refused', 'failed'],
    ['GET', 'notSent', 'failed'],
    ['GET', 'unknown', 'failed'],
    ['HEAD', 'unknown', 'failed'],
    ['POST', 'refused', 'failed'],
    ['POST', 'notSent', 'notPerformed'],
    ['POST', 'unknown', 'unknown'],
    ['DELETE', 'unknown', 'unknown'],
  ] as const)('S7: %s that ended %s is %s', async (method, kind, performed) => {
    const http = answering({ kind, why: 'because' });
    expect((await act(httpRequest, { url: URL_TEXT, method }, { http })).kind).toBe(performed);
  });

  test('S4: the server receives what was shown, the added header too', async () => {
    const { origin, requests } = await sink();
    const http = createHttpClient({ privateOrigins: [origin] });
    const input = {
      url: `${origin}/a/b?x=%20y`,
      method: 'PUT',
      headers: { 'Content-Type': 'text/plain' },
      body: 'ä\r\nb',
    };
    const prepared = await ready(httpRequest, input, { http });
    await prepared.perform(new AbortController().signal);
    const [line, headers, added, body] = prepared.preview.map(({ text }) => text);
    const [got = ''] = requests;
    expect(got.split('\r\n')[0]).toBe(`${line?.replace(origin, '')} HTTP/1.1`);
    expect(got.split('\r\n')).toEqual(expect.arrayContaining([headers, added]));
    expect(got.slice(got.indexOf('\r\n\r\n') + 4)).toBe(body);
  });
});

describe('a key that lets a server act once (S7)', () => {
  const POST = { url: URL_TEXT, method: 'POST', headers: { accept: 'a' }, body: 'x' };
  const keyOf = async (input: unknown, place = PLACE): Promise<unknown> => {
    const prepared = await prepare(httpRequest, input, { http: NEVER }, place);
    return prepared.kind === 'ready' ? prepared.facts['idempotencyKey'] : prepared;
  };

  test('each attempt of one action has the same, whenever it is made', async () => {
    const key = await keyOf(POST);
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await keyOf(POST, { ...PLACE, at: new Date(0) })).toBe(key);
    expect(await keyOf({ ...POST, headers: { ACCEPT: 'a' } })).toBe(key);
    // A person has it tried again, for nobody knows whether it happened.
    expect(await keyOf(POST, { ...PLACE, callId: 'c1-2' })).toBe(key);
  });

  test.each<[string, object, object]>([
    ['call', { callId: 'c2', firstCallId: 'c2' }, {}],
    ['session', { chainId: 'other' }, {}],
    ['workflow', { workflowId: 'other' }, {}],
    ['URL', {}, { url: `${URL_TEXT}2` }],
    ['method', {}, { method: 'PUT' }],
    ['header', {}, { headers: { accept: 'b' } }],
    ['body', {}, { body: 'y' }],
    ['body, left out', {}, { body: undefined }],
  ])('another %s has another', async (_what, place, more) => {
    expect(await keyOf({ ...POST, ...more }, { ...PLACE, ...place })).not.toBe(await keyOf(POST));
  });

  test('one that the model gives stands, and a call that only reads has none', async () => {
    expect(await keyOf({ ...POST, headers: { 'idempotency-key': 'mine' } })).toBeUndefined();
    expect(await keyOf({ url: URL_TEXT, method: 'GET' })).toBeUndefined();
  });
});

describe('secrets are named and never seen by the tool (S10)', () => {
  const NAMED = { url: URL_TEXT, method: 'GET', headers: { authorization: 'Bearer {{secret:weather}}' } };
  const secretsWith = (problem: string | undefined): SecretCheck => ({ problemOf: async () => problem });

  test('one that cannot be had fails before anybody is asked, in words', async () => {
    const secrets = secretsWith('the secret "weather" cannot be read');
    expect(await prepare(httpRequest, NAMED, { http: NEVER, secrets })).toEqual({
      kind: 'failed',
      why: 'The request was not made: the secret "weather" cannot be read.',
    });
  });

  test('preview, facts and what is handed on hold the name', async () => {
    let handed: unknown;
    const http: HttpClient = {
      exchange: async (call) => {
        handed = call;
        return { kind: 'refused', why: 'x' };
      },
    };
    const prepared = await ready(httpRequest, NAMED, { http, secrets: secretsWith(undefined) });
    expect(prepared.preview[1]).toEqual({
      label: 'Headers (secrets are put in when it is sent, and never shown)',
      text: 'authorization: Bearer {{secret:weather}}',
    });
    await prepared.perform(new AbortController().signal);
    expect(handed).toMatchObject({ headers: NAMED.headers });
  });

  test('a placeholder in a body is text like any other, and the person is told so', async () => {
    const body = '{"key":"{{secret:weather}}"}';
    const { preview } = await ready(httpRequest, { url: URL_TEXT, method: 'POST', body }, { http: NEVER });
    expect(preview.at(-1)).toEqual({
      label: 'Body (28 bytes, sent as it stands: no secret is put in here)',
      text: body,
    });
  });

  test('no secret stands in a URL', () => {
    expect(httpRequest.parse({ url: `${URL_TEXT}&k={{secret:weather}}`, method: 'GET' })).toMatchObject({
      kind: 'invalid',
      why: expect.stringContaining('a secret never stands in a URL'),
    });
  });
});
