import { describe, expect, test } from '@jest/globals';
import { SEEDS, buy, openShop, say } from './one-shop.ts';

describe('an order', () => {
  test('is made at the price that the client states, takes from the stock and can be looked up', async () => {
    const shop = await openShop();
    expect((await say(shop, 'GET', 'items/seeds')).body).toEqual({
      id: 'seeds',
      title: 'Wild flower seeds, 50 g',
      price: { minor: 475, currency: 'EUR' },
      stock: 400,
    });
    const answer = await buy(shop, 'key-00000001');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-demo-shop')).toContain('nothing is really sold');
    expect(answer.body).toMatchObject({
      id: 'order-1',
      item: 'seeds',
      quantity: 2,
      unitPrice: { minor: 475, currency: 'EUR' },
      total: { minor: 950, currency: 'EUR' },
    });
    expect((await say(shop, 'GET', 'orders')).body).toEqual([answer.body]);
    expect(shop.store.orders()).toEqual([answer.body]);
    expect(shop.store.item('seeds')?.stock).toBe(398);
  });

  test('is quoted before: what so many cost now, and whether there are so many', async () => {
    const shop = await openShop();
    const quote = { item: 'seeds', title: 'Wild flower seeds, 50 g', unitPrice: { minor: 475, currency: 'EUR' } };
    const of = async (quantity: string): Promise<unknown> =>
      (await say(shop, 'GET', `items/seeds/quote?quantity=${quantity}`)).body;
    expect(await of('2')).toEqual({ ...quote, quantity: 2, total: { minor: 950, currency: 'EUR' }, available: true });
    expect(await of('401')).toMatchObject({ quantity: 401, available: false });
    for (const none of ['', '0', '-1', '1.5', '1e3', '1000']) expect(await of(none)).toHaveProperty('error');
    expect((await say(shop, 'GET', 'items/moon/quote?quantity=1')).status).toBe(404);
  });

  test.each<[string, Partial<typeof SEEDS>, number, string]>([
    ['at a price that is no longer so', { unitPrice: 450 }, 409, '475 EUR'],
    ['in another currency', { currency: 'JPY' }, 409, '475 EUR'],
    ['of more than there are', { quantity: 401 }, 409, 'only 400 are left'],
    ['of an item that is none', { item: 'moon' }, 404, 'no such item'],
  ])('%s is refused in words, and nothing is ordered', async (_what, change, status, words) => {
    const shop = await openShop();
    const answer = await buy(shop, 'key-00000001', { ...SEEDS, ...change });
    expect(answer.status).toBe(status);
    expect(answer.body.error).toContain(words);
    expect(shop.store.orders()).toEqual([]);
    expect(shop.store.item('seeds')?.stock).toBe(400);
  });

  test.each<[string, unknown]>([
    ['of nothing', undefined],
    ['of a list', []],
    ['of half an item', { ...SEEDS, quantity: 0.5 }],
    ['of none', { ...SEEDS, quantity: 0 }],
    ['of less than none', { ...SEEDS, quantity: -1 }],
    ['of a text as a number', { ...SEEDS, quantity: '2' }],
    ['with a price in euros', { ...SEEDS, unitPrice: 4.75 }],
    ['with a price as money', { ...SEEDS, unitPrice: { minor: 475, currency: 'EUR' } }],
    ['without a price', { item: 'seeds', quantity: 2, currency: 'EUR' }],
    ['with a discount of its own', { ...SEEDS, discount: 100 }],
    ['with a text that the database would cut', { ...SEEDS, item: 'seeds\0more' }],
    ['with half a character', { ...SEEDS, item: 'seeds\ud800' }],
  ])('%s is no order', async (_what, body) => {
    const shop = await openShop();
    const answer = await say(shop, 'POST', 'orders', {
      headers: { 'idempotency-key': 'key-00000001', 'content-type': 'application/json' },
      raw: JSON.stringify(body) ?? '{',
    });
    expect([answer.status, shop.store.orders()]).toEqual([400, []]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['without the token', { authorization: '' }, 401],
    ['with another token', { authorization: 'Bearer token-of-the-demo-shoq' }, 401],
    ['with the token of the controls', { authorization: 'Bearer token-of-the-controls' }, 401],
    ['without a key', { 'idempotency-key': '' }, 400],
    ['with a key that is too short', { 'idempotency-key': 'k' }, 400],
    ['as a form of a web site could send it', { 'content-type': 'text/plain' }, 415],
  ])('%s is refused', async (_what, headers, status) => {
    const shop = await openShop();
    const answer = await say(shop, 'POST', 'orders', {
      headers: { 'idempotency-key': 'key-00000001', ...headers },
      body: SEEDS,
    });
    expect([answer.status, shop.store.orders()]).toEqual([status, []]);
  });

  test('that is far too long is refused', async () => {
    const shop = await openShop();
    expect((await buy(shop, 'key-00000001', { ...SEEDS, item: 'x'.repeat(100_000) })).status).toBe(413);
  });
});

describe('the key of an order', () => {
  test('that comes again gets the answer that was kept, and orders nothing', async () => {
    const shop = await openShop();
    const first = await buy(shop, 'key-00000001');
    shop.store.setPrice('seeds', 999);
    const again = await buy(shop, 'key-00000001');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(shop.store.orders()).toHaveLength(1);
  });

  test('that comes many times at once orders once', async () => {
    const shop = await openShop();
    const answers = await Promise.all(Array.from({ length: 20 }, () => buy(shop, 'key-00000001')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(shop.store.orders()).toHaveLength(1);
    expect(shop.store.item('seeds')?.stock).toBe(398);
  });

  test('with another order is refused, and nothing is ordered', async () => {
    const shop = await openShop();
    await buy(shop, 'key-00000001');
    const other = await buy(shop, 'key-00000001', { ...SEEDS, quantity: 3 });
    expect(other.status).toBe(422);
    expect(other.body.error).toContain('another request');
    const elsewhere = await say(shop, 'POST', 'channels/garden/posts', {
      headers: { 'idempotency-key': 'key-00000001' },
      body: { content: 'Hello' },
    });
    expect(elsewhere.status).toBe(422);
    expect([shop.store.orders().length, shop.store.posts().length]).toEqual([1, 0]);
  });

  test('of an order that was refused may be used for the very same one', async () => {
    const shop = await openShop();
    shop.store.setPrice('seeds', 500);
    expect((await buy(shop, 'key-00000001')).status).toBe(409);
    shop.store.setPrice('seeds', 475);
    expect((await buy(shop, 'key-00000001')).status).toBe(201);
  });

  test('of another order orders again: the key, and nothing else, says what is the same', async () => {
    const shop = await openShop();
    expect((await buy(shop, 'key-00000001')).body.id).toBe('order-1');
    expect((await buy(shop, 'key-00000002')).body.id).toBe('order-2');
  });
});

describe('an answer that is lost', () => {
  test('is lost after the order was made, once; the same key finds it', async () => {
    const shop = await openShop();
    shop.loseNextAnswer();
    await expect(buy(shop, 'key-00000001')).rejects.toThrow('fetch failed');
    expect(shop.store.orders()).toHaveLength(1);
    const again = await buy(shop, 'key-00000001');
    expect([again.status, again.body.id]).toEqual([201, 'order-1']);
    expect(shop.store.orders()).toHaveLength(1);
  });

  test('is not that of an order that was refused', async () => {
    const shop = await openShop();
    shop.loseNextAnswer();
    expect((await buy(shop, 'key-00000001', { ...SEEDS, unitPrice: 1 })).status).toBe(409);
    await expect(buy(shop, 'key-00000002')).rejects.toThrow('fetch failed');
  });
});
