/** Tools that are declared in a file, behind the real guard: real sessions, a real shop on a socket. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { loadedTool, purchaseYaml, realPorts } from '../declared/support.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, until, verdict } from '../support/harness.ts';
import type { ShopServer } from '../support/shop-server.ts';
import { KETTLE, startShop } from '../support/shop-server.ts';

const POLICY = `
version: 1
profiles:
  buyer: { grant: [purchase], startable: true }
  reader: { grant: [read_files], startable: true }
defaultProfile: buyer
approval: { by: [owner] }
rules:
  - { id: cheap, tool: purchase, allow: { item: { any: true }, quantity: { any: true }, total: { max: 20.00 EUR } } }
  - { id: dear, tool: purchase, ask: { item: { any: true }, quantity: { any: true }, total: { min: 20.01 EUR, max: 100.00 EUR } } }
limits:
  sums:
    - { id: spend, tool: purchase, argument: total, max: 150.00 EUR }
`;

let shop: ShopServer;
let harness: Harness;
/** What the worker's tool does now: a worker that is started with another file has another one. */
let current: Tool;

beforeAll(async () => {
  shop = await startShop();
  current = loadedTool(purchaseYaml(shop.origin));
  const tool: Tool = { ...current, open: (args, ports) => current.open(args, ports) };
  harness = await startHarness({ policy: POLICY, tools: [tool], world: realPorts([shop.origin]) });
});
afterAll(async () => {
  await harness.stop();
  await shop.close();
});
beforeEach(() => {
  current = loadedTool(purchaseYaml(shop.origin));
  shop.seen.splice(0);
  shop.items.set('A-17', KETTLE);
  shop.order = undefined;
  shop.look = undefined;
});

const eur = (minor: number): object => ({ minor, currency: 'EUR' });
const buy = (quantity: number, minor: number, more = {}): Promise<Session> =>
  harness.start({
    goal: 'buy',
    actions: [{ tool: 'purchase', input: { item: 'A-17', quantity, total: eur(minor) } }],
    ...more,
  });
const askedAnew = (session: Session, older: ApprovalRequest): Promise<ApprovalRequest> =>
  until(async () => (await session.state()).waiting.find(({ id }) => id !== older.id));

