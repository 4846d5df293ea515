import { describe, expect, test } from '@jest/globals';
import { checkAddress } from '../../../src/adapters/http/checked-address.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { answerOf, bodyOf, call, exchange, serve } from './servers.ts';

describe('what is sent is what was shown', () => {
  test('S4: method, path with query, headers and body arrive exactly, with nothing that remembers or identifies', async () => {
    let got: unknown;
    const { origin } = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        got = { method: request.method, url: request.url, headers: request.headers, body };
        response.setHeader('set-cookie', 'id=1').end('ok');
      });
    });
    const url = `${origin}/a%20b/c?q=1&q=%2F`;
    const headers = { accept: 'application/json', 'content-type': 'text/plain' };
    const body = 'Grüße\n\u2028';
    const answer = answerOf(await exchange(call(url, { method: 'POST', headers, body })));
    expect(got).toEqual({
      method: 'POST',
      url: '/a%20b/c?q=1&q=%2F',
      body,
      headers: {
        ...headers,
        host: new URL(origin).host,
        'accept-encoding': 'identity',
        'user-agent': 'countersign',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      },
    });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  test('S12: a redirect is an answer and is not followed, to a private address least of all', async () => {
    const secret = await serve((_request, response) => response.end('metadata'));
    const { origin } = await serve((_request, response) =>
      response.writeHead(307, { location: `${secret.origin}/latest` }).end(),
    );
    const naive = await fetch(origin, { method: 'POST', body: 'x', headers: { 'x-api-key': 'k' } });
    expect(await naive.text()).toBe('metadata');
    secret.seen.length = 0;

    const readSecret = async () => ({ kind: 'secret', value: 'planted-key' }) as const;
    const request = { method: 'POST', body: 'x', headers: { 'x-api-key': '{{secret:k}}' } };
    const answer = answerOf(await exchange(call(origin, request), { readSecret }));
    expect(answer).toMatchObject({ status: 307, headers: { location: `${secret.origin}/latest` } });
    expect(secret.seen).toEqual([]);
  });

  test('a proxy of the environment is not asked', async () => {
    const proxy = await serve((_request, response) => response.end('proxied'));
    const { origin } = await serve((_request, response) => response.end('direct'));
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : proxy.origin;
    try {
      await exchange(call(origin));
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(proxy.seen).toEqual([]);
  });

  test('a call that cannot be written as HTTP is refused, not thrown', async () => {
    for (const url of ['not a url', 'ftp://example.com/', 'file:///etc/passwd']) {
      expect(
        await createHttpClient({ privateOrigins: [] }).exchange(call(url), new AbortController().signal),
      ).toMatchObject({ kind: 'refused' });
    }
    const { origin, seen } = await serve((_request, response) => response.end());
    const smuggled = call(origin, { headers: { accept: 'x\r\nHost: evil' } });
    expect((await exchange(smuggled)).kind).toBe('refused');
    expect(seen).toEqual([]);
  });
});

describe('S12: a call reaches only addresses that were checked', () => {
  test('a loopback address is refused before any connection, unless the operator opened that very origin', async () => {
    const { origin, port, seen } = await serve((_request, response) => response.end('ok'));
    for (const privateOrigins of [[], [`http://127.0.0.1:${port + 1}`], [`https://127.0.0.1:${port}`]]) {
      expect((await exchange(call(origin), { privateOrigins })).kind).toBe('refused');
    }
    expect(seen).toEqual([]);
    expect((await exchange(call(origin), { privateOrigins: [`${origin}/`] })).kind).toBe('answered');
  });

  test.each([
    'http://169.254.169.254/latest/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://0.0.0.0/',
  ])('%s stays closed even for an origin that was opened', async (url) => {
    const found = await exchange(call(url), { timeoutMs: 500 });
    expect(found).toMatchObject({ kind: 'refused', why: expect.stringContaining('never called') });
  });

  test('a name with one public and one private address is refused', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.5', family: 4 },
    ];
    const found = await exchange(call('http://api.example/'), { privateOrigins: [], resolve, timeoutMs: 500 });
    expect(found).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/10\.0\.0\.5.*COUNTERSIGN_PRIVATE_ORIGINS=http:\/\/api\.example /),
    });
  });

  test('a name that answers otherwise the second time (rebinding) is asked once, and its first answer is called', async () => {
    const { port, seen } = await serve((_request, response) => {
      response.setHeader('content-type', 'text/plain').end('pinned');
    });
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return [{ address: asked.length === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    const answer = answerOf(await exchange(call(`http://rebind.example:${port}/x`), { resolve }));
    expect(answer.body).toBe('pinned');
    expect(asked).toEqual(['rebind.example']);
    expect(seen).toEqual(['GET /x']);
  });

  test('an origin that was opened does not open a link-local answer of its name', async () => {
    const resolve = async () => [{ address: '169.254.169.254', family: 4 }];
    expect((await exchange(call('http://intern.example/'), { resolve, timeoutMs: 500 })).kind).toBe('refused');
  });

  test('a public address is let through (nothing is called here)', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ];
    const { signal } = new AbortController();
    const checked = await checkAddress(new URL('http://public.example/'), new Set(), resolve, signal);
    expect(checked).toEqual({ kind: 'address', address: { address: '93.184.215.14', family: 4 } });
    expect((await checkAddress(new URL('https://1.1.1.1/'), new Set(), resolve, signal)).kind).toBe('address');
  });

  test('what the operator opens must be origins', () => {
    expect(() => createHttpClient({ privateOrigins: ['ftp://127.0.0.1'] })).toThrow();
    expect(() => createHttpClient({ privateOrigins: ['127.0.0.1:80'] })).toThrow();
  });
});
