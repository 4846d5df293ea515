import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { readAnswer } from '../../../src/adapters/http/read-answer.ts';
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

  test.each(['text/html', 'text/plain', 'image/png'])(
    'a fault of ours while it is read ends in its status: the server has acted (%s)',
    async (type) => {
      const { origin } = await serve((_request, response) =>
        response.writeHead(201, { 'content-type': type, etag: '"planted"' }).end('planted'),
      );
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        get(origin, resolve).on('error', reject);
      });
      const redact = (text: string): string => {
        throw new Error(`fault: ${text}`);
      };
      const { signal } = new AbortController();
      const answer = await readAnswer(response, { url: origin, maxBytes: 1000, redact, signal });
      expect(answer).toEqual({ status: 201, headers: {}, body: '(the answer could not be read)', bytes: 0 });
    },
  );

  test.each<[string, string, Buffer, RegExp]>([
    ['in UTF-8', 'text/plain; charset=latin1', Buffer.alloc(999, 0xfc), /^ü{500}\n\(the text is 1998 bytes/],
    [
      'in UTF-8, at a border',
      'text/plain; charset=latin1',
      Buffer.from(`x${'\xfc'.repeat(800)}`, 'latin1'),
      /^xü{499}\n/,
    ],
    [
      'from UTF-16',
      'text/plain; charset=utf-16le',
      Buffer.from(`abc${'€'.repeat(400)}`, 'utf16le'),
      /^abc€{332}\n.*first 999 was left out\)$/,
    ],
    ['as readable HTML', 'text/html', Buffer.from('<hr>'.repeat(200)), /^[-\n]{1000}\n\(the text is \d+ bytes/],
    ['by links', 'text/html', Buffer.from('<a href=x>y</a>'.repeat(60)), /^[^(]{1000}\n\(the text is \d+ bytes/],
  ])('what grows while it is read is cut, and says so: %s', async (_what, type, body, text) => {
    expect(body.length).toBeLessThanOrEqual(1000);
    expect(await bodyFor(type, body)).toMatch(text);
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
