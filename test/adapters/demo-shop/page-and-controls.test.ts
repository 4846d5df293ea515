import { describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CONTROLS_TOKEN, TOKEN, atEnd, buy, openShop, say } from './one-shop.ts';

function withHost(url: URL, host: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host, authorization: `Bearer ${TOKEN}` } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the page', () => {
  test('says what it is, and shows orders with their figures, posts, contacts and what was changed', async () => {
    const shop = await openShop();
    await buy(shop, 'key-00000001');
    await buy(shop, 'key-00000002', { item: 'teapot', quantity: 1, unitPrice: 6800, currency: 'JPY' });
    const page = await (await fetch(shop.url)).text();
    expect(page).toContain('nothing is really sold, posted or changed');
    for (const part of ['9.50 EUR', '4.75 EUR', '6800 JPY', 'order-2', 'alice@partner.example', 'Cast iron teapot'])
      expect(page).toContain(part);
  });

  test('S11: what a client said is shown as text, with deceiving characters visible, and can run nothing', async () => {
    const shop = await openShop();
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp; \u202Etxt.exe';
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    const headers = { 'idempotency-key': 'key-00000001' };
    expect((await say(shop, 'POST', 'channels/garden/posts', { headers, body: { content: evil } })).status).toBe(201);
    const changed = { headers: { 'idempotency-key': 'key-00000002', 'if-match': etag }, body: { name: evil } };
    expect((await say(shop, 'PATCH', 'contacts/alice', changed)).status).toBe(200);
    const page = await fetch(shop.url);
    const text = await page.text();
    expect(text).not.toMatch(/<script|<img|\u202E/);
    expect(text.split('&lt;script&gt;')).toHaveLength(4);
    expect(text).toContain('⟨U+202E⟩');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('answers to no other host name, so that no web site can read it through DNS; nor do the controls', async () => {
    const shop = await openShop();
    const { port } = new URL(shop.url);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'x y', '[']) {
      for (const url of [new URL(shop.url), new URL('contacts', shop.url), new URL(shop.controlsUrl)]) {
        const answer = await withHost(url, host);
        expect([host, answer.status === 200]).toEqual([host, false]);
        expect(answer.body).not.toContain('Alice');
      }
    }
    expect((await withHost(new URL('contacts', shop.url), 'localhost')).status).toBe(200);
  });

  test('shop and controls are on loopback only', async () => {
    const shop = await openShop();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
    for (const url of [shop.url, shop.controlsUrl]) {
      for (const host of ['127.0.0.2', ...(outside === undefined ? [] : [outside.address])]) {
        const reached = await new Promise((resolve) => {
          const socket = connect({ port: Number(new URL(url).port), host, timeout: 1000 }, () => resolve(true));
          for (const event of ['error', 'timeout'] as const) socket.on(event, () => resolve(false));
          atEnd(() => void socket.destroy());
        });
        expect({ host, reached }).toEqual({ host, reached: false });
      }
    }
  });
});

describe('the controls', () => {
  const pull = (url: string, path: string, token: string, body: unknown = {}): Promise<Response> =>
    fetch(new URL(path, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('change a price and lose an answer, for their own token', async () => {
    const shop = await openShop();
    expect((await pull(shop.controlsUrl, 'items/seeds/price', CONTROLS_TOKEN, { minor: 500 })).status).toBe(200);
    expect(shop.store.item('seeds')?.price).toEqual({ minor: 500, currency: 'EUR' });
    expect((await pull(shop.controlsUrl, 'items/moon/price', CONTROLS_TOKEN, { minor: 5 })).status).toBe(404);
    expect((await pull(shop.controlsUrl, 'items/seeds/price', CONTROLS_TOKEN, { minor: -5 })).status).toBe(400);
    expect((await pull(shop.controlsUrl, 'lose-next-answer', CONTROLS_TOKEN)).status).toBe(200);
    const order = { item: 'seeds', quantity: 1, unitPrice: 500, currency: 'EUR' };
    await expect(buy(shop, 'key-00000001', order)).rejects.toThrow('fetch failed');
  });

  test('do nothing for the token of the API, and are not to be had at its port', async () => {
    const shop = await openShop();
    for (const path of ['items/seeds/price', 'lose-next-answer']) {
      expect((await pull(shop.controlsUrl, path, TOKEN, { minor: 1 })).status).toBe(401);
      for (const token of [TOKEN, CONTROLS_TOKEN])
        expect((await pull(shop.url, path, token, { minor: 1 })).status).not.toBe(200);
    }
    expect(shop.store.item('seeds')?.price.minor).toBe(475);
    expect((await buy(shop, 'key-00000001')).status).toBe(201);
  });
});
