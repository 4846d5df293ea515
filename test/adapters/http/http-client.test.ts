import { afterEach, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { checkAddress } from '../../../src/adapters/http/checked-address.ts';
import type { HttpClientOptions } from '../../../src/adapters/http/http-client.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import type { HttpAnswer, HttpCall, HttpExchange } from '../../../src/tools/ports/http-client.ts';
import { selfSigned } from './certificate.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Loopback {
  readonly origin: string;
  readonly port: number;
  /** What reached it, in order: "METHOD path". */
  readonly seen: string[];
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener): Promise<Loopback> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, port, seen };
}

/** A server that speaks bytes: `talk` gets the socket once the whole request was read. */
async function serveBytes(talk: (socket: Socket) => void): Promise<Loopback> {
  const seen: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      seen.push(data.toString('latin1').split(' HTTP/')[0] ?? '');
      talk(socket);
    });
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, port, seen };
}

function call(url: string, more: Partial<HttpCall> = {}): HttpCall {
  return { method: 'GET', url, headers: {}, body: undefined, ...more };
}

function exchange(wanted: HttpCall, options: Partial<HttpClientOptions> = {}): Promise<HttpExchange> {
  const { origin } = new URL(wanted.url);
  const client = createHttpClient({ privateOrigins: [origin], timeoutMs: 3000, ...options });
  return client.exchange(wanted, new AbortController().signal);
}

