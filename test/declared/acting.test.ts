/** What a declared tool sends, and what the answer of a real server means. */
import { describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { SeenRequest } from '../support/shop-server.ts';
import { KETTLE, answerJson, startShop } from '../support/shop-server.ts';
import { toolVersion } from '../../src/activities/guard-case.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import type { Ready } from '../tools/act.ts';
import { PLACE, act, prepare, ready } from '../tools/act.ts';
import { loadedTool, purchaseYaml, realPorts } from './support.ts';
import { INPUT, eur, ports, purchase, shop, useShop } from './use-shop.ts';

useShop();

describe('S4: a declaration that changed since a person looked', () => {
  const NAIVE = (tool: Tool, prepared: Ready): unknown => [toolVersion(tool), prepared.preview, prepared.summary];
  const changes: readonly (readonly [what: string, change: (text: string) => string])[] = [
    [
      'what counts as done',
      (text) => text.replace('done: [200, 201]', 'done: [2xx, 4xx]').replace('failed: [4xx]', ''),
    ],
    ['what must hold', (text) => text.replace(/ +- \{ field: quantity, atMost.*\n/, '')],
    ['where the price is read', (text) => text.replace('price: { at: /price,', 'price: { at: /other,')],
    ['what the model is told', (text) => text.replace('Ordered: order', 'Sold out, try again: order')],
    ['how its results are marked', (text) => text.replace('    arguments:', '    labels: []\n    arguments:')],
  ];
  test.each(changes)('%s: neither version nor preview show it, the facts do', async (_what, change) => {
    shop.items.set('A-17', { ...KETTLE, other: KETTLE.price });
    const [before, after] = [purchase(), purchase(change)];
    const [first, second] = [await ready(before, INPUT, ports()), await ready(after, INPUT, ports())];
    expect(NAIVE(after, second)).toEqual(NAIVE(before, first));
    expect(second.facts['declaration']).not.toBe(first.facts['declaration']);
  });
});

describe('what is sent', () => {
  test('one idempotency key for every pass and for a second try, another for another action', async () => {
    const keyOf = async (input: object, place = PLACE): Promise<string> => {
      const prepared = await prepare(purchase(), { ...INPUT, ...input }, ports(), place);
      if (prepared.kind !== 'ready') throw new Error(prepared.why);
      await prepared.perform(new AbortController().signal);
      return String(shop.orders().at(-1)?.headers['idempotency-key']);
    };
    const first = await keyOf({});
    expect(await keyOf({})).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // A name that changed meanwhile makes no second order of the first one.
    shop.items.set('A-17', { ...KETTLE, title: 'Red kettle' });
    expect(await keyOf({})).toBe(first);
    // What a person has tried again is a call of its own, of the same action.
    expect(await keyOf({}, { ...PLACE, callId: 'c2' })).toBe(first);
    for (const other of [
      await keyOf({ item: 'A-18' }),
      await keyOf({}, { ...PLACE, callId: 'c2', firstCallId: 'c2' }),
      await keyOf({}, { ...PLACE, chainId: 'other' }),
    ])
      expect(other).not.toBe(first);
  });

  test('S4: the very bytes that were shown, whatever the server says by then', async () => {
    const prepared = await ready(purchase(), INPUT, ports());
    shop.items.set('A-17', { ...KETTLE, price: eur(9900) });
    await prepared.perform(new AbortController().signal);
    expect(shop.seen.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(shop.orders()[0]?.body).toBe(prepared.preview.at(-1)?.text);
  });

  test('values keep their JSON types; what is not given is left out', async () => {
    const tool = loadedTool(`version: 1
tools:
  - name: set_up
    description: Sets up.
    permission: publish
    arguments:
      n: { kind: number, decimals: true, description: n }
      yes: { kind: flag, description: f }
      all: { kind: text, list: 5, description: l }
      amount: { kind: money, description: m }
      maybe: { kind: text, optional: true, description: o }
    request:
      method: PUT
      url: ${shop.origin}/set?n={n}&maybe={maybe}
      headers: { x-maybe: '{maybe}', x-n: '{n}' }
      json: { n: '{n}', yes: '{yes}', all: '{all}', amount: '{amount}', words: 'pay {amount}', price: '{amount.decimal}', maybe: '{maybe}', fixed: [1, null, '{maybe}'] }
    outcome: { done: [2xx] }
    summary: '{n} {yes} {all} {amount} {maybe}'
`);
    const input = { n: 0.5, yes: false, all: ['a', 'b c'], amount: eur(5) };
    const prepared = await ready(tool, input, ports());
    expect(prepared.summary).toBe('0.5 false a, "b c" 0.05 EUR (none)');
    await prepared.perform(new AbortController().signal);
    const [seen] = shop.orders();
    expect(seen?.url).toBe('/set?n=0.5');
    expect(seen?.headers).toMatchObject({ 'x-n': '0.5', 'content-type': 'application/json' });
    expect(seen?.headers['x-maybe']).toBeUndefined();
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      n: 0.5,
      yes: false,
      all: ['a', 'b c'],
      amount: eur(5),
      words: 'pay 0.05 EUR',
      price: '0.05',
      fixed: [1, null],
    });
  });
});

describe('a tool that only reads', () => {
  const look = (outcome = '') =>
    loadedTool(`version: 1
tools:
  - name: look_up
    description: Looks.
    permission: make_api_calls
    arguments: { id: { kind: text, description: which } }
    request: { method: GET, url: '${shop.origin}/items/{id}' }
    summary: '{id}'
    ${outcome}
`);

  test('sends one GET without body or key, and tells the answer', async () => {
    expect(await act(look(), { id: 'A-17' }, ports())).toMatchObject({
      kind: 'done',
      text: `HTTP 200\n\n${JSON.stringify(KETTLE)}`,
    });
    expect(shop.seen).toMatchObject([{ method: 'GET', url: '/items/A-17', body: '' }]);
    expect(Object.keys(shop.seen[0]?.headers ?? {}).filter((name) => /content|idempotency/.test(name))).toEqual([]);
  });

  test('every other answer, and none, is a failure: nothing is in doubt', async () => {
    expect(await act(look(), { id: 'none' }, ports())).toMatchObject({
      kind: 'failed',
      text: expect.stringContaining('HTTP 404'),
    });
    expect((await act(look('outcome: { done: [404] }'), { id: 'none' }, ports())).kind).toBe('done');
    shop.look = (_seen, response) => response.destroy();
    expect((await act(look(), { id: 'A-17' }, ports())).kind).toBe('failed');
    expect((await act(look(), { id: 'A-17' }, realPorts([]))).kind).toBe('failed');
  });
});

describe('S7: what an answer means', () => {
  const BODY_TEST =
    'done: [{ status: 200, at: /state, equals: paid }]\n      failed: [4xx, { status: 200, at: /state, equals: refused }]';
  const byBody = (text: string): string => text.replace('done: [200, 201]\n      failed: [4xx]', BODY_TEST);
  const cases: readonly (readonly [
    what: string,
    kind: string,
    answer: (seen: SeenRequest, response: ServerResponse) => void,
    change?: (text: string) => string,
  ])[] = [
    ['201', 'done', (_, response) => answerJson(response, 201, { id: 7 })],
    ['200 without a body', 'done', (_, response) => response.writeHead(200).end()],
    ['202, of which nothing is said', 'unknown', (_, response) => answerJson(response, 202, {})],
    ['a redirect', 'unknown', (_, response) => response.writeHead(303, { location: '/orders/1' }).end()],
    ['400', 'failed', (_, response) => answerJson(response, 400, { error: 'no such item' })],
    ['499', 'failed', (_, response) => response.writeHead(499).end()],
    ['500', 'unknown', (_, response) => answerJson(response, 500, {})],
    ['503', 'unknown', (_, response) => response.writeHead(503).end()],
    ['the line breaks before an answer', 'unknown', (_, response) => response.destroy()],
    ['the line breaks within the head', 'unknown', (_, response) => response.socket?.end('HTTP/1.1 20')],
    ['a body test that holds', 'done', (_, response) => answerJson(response, 200, { state: 'paid' }), byBody],
    ['a body test that says no', 'failed', (_, response) => answerJson(response, 200, { state: 'refused' }), byBody],
    ['a body that says neither', 'unknown', (_, response) => answerJson(response, 200, { state: 'pending' }), byBody],
    [
      'a body test, and no JSON',
      'unknown',
      (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('{"state":"paid"}'),
      byBody,
    ],
    [
      'a body test, and half of the body',
      'unknown',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"state":"paid"', () => response.destroy());
      },
      byBody,
    ],
    [
      'a body test, and a state of another type',
      'unknown',
      (_, response) => answerJson(response, 200, { state: ['paid'] }),
      byBody,
    ],
    [
      'what is both',
      'unknown',
      (_, response) => answerJson(response, 200, { state: 'refused' }),
      (text) => text.replace('failed: [4xx]', 'failed: [{ status: 200, at: /state, equals: refused }]'),
    ],
  ];
  test.each(cases)('%s is %s', async (_what, kind, answer, change = (text) => text) => {
    shop.order = answer;
    expect((await act(purchase(change), INPUT, ports())).kind).toBe(kind);
    expect(shop.orders()).toHaveLength(1);
  });

  test('nothing that listens: the action is taken up again, for surely nothing happened', async () => {
    const other = await startShop();
    const tool = loadedTool(purchaseYaml(shop.origin).replace(`${shop.origin}/orders`, `${other.origin}/orders`));
    await other.close();
    const performed = await act(tool, INPUT, realPorts([shop.origin, other.origin]));
    expect(performed.kind).toBe('notPerformed');
  });

  test('the text of a result is made of the answer; a place that is not there is said to be none', async () => {
    shop.order = (_, response) => answerJson(response, 201, { id: { n: [1] } });
    expect(await act(purchase(), INPUT, ports())).toEqual({
      kind: 'done',
      text: 'Ordered: order {"n":[1]}',
      evidence: { status: 201, bytes: 16, result: 'Ordered: order {"n":[1]}' },
    });
    shop.order = (_, response) => answerJson(response, 201, { id: 'x'.repeat(200_000) });
    const long = await act(purchase(), INPUT, ports());
    expect(long.kind === 'done' ? JSON.stringify(long.evidence).length : 0).toBeLessThan(1100);
    shop.order = (_, response) => answerJson(response, 201, {});
    expect(await act(purchase(), INPUT, ports())).toMatchObject({ text: 'Ordered: order (not in the answer)' });
    expect(
      await act(
        purchase((text) => text.replace(/ {4}result: .*\n/, '')),
        INPUT,
        ports(),
      ),
    ).toMatchObject({ text: 'HTTP 201\n\n{}' });
  });
});
