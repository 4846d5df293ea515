import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HttpClientOptions } from '../../../src/adapters/http/http-client.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { call, closeAll, exchange, serve, serveBytes } from './servers.ts';

describe('S7: not sent is said only when nothing can have reached the server', () => {
  test('no listener: not sent', async () => {
    const { origin, port } = await serve((_request, response) => response.end());
    closeAll();
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
