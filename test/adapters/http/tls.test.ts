import { describe, expect, test } from '@jest/globals';
import { selfSigned } from './certificate.ts';
import { answerOf, call, exchange, serve, serveTls } from './servers.ts';

describe('TLS', () => {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

  test('a certificate of its name that is trusted: answered, over the pinned address', async () => {
    const { port, cert, seen, bytes } = await serveTls(selfSigned('api.example'));
    const answer = answerOf(await exchange(call(`https://api.example:${port}/`), { resolve, ca: cert }));
    expect(answer.status).toBe(200);
    // The instruments of the next test do see a request that arrives.
    expect(seen).toEqual(['GET /']);
    expect(bytes()).toBeGreaterThan(0);
  });

  test.each<[string, string, boolean, number?]>([
    ['is not trusted', 'api.example', false],
    ['is of another name', 'other.example', true],
    ['is over', 'api.example', true, -3_600_000],
  ])(
    'S7: a certificate that %s: not sent, and no byte of the request arrived',
    async (...[, host, trusted, endsInMs]) => {
      for (let n = 0; n < 10; n += 1) {
        const { port, cert, seen, bytes } = await serveTls(selfSigned(host, endsInMs));
        const wanted = call(`https://api.example:${port}/act`, { method: 'POST', body: 'pay' });
        const found = await exchange(wanted, { resolve, ...(trusted ? { ca: cert } : {}) });
        await new Promise((settled) => setTimeout(settled, 20));
        expect({ kind: found.kind, seen, bytes: bytes() }).toEqual({ kind: 'notSent', seen: [], bytes: 0 });
      }
    },
  );

  test('a server that speaks no TLS: not sent', async () => {
    const { port, seen } = await serve((_request, response) => response.end());
    expect((await exchange(call(`https://127.0.0.1:${port}/`, { method: 'POST' }))).kind).toBe('notSent');
    expect(seen).toEqual([]);
  });
});
