import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { httpRequest } from '../../src/tools/http-request.ts';
import type { HttpClient, HttpExchange } from '../../src/tools/ports/http-client.ts';
import { act, open, prepare, ready } from './act.ts';

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
    expect((await ready(httpRequest, input, { http: NEVER })).preview).toEqual([
      { label: 'Request', text: `POST ${URL_TEXT}` },
      { label: 'Headers', text: 'accept: a/b' },
      { label: 'Body (7 bytes)', text: 'No body' },
    ]);
    expect((await ready(httpRequest, { url: URL_TEXT, method: 'POST' }, { http: NEVER })).preview).toEqual([
      { label: 'Request', text: `POST ${URL_TEXT}` },
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

  test('S4: the server receives what was shown', async () => {
    let got = '';
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (got += chunk.toString()));
      request.on('end', () => {
        got = `${request.method} http://${request.headers.host}${request.url}|${request.headers['content-type']}|${got}`;
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const http = createHttpClient({ privateOrigins: [origin] });
    const input = {
      url: `${origin}/a%2fb?x= y`.replace(' ', '%20').replace('%2f', '/'),
      method: 'PUT',
      headers: { 'Content-Type': 'text/plain' },
      body: 'ä\r\nb',
    };
    const prepared = await ready(httpRequest, input, { http });
    await prepared.perform(new AbortController().signal);
    server.close();
    const [line, headers, body] = prepared.preview.map(({ text }) => text);
    expect(`${got.split('|')[0]}`).toBe(line);
    expect(`content-type: ${got.split('|')[1]}`).toBe(headers);
    expect(got.split('|')[2]).toBe(body);
  });
});
