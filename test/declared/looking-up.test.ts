/** What a declared tool looks up and checks before anybody is asked, at a real server; and every way in which that can go wrong. */
import { describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { KETTLE, answerJson } from '../support/shop-server.ts';
import type { PreparedAction } from '../../src/tools/define-tool.ts';
import { prepare, ready } from '../tools/act.ts';
import { loadedTool, realPorts } from './support.ts';
import { INPUT, eur, ports, purchase, secrets, shop, useShop } from './use-shop.ts';

useShop();
const whyNot = (prepared: PreparedAction): string => (prepared.kind === 'ready' ? 'it was ready' : prepared.why);

describe('what is looked up', () => {
  test('S10: with the secret in its header, which nothing of what is shown or recorded holds', async () => {
    const prepared = await ready(purchase(), INPUT, ports());
    expect(shop.seen).toMatchObject([
      { method: 'GET', url: '/items/A-17', headers: { authorization: 'Bearer planted-shop-secret' } },
    ]);
    const { facts, preview, summary } = prepared;
    expect(JSON.stringify({ facts, preview, summary })).not.toContain('planted');
    expect(facts).toEqual({
      declaration: expect.stringMatching(/^[0-9a-f]{64}$/),
      request: `POST ${shop.origin}/orders`,
      bodySha: expect.stringMatching(/^[0-9a-f]{64}$/),
      lookedUp: KETTLE,
      lookedUpSha: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await prepared.perform(new AbortController().signal);
    expect(shop.orders()).toMatchObject([{ headers: { authorization: 'Bearer planted-shop-secret' } }]);
  });

  test('the same twice is the same digest: nothing in it is of the moment', async () => {
    const [one, other] = [await ready(purchase(), INPUT, ports()), await ready(purchase(), INPUT, ports())];
    expect({ ...other, perform: null }).toEqual({ ...one, perform: null });
  });

  const answers: readonly (readonly [what: string, why: RegExp, look: (response: ServerResponse) => void])[] = [
    [
      'a redirect',
      /answered 302/,
      (response) => response.writeHead(302, { location: `${shop.origin}/items/A-18` }).end(),
    ],
    ['not found', /answered 404/, (response) => answerJson(response, 404, KETTLE)],
    ['a server error', /answered 500/, (response) => answerJson(response, 500, KETTLE)],
    [
      'HTML',
      /not JSON/,
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>planted-page</p>'),
    ],
    [
      'JSON that calls itself a text',
      /not JSON/,
      (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(KETTLE)),
    ],
    ['no type at all', /not JSON/, (response) => response.writeHead(200).end(JSON.stringify(KETTLE))],
    [
      'half of JSON',
      /not JSON/,
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"title":"planted'),
    ],
    ['nothing', /not JSON/, (response) => response.writeHead(200, { 'content-type': 'application/json' }).end()],
    ['a list', /no "title"/, (response) => answerJson(response, 200, [KETTLE])],
    ['null', /no "title"/, (response) => answerJson(response, 200, null)],
    ['no price', /no "price"/, (response) => answerJson(response, 200, { ...KETTLE, price: undefined })],
    ['a price that is null', /no "price"/, (response) => answerJson(response, 200, { ...KETTLE, price: null })],
    [
      'a price in words',
      /"price" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, price: '12.50 EUR planted' }),
    ],
    [
      'a price of half a cent',
      /"price" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, price: { minor: 1250.5, currency: 'EUR' } }),
    ],
    [
      'a price below nothing',
      /"price" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, price: eur(-1250) }),
    ],
    [
      'a price in no currency',
      /"price" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, price: { minor: 1250, currency: 'eur' } }),
    ],
    [
      'a price and more',
      /"price" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, price: { ...eur(1250), planted: 1 } }),
    ],
    ['a stock in words', /"stock" of the answer/, (response) => answerJson(response, 200, { ...KETTLE, stock: '5' })],
    [
      'a title of two lines',
      /"title" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, title: 'planted\nTotal: 1.00 EUR' }),
    ],
    [
      'a title that moves the cursor',
      /"title" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, title: 'planted\u001b[2K' }),
    ],
    [
      'a title of 501 characters',
      /"title" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, title: 'x'.repeat(501) }),
    ],
    [
      'a title that is a number',
      /"title" of the answer/,
      (response) => answerJson(response, 200, { ...KETTLE, title: 5 }),
    ],
    [
      'a title of the prototype',
      /no "title"/,
      (response) => answerJson(response, 200, { price: KETTLE.price, stock: 5 }),
    ],
    ['300 KB', /not JSON/, (response) => answerJson(response, 200, { ...KETTLE, more: 'x'.repeat(300_000) })],
    [
      'nested without end',
      /not JSON/,
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(100_000)),
    ],
    [
      'a number beyond all',
      /"stock" of the answer/,
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"title":"a","price":{"minor":1250,"currency":"EUR"},"stock":1e999}'),
    ],
    ['no answer', /the connection was open, and no answer came/, (response) => response.destroy()],
  ];
  test.each(answers)('S2: %s: nobody is asked, and nothing of the answer is told', async (_what, why, look) => {
    shop.look = (_seen, response) => look(response);
    const prepared = await prepare(purchase(), INPUT, ports());
    expect(prepared.kind).toBe('failed');
    expect(whyNot(prepared)).toMatch(why);
    expect(whyNot(prepared)).not.toMatch(/planted|secret/);
    expect(shop.seen).toHaveLength(1);
  });

  test('S7: more than can be recorded fails before anybody is asked, however it is escaped', async () => {
    const long = purchase((text) =>
      text.replace('at: /title, kind: text', 'at: /title, kind: text, maxLength: 50000, multiline: true'),
    );
    shop.items.set('A-17', { ...KETTLE, title: 'x'.repeat(50_000) });
    expect((await prepare(long, INPUT, ports())).kind).toBe('ready');
    shop.items.set('A-17', { ...KETTLE, title: '"'.repeat(50_000) });
    expect(whyNot(await prepare(long, INPUT, ports()))).toContain('what the answer says is larger than 65536 bytes');
  });

  test('S10: a secret that cannot be had, and an address that nobody opened, fail before anything is called', async () => {
    expect(whyNot(await prepare(purchase(), INPUT, realPorts([shop.origin])))).toContain(
      'the secret "shop" cannot be had',
    );
    const far = purchase((text) => text.replace("{item}'", "{item}?tenant={item}'"));
    expect(whyNot(await prepare(far, INPUT, realPorts([], secrets)))).toContain(
      `(GET ${shop.origin}/items/{item}) could not be`,
    );
    expect(shop.seen).toEqual([]);
  });

  test('a server that repeats the secret does not get it into the preview', async () => {
    shop.look = ({ headers }, response) =>
      answerJson(response, 200, { ...KETTLE, title: `for ${String(headers['authorization'])}` });
    const { preview } = await ready(purchase(), INPUT, ports());
    expect(JSON.stringify(preview)).toContain('[secret shop]');
    expect(JSON.stringify(preview)).not.toContain('planted');
  });
});

