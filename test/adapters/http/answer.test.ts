import { describe, expect, test } from '@jest/globals';
import { answerOf, call, exchange, serve } from './servers.ts';

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
