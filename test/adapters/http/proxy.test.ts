import { describe, expect, test } from '@jest/globals';
import { connect, createServer } from 'node:net';
import { readProxy } from '../../../src/adapters/http/proxy.ts';
import { selfSigned } from './certificate.ts';
import { answerOf, call, exchange, listening, serve, serveTls } from './servers.ts';
import { sink } from './sink.ts';

/** A real CONNECT proxy that records what it was asked. `answer` instead of a tunnel, where given. */
async function proxy(answer?: string): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      asked.push(data.toString('latin1'));
      if (answer !== undefined) {
        socket.end(answer);
        return;
      }
      const [, host = '', port = ''] = /^CONNECT ([\d.]+):(\d+) /.exec(data.toString('latin1')) ?? [];
      const out = connect({ host, port: Number(port) }, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(out).pipe(socket);
      });
      out.on('error', () => socket.destroy());
      socket.on('close', () => out.destroy());
    });
  });
  return { port: await listening(server), asked };
}

const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const through = (port: number, login?: string) => ({
  proxy: { host: '127.0.0.1', port, ...(login === undefined ? {} : { login }) },
  resolve,
});

describe('a proxy that the operator named', () => {
  test('is told the checked address and no name, for http too; the server gets the request as without it', async () => {
    const { port, requests } = await sink();
    const way = await proxy();
    answerOf(await exchange(call(`http://api.example:${port}/x`), through(way.port)));
    expect(way.asked).toHaveLength(1);
    expect(way.asked[0]).toMatch(new RegExp(`^CONNECT 127\\.0\\.0\\.1:${port} HTTP/1\\.1\r\nhost: 127`, 'i'));
    expect(way.asked[0]).not.toContain('api.example');
    expect(requests[0]).toMatch(/^GET \/x HTTP\/1\.1\r\n/);
    expect(requests[0]).toContain(`host: api.example:${port}`);
  });

  test('TLS verifies the name of the URL through it', async () => {
    const way = await proxy();
    const good = await serveTls(selfSigned('api.example'));
    const wanted = (port: number) => call(`https://api.example:${port}/`, { method: 'POST', body: 'x' });
    expect((await exchange(wanted(good.port), { ...through(way.port), ca: good.cert })).kind).toBe('answered');
    for (const name of ['other.example', 'localhost', '127.0.0.1']) {
      const bad = await serveTls(selfSigned(name));
      expect((await exchange(wanted(bad.port), { ...through(way.port), ca: bad.cert })).kind).toBe('notSent');
      expect(bad.bytes()).toBe(0);
    }
  });

  test('an address in the URL is not verified as "localhost"', async () => {
    const way = await proxy();
    const bad = await serveTls(selfSigned('localhost'));
    const wanted = call(`https://127.0.0.1:${bad.port}/`, { method: 'POST', body: 'x' });
    for (const options of [through(way.port), {}])
      expect((await exchange(wanted, { ...options, ca: bad.cert })).kind).toBe('notSent');
    expect(bad.bytes()).toBe(0);
  });

  test('does not open addresses that are closed', async () => {
    const way = await proxy();
    expect((await exchange(call('http://169.254.169.254/'), through(way.port))).kind).toBe('refused');
    const options = { ...through(way.port), privateOrigins: [] };
    expect((await exchange(call('http://127.0.0.1:1/'), options)).kind).toBe('refused');
    expect(way.asked).toEqual([]);
  });

  test.each([
    ['refuses', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\nsecret'],
    ['wants another login', 'HTTP/1.1 407 x\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n'],
    ['redirects', 'HTTP/1.1 302 x\r\nlocation: http://evil.example/\r\n\r\n'],
    ['cannot reach the server', 'HTTP/1.1 502 x\r\n\r\n'],
    ['answers garbage', '\0\x01 hello\r\n\r\n'],
    ['closes', ''],
    ['floods its head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['answers in the place of the server', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nforged'],
  ])('S7: one that %s: not sent, and its words are not told', async (_what, answer) => {
    const { port, requests } = await sink();
    const way = await proxy(answer);
    const wanted = call(`http://api.example:${port}/`, { method: 'POST', body: 'pay' });
    const found = await exchange(wanted, through(way.port, 'user:planted'));
    expect(found.kind).toBe('notSent');
    expect(JSON.stringify(found)).not.toMatch(/planted|secret|forged|evil/);
    expect(requests).toEqual([]);
  });

  test('S7: one that is silent, or not there: not sent', async () => {
    const silent = await listening(createServer((socket) => socket.on('error', () => undefined)));
    for (const port of [silent, 1]) {
      const options = { ...through(port), timeoutMs: 300 };
      expect((await exchange(call('http://api.example/', { method: 'POST' }), options)).kind).toBe('notSent');
    }
  });

  test('S10: its login goes to it and not to the server', async () => {
    const { port, requests } = await sink();
    const way = await proxy();
    await exchange(call(`http://api.example:${port}/`), through(way.port, 'user:planted'));
    const login = Buffer.from('user:planted').toString('base64');
    expect(way.asked[0]).toContain(`Basic ${login}`);
    expect(requests[0]).not.toContain(login);
    expect(requests[0]?.toLowerCase()).not.toContain('proxy');
  });

  test('the environment changes nothing: no proxy is asked, no certificate is believed', async () => {
    const way = await proxy();
    const { origin } = await serve((_request, response) => response.end('direct'));
    const tls = await serveTls(selfSigned('api.example'));
    const url = `http://127.0.0.1:${way.port}`;
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    const env = {
      ...Object.fromEntries(names.map((name) => [name, url])),
      NODE_USE_ENV_PROXY: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    };
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      expect((await exchange(call(origin))).kind).toBe('answered');
      const wanted = call(`https://api.example:${tls.port}/`, { method: 'POST', body: 'x' });
      expect((await exchange(wanted, { resolve })).kind).toBe('notSent');
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
    expect(way.asked).toEqual([]);
    expect(tls.bytes()).toBe(0);
  });
});

describe('the setting', () => {
  test.each([
    ['http://proxy.example:3128', { host: 'proxy.example', port: 3128 }],
    ['http://proxy.example/', { host: 'proxy.example', port: 80 }],
    ['http://u:p%40@[::1]:3128', { host: '::1', port: 3128, login: 'u:p@' }],
  ])('%s', (text, read) => expect(readProxy(text)).toEqual(read));

  test.each([
    'https://proxy.example',
    'socks5://proxy.example',
    'proxy.example:3128',
    'http://p.example/x',
    'http://p.example/?',
    '',
    'http://u:%0a@p.example',
    'http://u:%zz@p.example',
  ])('refused: %s', (text) => expect(readProxy(text)).toBeUndefined());
});