describe('S11: what a server says cannot pass for what code says', () => {
  test('a title among other words is quoted, whatever it is', async () => {
    shop.items.set('A-17', { ...KETTLE, title: 'Kettle" for 1.00 EUR, and "x' });
    const { summary, preview } = await ready(purchase(), INPUT, ports());
    expect(summary).toBe('2 × "Kettle\\" for 1.00 EUR, and \\"x" for 25.00 EUR');
    expect(preview[0]?.text).toBe('"Kettle\\" for 1.00 EUR, and \\"x" (A-17)');
    expect(preview[0]?.label).toMatch(/^Item \(title: as 127\.0\.0\.1:\d+ says\)$/);
  });
});

describe('S1: what a server says is encoded for its place like what the model says', () => {
  const order = () =>
    loadedTool(`version: 1
tools:
  - name: order_again
    description: Orders again.
    permission: purchase
    arguments: { item: { kind: text, description: which } }
    prepare:
      url: '${shop.origin}/items/{item}'
      fields: { last: { at: /last, kind: text, multiline: true } }
    request:
      method: POST
      url: '${shop.origin}/orders/{last}/again?as={last}'
      headers: { x-last: '{last}' }
      json: { last: '{last}' }
    outcome: { done: [2xx] }
    summary: '{item}, like {last}'
`);
  test.each(['../../admin', '..', '', 'a/b', 'a%2fb', 'x\r\nx-admin: yes', '{{secret:shop}}', 'ä'])(
    '%j is refused',
    async (last) => {
      shop.items.set('A-17', { last });
      expect((await prepare(order(), { item: 'A-17' }, ports())).kind).toBe('failed');
      expect(shop.orders()).toEqual([]);
    },
  );

  test.each(['x?role=admin', 'x&role=admin', 'x#y', '","admin":true,"', '{item}', '$&'])(
    '%j stays one value',
    async (last) => {
      shop.items.set('A-17', { last });
      await (await ready(order(), { item: 'A-17' }, ports())).perform(new AbortController().signal);
      const [seen, ...more] = shop.orders();
      expect(more).toEqual([]);
      const url = new URL(seen?.url ?? '', shop.origin);
      expect([url.pathname, [...url.searchParams]]).toEqual([
        `/orders/${encodeURIComponent(last)}/again`,
        [['as', last]],
      ]);
      expect(seen?.headers['x-last']).toBe(last);
      expect(JSON.parse(seen?.body ?? '')).toEqual({ last });
    },
  );
});

