/** Purchases by the example's declared tool and policy: real sessions, the real shop, and what its database holds then. */
import { describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { TOKEN } from '../support/everyday.ts';
import { leave, questionOf } from '../support/what-became.ts';
import {
  act,
  approve,
  askedAnew,
  bodyOf,
  deny,
  eur,
  everyday,
  harness,
  keyOf,
  newOrders,
  outcomes,
  seeds,
  shown,
  told,
  useEveryday,
} from '../support/everyday-sessions.ts';

useEveryday();

describe('a purchase', () => {
  test('S4: shows item, quantity, unit price and total of now; approved, the order holds the same figures', async () => {
    const [order, ...more] = await newOrders(async () => {
      const session = await act(seeds(2, 1000));
      const request = await session.request();
      expect(request.summary).toContain('for 9.50 EUR');
      expect(shown(request)).toContain(
        'Item: "Wild flower seeds, 50 g" (seeds)\nQuantity: 2\nUnit price: 4.75 EUR\nTotal: 9.50 EUR (may be 10.00 EUR at most)',
      );
      expect(shown(request)).not.toContain(TOKEN);
      await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['done']);
      expect(await told(session)).toMatch(/^Ordered as order-\d+\.$/);
    });
    expect(order).toMatchObject({ item: 'seeds', quantity: 2, unitPrice: eur(475), total: eur(950) });
    expect(more).toEqual([]);
  });

  test('a denial orders nothing', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(2, 1000));
      await deny(session, await session.request());
      expect(outcomes(await session.result())).toEqual(['denied']);
    });
    expect(orders).toEqual([]);
  });

  test('S4: a price that changed since is asked again with the new figures; the old approval orders nothing', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(2, 1000));
      const first = await session.request();
      everyday.shop.store.setPrice('seeds', 490);
      await approve(session, first);
      const second = await askedAnew(session, first);
      expect(shown(second)).toContain('Unit price: 4.90 EUR\nTotal: 9.80 EUR');
      expect((await session.state()).closed).toMatchObject([{ id: first.id, closing: 'superseded' }]);
      expect(keyOf(second)).toBe(keyOf(first));
      await approve(session, second);
      expect(outcomes(await session.result())).toEqual(['done']);
    });
    expect(orders).toMatchObject([{ quantity: 2, unitPrice: eur(490), total: eur(980) }]);
  });

  test('a price that rose over what it may cost at most is not ordered, whoever approved', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(2, 1000));
      const request = await session.request();
      everyday.shop.store.setPrice('seeds', 501);
      await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['failed']);
      expect(await told(session)).toContain('"total" must be at most "at_most" (10.00 EUR)');
    });
    expect(orders).toEqual([]);
  });

  test('S7: an answer that is lost ends unknown with one order; its key again finds that order and makes none', async () => {
    const { shop } = everyday;
    let request: ApprovalRequest | undefined;
    const orders = await newOrders(async () => {
      const session = await act(seeds(3, 2000));
      request = await session.request();
      shop.loseNextAnswer();
      await approve(session, request);
      await leave(session, harness.alice);
      expect(outcomes(await session.result())).toEqual(['unknown', 'denied']);
    });
    expect(orders).toMatchObject([{ quantity: 3, total: eur(1425) }]);
    if (request === undefined) throw new Error('nothing was asked');
    const [sent, key] = [bodyOf(request), keyOf(request)];
    const send = (body: string): Promise<Response> =>
      fetch(new URL('orders', shop.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'idempotency-key': key },
        body,
      });
    const repeated = await newOrders(async () => {
      const again = await send(sent);
      expect([again.status, await again.json()]).toEqual([201, orders[0]]);
      expect((await send(sent.replace('3', '4'))).status).toBe(422);
    });
    expect(repeated).toEqual([]);
  });

  test('S7: an order whose answer is lost, tried again by a person, is one order: the key is the same', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(2, 2000));
      const first = await session.request();
      everyday.shop.loseNextAnswer();
      await approve(session, first);
      const second = await questionOf(session);
      expect(keyOf(second)).toBe(keyOf(first));
      await approve(session, second);
      expect(outcomes(await session.result())).toEqual(['unknown', 'done']);
    });
    expect(orders).toMatchObject([{ quantity: 2 }]);
  });

  test('S7: tried again after the price changed it is a doubt and no second order: the key is of the first', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(3, 2000));
      const first = await session.request();
      everyday.shop.loseNextAnswer();
      await approve(session, first);
      const question = await questionOf(session);
      everyday.shop.store.setPrice('seeds', 490);
      await approve(session, question);
      const dearer = await askedAnew(session, question);
      expect(shown(dearer)).toContain('Unit price: 4.90 EUR');
      await approve(session, dearer);
      await deny(session, await askedAnew(session, dearer));
      expect(outcomes(await session.result())).toEqual(['unknown', 'unknown', 'denied']);
    });
    expect(orders).toMatchObject([{ unitPrice: eur(475) }]);
  });

  test('S7: a key that the shop knows from another order is a doubt, not a refusal: that order may be ours', async () => {
    const { shop } = everyday;
    const orders = await newOrders(async () => {
      const session = await act(seeds(4, 2000));
      const request = await session.request();
      const other = { item: 'seeds', quantity: 5, unitPrice: { minor: 475, currency: 'EUR' } };
      everyday.beforeNextCall(/^POST /, () => void shop.store.order({ key: keyOf(request), request: 'other' }, other));
      await approve(session, request);
      await leave(session, harness.alice);
      expect(outcomes(await session.result())).toEqual(['unknown', 'denied']);
      expect(await told(session)).toContain('422');
    });
    expect(orders).toMatchObject([{ quantity: 5 }]);
  });

  test('the sums of a session deny what would go over them, though each purchase alone may be asked', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(1, 5000), seeds(2, 5000), seeds(3, 1000));
      for (const request of await session.waiting(2)) await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['done', 'done', 'denied']);
      expect(await told(session, 2)).toContain('shopping');
    });
    expect(orders).toHaveLength(2);
  });

  test('what no rule opens is denied, and nobody is asked: too dear, another currency', async () => {
    const session = await act(
      ['purchase', { item: 'bench', quantity: 1, at_most: eur(30000) }],
      ['purchase', { item: 'teapot', quantity: 1, at_most: { minor: 6800, currency: 'JPY' } }],
    );
    expect(outcomes(await session.result())).toEqual(['denied', 'denied']);
  });

  test('more than the shop has, or an item that it has not, fails in words before anybody is asked', async () => {
    const session = await act(
      ['purchase', { item: 'moon', quantity: 1, at_most: eur(1000) }],
      ['purchase', { item: '../contacts/alice', quantity: 1, at_most: eur(1000) }],
      ['purchase', { item: 'teapot', quantity: 1, at_most: eur(1000) }],
    );
    expect(outcomes(await session.result())).toEqual(['failed', 'failed', 'failed']);
    expect((await session.state()).closed).toEqual([]);
  });
});