describe('a declared tool behind the guard', () => {
  test('S1: what the policy allows is done at once, with one order and one idempotency key', async () => {
    const session = await buy(1, 1250);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    const [order, ...more] = shop.orders();
    expect(more).toEqual([]);
    expect(order).toMatchObject({ method: 'POST', url: '/orders' });
    expect(JSON.parse(order?.body ?? '')).toEqual({ item: 'A-17', quantity: 1, unitPrice: 1250, currency: 'EUR' });
    expect(order?.headers['idempotency-key']).toMatch(/^[-0-9a-f]{36}$/);
  });

  test('S4, S11: what asks shows item, price and the very request, says whose words they are, and sends exactly that', async () => {
    const session = await buy(2, 2500);
    const request = await session.request();
    expect(request.summary).toBe('2 × "Blue kettle" for 25.00 EUR');
    const server = shop.origin.replace('http://', '');
    expect(request.preview.slice(0, 4)).toEqual([
      { label: `Item (title: as ${server} says)`, text: '"Blue kettle" (A-17)' },
      { label: `Unit price (price: as ${server} says)`, text: '12.50 EUR' },
      { label: 'Total', text: '25.00 EUR' },
      { label: 'Request', text: `POST ${shop.origin}/orders` },
    ]);
    const shown = request.preview.find(({ label }) => label.startsWith('Body ('))?.text;
    expect(shop.orders()).toEqual([]);
    await session.signal(verdict(request, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(shop.orders().map(({ body }) => body)).toEqual([shown]);
  });

  test('S2: a profile without the permission, and an amount that no rule opens, are denied, and nothing is looked up', async () => {
    for (const session of [await buy(1, 1250, { profile: 'reader' }), await buy(9, 11250)])
      expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(shop.seen).toEqual([]);
  });

  test('S11: what a server hides in a title is made visible, in the summary too', async () => {
    shop.items.set('A-17', { ...KETTLE, title: 'Kettle\u202E\u200B' });
    const session = await buy(2, 2500);
    const request = await session.request();
    expect(request.summary).toContain('Kettle⟨U+202E⟩⟨U+200B⟩');
    expect(request.preview[0]?.text).toContain('Kettle⟨U+202E⟩⟨U+200B⟩');
    expect(JSON.stringify(request.preview)).not.toMatch(/[\u202E\u200B]/);
    await session.signal(verdict(request, 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
  });

  test('S11: what is too large to be shown whole is denied, and never cut', async () => {
    const long = (text: string): string => text.replace('kind: text }', 'kind: text, maxLength: 50000 }');
    current = loadedTool(long(purchaseYaml(shop.origin)));
    shop.items.set('A-17', { ...KETTLE, title: '\u200B'.repeat(15_000) });
    const session = await buy(2, 2500);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(shop.orders()).toEqual([]);
  });

  test('a sum over a session counts the amounts of a declared tool', async () => {
    const input = { item: 'A-17', quantity: 4, total: eur(5000) };
    const session = await harness.start({
      goal: 'buy',
      actions: Array.from({ length: 4 }, (_, index) => ({
        tool: 'purchase',
        input: { ...input, item: `A-17${'x'.repeat(index)}` },
      })),
    });
    for (const item of ['A-17x', 'A-17xx', 'A-17xxx']) shop.items.set(item, KETTLE);
    const answered = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      const request = await until(async () => (await session.state()).waiting.find(({ id }) => !answered.has(id)));
      answered.add(request.id);
      await session.signal(verdict(request, 'approve', harness.alice));
    }
    const { actions } = await session.result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'denied']);
    expect(shop.orders()).toHaveLength(3);
  });
});

describe('S4: what changed since the person looked is asked again', () => {
  const changes: readonly (readonly [what: string, change: () => void, shown: string])[] = [
    ['the title', () => shop.items.set('A-17', { ...KETTLE, title: 'Red kettle' }), 'Red kettle'],
    ['the stock, which is shown nowhere', () => shop.items.set('A-17', { ...KETTLE, stock: 4 }), 'Blue kettle'],
    [
      'a fixed part of the request',
      () =>
        (current = loadedTool(
          purchaseYaml(shop.origin, { body: "{ item: '{item}', to: 'elsewhere', n: '{quantity}' }" }),
        )),
      'elsewhere',
    ],
    [
      'what counts as done, which is shown nowhere',
      () => (current = loadedTool(purchaseYaml(shop.origin).replace('done: [200, 201]', 'done: [2xx]'))),
      'Blue kettle',
    ],
  ];
  test.each(changes)('%s', async (_what, change, shown) => {
    const session = await buy(2, 2500);
    const first = await session.request();
    change();
    await session.signal(verdict(first, 'approve', harness.alice));
    const second = await askedAnew(session, first);
    expect(shop.orders()).toEqual([]);
    expect(JSON.stringify(second.preview)).toContain(shown);
    await session.signal(verdict(second, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(shop.orders()).toHaveLength(1);
  });

  test('a price that no longer makes the total fails after the approval, and nothing is ordered', async () => {
    const session = await buy(2, 2500);
    const first = await session.request();
    shop.items.set('A-17', { ...KETTLE, price: { minor: 9900, currency: 'EUR' } });
    await session.signal(verdict(first, 'approve', harness.alice));
    const { actions } = await session.result();
    expect(actions).toMatchObject([{ outcome: 'failed' }]);
    expect(shop.orders()).toEqual([]);
  });
});

/** A person is asked what became of it, and denies that it be done again. */
async function leaveUnknown(session: Session): Promise<void> {
  await session.signal(verdict(await session.request(), 'deny', harness.alice));
}

describe('S7: what cannot be known is unknown, and is not done again', () => {
  test('the shop orders, and the line breaks before it answers', async () => {
    shop.order = (_seen, response) => response.destroy();
    const session = await buy(1, 1250);
    await leaveUnknown(session);
    expect((await session.result()).actions[0]?.outcome).toBe('unknown');
    expect(shop.orders()).toHaveLength(1);
  });

  test('what a person has tried again bears the key of the first try', async () => {
    shop.order = (_seen, response) => response.destroy();
    const session = await buy(1, 1250);
    const question = await session.request();
    shop.order = undefined;
    await session.signal(verdict(question, 'approve', harness.alice));
    await session.result();
    const keys = shop.orders().map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test('a server error, which the file says nothing of', async () => {
    shop.order = (_seen, response) => response.writeHead(500).end();
    const session = await buy(1, 1250);
    await leaveUnknown(session);
    expect((await session.result()).actions[0]?.outcome).toBe('unknown');
    expect(shop.orders()).toHaveLength(1);
  });

  test('a refusal of the shop is a failure', async () => {
    shop.order = (_seen, response) => response.writeHead(402).end();
    const session = await buy(1, 1250);
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'failed' }] });
    expect(shop.orders()).toHaveLength(1);
  });
});