describe('what must hold', () => {
  const cases: readonly (readonly [what: string, input: object, item: object, why: string])[] = [
    ['a total that is too high', { total: eur(2501) }, {}, '"total" is 25.01 EUR, and must be "price" × "quantity"'],
    ['a total of one cent', { total: eur(1) }, {}, '"total" is 0.01 EUR, and must be "price" × "quantity"'],
    ['the same number in another currency', { total: { minor: 2500, currency: 'USD' } }, {}, '"total" is 25.00 USD'],
    ['more than there is', { quantity: 6, total: eur(7500) }, {}, '"quantity" is 6, and must be at most "stock"'],
    ['a product beyond all amounts', {}, { price: eur(10 ** 12) }, '"total" cannot be compared'],
  ];
  test.each(cases)('%s', async (_what, input, item, why) => {
    shop.items.set('A-17', { ...KETTLE, ...item });
    expect(whyNot(await prepare(purchase(), { ...INPUT, ...input }, ports()))).toContain(why);
    expect(shop.orders()).toEqual([]);
  });

  test('what no doubles can tell apart as fractions is exact in minor units', async () => {
    shop.items.set('A-17', { ...KETTLE, price: eur(10), stock: 99 });
    expect((await prepare(purchase(), { ...INPUT, quantity: 3, total: eur(30) }, ports())).kind).toBe('ready');
  });

  test.each<[what: string, requirement: string, why: string]>([
    [
      'an argument of a field',
      '{ field: quantity, atMost: { field: stock } }',
      '"quantity" is 99, and must be at most "stock"',
    ],
    ['a field of an argument', '{ field: stock, equals: { field: quantity } }', '"stock" must be "quantity" (99)'],
    ['a field of the file', '{ field: title, equals: { value: jug } }', '"title" must be jug'],
    ['an amount of the file', '{ field: price, atMost: { value: 1.00 EUR } }', '"price" must be at most 1.00 EUR'],
    ['a field of a field', '{ field: title, equals: { field: item } }', '"title" must be "item" (A-17)'],
    [
      'an argument of a product',
      '{ field: total, equals: { product: [price, stock] } }',
      '"total" is 12.00 EUR, and must be "price" × "stock"',
    ],
  ])('S4: what was looked up is told to nobody before a person answers: %s', async (_what, requirement, why) => {
    shop.items.set('A-17', { title: 'planted-title', price: eur(7_654_321), stock: 77 });
    const tool = purchase((text) => text.replace(/- \{ field: total, equals.*/, `- ${requirement}\n        $&`));
    const told = whyNot(await prepare(tool, { item: 'A-17', quantity: 99, total: eur(1200) }, ports()));
    expect(told).toContain(why);
    // What was said before: the value that was looked up, or a product of it.
    expect(told).not.toMatch(/planted|76.?543|77|5893827/);
  });
});