function answerOf(found: HttpExchange): HttpAnswer {
  if (found.kind !== 'answered') throw new Error(`${found.kind}: ${found.why}`);
  return found.answer;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

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
    const request = { method: 'POST', body: 'x', headers: { 'x-api-key': 'k' } };
    const naive = await fetch(origin, request);
    expect(await naive.text()).toBe('metadata');
    secret.seen.length = 0;

    const answer = answerOf(await exchange(call(origin, request)));
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
    expect(found).toMatchObject({ kind: 'refused', why: expect.stringContaining('10.0.0.5') });
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

describe('S7: not sent is said only when nothing can have reached the server', () => {
  test('no listener: not sent', async () => {
    const { origin, port } = await serve((_request, response) => response.end());
    for (const close of closers.splice(0)) close();
    expect(await exchange(call(origin, { method: 'POST', body: 'x' }))).toEqual({
      kind: 'notSent',
      why: `no connection to 127.0.0.1:${port} came about`,
    });
  });

  test('a name that cannot be resolved, has no address, or is never answered: not sent', async () => {
    const tries: HttpClientOptions['resolve'][] = [
      () => Promise.reject(new Error('ENOTFOUND')),
      () => Promise.resolve([]),
      () => new Promise(() => undefined),
    ];
    for (const resolve of tries) {
      if (resolve === undefined) throw new Error('unreachable');
      expect((await exchange(call('http://gone.example/'), { resolve, timeoutMs: 200 })).kind).toBe('notSent');
    }
  });

  test('cancelled before it began: not sent', async () => {
    const { origin, seen } = await serve((_request, response) => response.end());
    const client = createHttpClient({ privateOrigins: [origin] });
    expect((await client.exchange(call(origin, { method: 'POST' }), AbortSignal.abort())).kind).toBe('notSent');
    expect(seen).toEqual([]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ['closes without an answer', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['is silent', () => undefined],
    ['answers with garbage', (socket) => socket.end('\u0000\u0001 not http \r\n\r\n')],
    ['answers with half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    [
      'answers with a head that is too large',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`),
    ],
    [
      'switches protocols unasked',
      (socket) => socket.end('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ],
  ])('a server that got the request and %s: unknown', async (_what, talk) => {
    const { origin, seen } = await serveBytes(talk);
    const found = await exchange(call(`${origin}/act`, { method: 'POST', body: 'x' }), { timeoutMs: 700 });
    expect(found.kind).toBe('unknown');
    expect(seen).toEqual(['POST /act']);
  });

  test('cancelled while the server works: unknown', async () => {
    const controller = new AbortController();
    const { origin } = await serve(() => controller.abort());
    const client = createHttpClient({ privateOrigins: [origin] });
    expect((await client.exchange(call(origin, { method: 'POST', body: 'x' }), controller.signal)).kind).toBe(
      'unknown',
    );
  });

  test('the time limit holds though memory is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { origin } = await serve(() => undefined);
    const started = Date.now();
    const ending = exchange(call(origin, { method: 'POST', body: 'x' }), { timeoutMs: 600 });
    for (let n = 0; n < 4; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
    }
    expect((await ending).kind).toBe('unknown');
    expect(Date.now() - started).toBeLessThan(3000);
  });
});

describe('TLS', () => {
  async function serveTls(host: string): Promise<{ port: number; cert: string; seen: string[]; bytes: () => number }> {
    const { key, cert } = selfSigned(host);
    const seen: string[] = [];
    let bytes = 0;
    const server = createTlsServer({ key, cert }, (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('secret');
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => (bytes += data.length));
    });
    return { port: await listening(server), cert, seen, bytes: () => bytes };
  }
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

  test('a certificate of its name that is trusted: answered, over the pinned address', async () => {
    const { port, cert, seen, bytes } = await serveTls('api.example');
    const answer = answerOf(await exchange(call(`https://api.example:${port}/`), { resolve, ca: cert }));
    expect(answer.status).toBe(200);
    // The instruments of the next test do see a request that arrives.
    expect(seen).toEqual(['GET /']);
    expect(bytes()).toBeGreaterThan(0);
  });

  test.each([
    ['is not trusted', 'api.example', false],
    ['is of another name', 'other.example', true],
  ])('S7: a certificate that %s: not sent, and no byte of the request arrived', async (_what, host, trusted) => {
    for (let n = 0; n < 10; n += 1) {
      const { port, cert, seen, bytes } = await serveTls(host);
      const wanted = call(`https://api.example:${port}/act`, { method: 'POST', body: 'pay' });
      const found = await exchange(wanted, { resolve, ...(trusted ? { ca: cert } : {}) });
      await new Promise((settled) => setTimeout(settled, 20));
      expect({ kind: found.kind, seen, bytes: bytes() }).toEqual({ kind: 'notSent', seen: [], bytes: 0 });
    }
  });

  test('a server that speaks no TLS: not sent', async () => {
    const { port, seen } = await serve((_request, response) => response.end());
    expect((await exchange(call(`https://127.0.0.1:${port}/`, { method: 'POST' }))).kind).toBe('notSent');
    expect(seen).toEqual([]);
  });
});

describe('an answer is told whole or described', () => {
  async function bodyFor(
    type: string | undefined,
    body: Buffer | string,
    more: Record<string, string> = {},
  ): Promise<string> {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { ...(type === undefined ? {} : { 'content-type': type }), ...more }).end(body),
    );
    return answerOf(await exchange(call(origin), { maxBytes: 1000 })).body;
  }

  test.each([
    ['text/plain', 'Grüße'],
    ['text/html; charset=utf-8', '<p>x</p>'],
    ['application/json', '{"a":1}'],
    ['application/problem+json', '{}'],
    ['application/xml', '<a/>'],
    ['image/svg+xml', '(4 bytes of type image/svg+xml)'],
  ])('%s', async (type, body) => {
    expect(await bodyFor(type, type.startsWith('image') ? '<a/>' : body)).toBe(body);
  });

  test('another charset is decoded as it says', async () => {
    expect(await bodyFor('text/plain; charset="ISO-8859-1"', Buffer.from('Grüße', 'latin1'))).toBe('Grüße');
  });

  test.each([
    ['bytes of no type', undefined, Buffer.from('hello')],
    ['an image', 'image/png', Buffer.from('hello')],
    ['text that is not of its charset', 'text/plain', Buffer.from([0x47, 0xff, 0xfe])],
    ['text with NUL', 'text/plain', Buffer.from('a\0b')],
    ['an unknown charset', 'text/plain; charset=klingon', Buffer.from('a')],
  ])('%s is described, not dumped', async (_what, type, body) => {
    expect(await bodyFor(type, body)).toMatch(/^\(\d+ bytes of /);
  });

  test('compression that was not asked for is described', async () => {
    expect(await bodyFor('text/plain', 'aaa', { 'content-encoding': 'gzip' })).toContain('encoded as gzip');
  });

  test('a body over the cap is not read, and the server is not read on for ever', async () => {
    expect(await bodyFor('text/plain', 'x'.repeat(1000))).toHaveLength(1000);
    expect(await bodyFor('text/plain', 'x'.repeat(1001))).toBe(
      '(the answer is larger than 1000 bytes and was not read)',
    );
    let sent = 0;
    const { origin } = await serve((_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && sent < 200_000_000 && response.write('x'.repeat(65_536))) sent += 65_536;
      };
      response.writeHead(200, { 'content-type': 'text/plain' }).on('drain', pour);
      pour();
    });
    expect(answerOf(await exchange(call(origin), { maxBytes: 100_000 })).body).toContain('larger than');
    expect(sent).toBeLessThan(20_000_000);
  });

  test('a body that drips for ever ends at the time limit, with the status that came: the server has acted', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(201, { 'content-type': 'text/plain' });
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const answer = answerOf(await exchange(call(origin, { method: 'POST', body: 'x' }), { timeoutMs: 300 }));
    expect(answer).toMatchObject({ status: 201, body: expect.stringContaining('broke off') });
  });

  test('headers that could carry a secret are not told', async () => {
    const { origin } = await serve((_request, response) =>
      response
        .writeHead(200, { 'set-cookie': 's=1', 'x-token': 't', etag: '"1"', 'content-type': 'text/plain' })
        .end('x'),
    );
    expect(answerOf(await exchange(call(origin))).headers).toEqual({ etag: '"1"', 'content-type': 'text/plain' });
  });
});
