/** Limits, flows, cost and shadow mode on a real server: what the workflow counts, and the guard decides by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { outcomesOf } from '../support/outcomes.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, until, verdict } from '../support/harness.ts';
import { leave } from '../support/what-became.ts';
import type { SaidCall, Shop } from '../support/shop.ts';
import { createShop, modelThatSays } from '../support/shop.ts';

const BASE = `version: 1
profiles: { shopper: { grant: [purchase, read_files], startable: true } }
defaultProfile: shopper
approval: { by: [owner], expires: 1h }
prices: { priced-model: { asOf: 2026-11-01, input: 10, cacheWrite: 20, cacheRead: 5, output: 50 } }
`;
const ALLOW = `rules:
  - { id: buying, tool: buy, allow: { item: { any: true }, price: { any: true } } }
  - { id: reading, tool: [browse, recall], allow: { about: { any: true } } }
`;
const ASK = ALLOW.replace('tool: buy, allow', 'tool: buy, ask');
const SUM = 'limits: { sums: [{ id: spend, tool: buy, argument: price, max: 10.00 EUR }] }\n';

let harness: Harness;
let shop: Shop;
let said: readonly (readonly SaidCall[])[] = [];

beforeAll(async () => {
  shop = createShop();
  harness = await startHarness({
    policy: BASE + ALLOW,
    candidate: BASE + ALLOW,
    tools: shop.tools,
    think: modelThatSays(() => said),
  });
});
afterAll(() => harness.stop());
beforeEach(async () => {
  shop.bought.length = 0;
  shop.perform = undefined;
  await harness.writeCandidate(BASE + ALLOW);
});

const buy = (item: string, minor: number): SaidCall => ({
  name: 'buy',
  input: { item, price: { minor, currency: 'EUR' } },
});
const look = (name: 'browse' | 'recall', about = 'x'): SaidCall => ({ name, input: { about } });

function converse(policy: string, ...turns: readonly (readonly SaidCall[])[]): Promise<Session> {
  harness.writePolicy(policy);
  said = turns;
  return harness.start({ goal: 'shop', model: 'priced-model' });
}

describe('sums', () => {
  test('calls of one turn cannot share what is left: they are judged one after another', async () => {
    const session = await converse(BASE + ALLOW + SUM, [buy('a', 600), buy('b', 600), buy('c', 400), buy('d', 1)]);
    const { actions } = await session.result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['done', 'denied', 'done', 'denied']);
    expect(shop.bought).toEqual(['a', 'c']);
  });

  test('what waits for a person is reserved, and free again when it is denied', async () => {
    const session = await converse(BASE + ASK + SUM, [buy('a', 600), buy('b', 600)], [buy('c', 600)]);
    const [request] = await session.waiting();
    // The second of the turn was judged while the first waits.
    await until(async () => ((await session.state()).actions[1]?.outcome === 'denied' ? true : undefined));
    await session.update(verdict(request as never, 'deny', harness.alice));
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    const { actions } = await session.result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['denied', 'denied', 'done']);
    expect(shop.bought).toEqual(['c']);
  });

  test('what may have happened is spent', async () => {
    shop.perform = async () => ({ kind: 'unknown', why: 'the line was cut' });
    const session = await converse(BASE + ALLOW + SUM, [buy('a', 600)], [buy('b', 600)]);
    await leave(session, harness.alice);
    const { actions } = await session.result();
    expect(actions.map(({ callId, outcome }) => `${callId} ${outcome}`)).toEqual([
      'c1 unknown',
      'c1-2 denied',
      'c2 denied',
    ]);
  });

  test('a limit that is written while a session runs counts what was spent before', async () => {
    harness.writePolicy(BASE + ASK);
    said = [[buy('a', 600)], [buy('b', 600)]];
    const session = await harness.start({ goal: 'shop', model: 'priced-model' });
    await session.update(verdict(await session.request(), 'approve', harness.alice));
    const second = await session.request();
    harness.writePolicy(BASE + ASK + SUM);
    const answer = await session.update(verdict(second, 'approve', harness.alice));
    expect(answer).toMatchObject({ outcome: 'denied', text: expect.stringContaining('limits.sums "spend"') });
    await session.result();
    expect(shop.bought).toEqual(['a']);
  });
});

describe('the same action again', () => {
  const SAME = 'limits: { sameAction: { buy: 1 } }\n';

  test('in one turn and in the next: denied, whatever order its arguments are written in', async () => {
    const again = { name: 'buy', input: { price: { currency: 'EUR', minor: 600 }, item: 'a' } };
    const session = await converse(BASE + ALLOW + SAME, [buy('a', 600), again], [buy('a', 600), buy('a', 601)]);
    const { actions } = await session.result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['done', 'denied', 'denied', 'done']);
    expect(shop.bought).toEqual(['a', 'a']);
  });

  test('S2: a session that began before the limit does not count, so it is denied', async () => {
    const session = await converse(BASE + ASK, [buy('a', 600)]);
    const request = await session.request();
    harness.writePolicy(BASE + ASK + SAME);
    expect(await session.update(verdict(request, 'approve', harness.alice))).toMatchObject({
      outcome: 'denied',
      text: expect.stringContaining('start a new one'),
    });
    await session.result();
    expect(shop.bought).toEqual([]);
  });
});

describe('flows', () => {
  const FLOW = `flows: { rules: [{ id: steered, when: [untrusted, private], tool: buy, then: ask, why: A page may steer it. }] }\n`;

  test('once both were seen, what was allowed asks, and a person sees why', async () => {
    const session = await converse(BASE + ALLOW + FLOW, [look('browse'), buy('a', 1)], [look('recall')], [buy('b', 1)]);
    const request = await session.request();
    expect(request).toMatchObject({ rule: 'steered', why: expect.stringContaining('private and untrusted') });
    expect(shop.bought).toEqual(['a']);
    await session.update(verdict(request, 'approve', harness.alice));
    expect((await session.result()).end).toBe('completed');
    expect(shop.bought).toEqual(['a', 'b']);
    expect((await session.state()).labels).toEqual(['untrusted', 'private']);
  });

  test('a failed read counts: its text was seen, too', async () => {
    const session = await converse(BASE + ALLOW + FLOW, [look('browse', 'broken'), look('recall')], [buy('b', 1)]);
    expect(await session.request()).toMatchObject({ rule: 'steered' });
    await session.handle.cancel();
    await session.result();
  });

  test('results of the same turn could not have steered what was proposed with them', async () => {
    const session = await converse(BASE + ALLOW + FLOW, [look('browse'), look('recall'), buy('a', 1)]);
    expect((await session.result()).end).toBe('completed');
    expect(shop.bought).toEqual(['a']);
  });
});

describe('cost', () => {
  // Each turn: 500 fresh × 10 + 100 written × 20 + 400 read × 5 + 100 out × 50, per million.
  const TURN = 0.014;

  test('is counted by the prices of the day the session began, and told', async () => {
    const session = await converse(BASE + ALLOW, [look('browse')]);
    expect(await session.result()).toMatchObject({ cost: { usd: 2 * TURN, pricesOf: '2026-11-01' } });
  });

  test('over its limit the session ends, and what was proposed last is not run', async () => {
    const session = await converse(`${BASE}${ALLOW}limits: { cost: 0.02 USD }\n`, [look('browse')], [buy('a', 1)]);
    expect(await session.result()).toMatchObject({ end: 'limit', why: expect.stringContaining('0.02 USD') });
    expect(shop.bought).toEqual([]);
  });

  test('S2: a limited session whose model has no known price does not begin to think', async () => {
    harness.writePolicy(`${BASE}${ALLOW}limits: { cost: 5.00 USD }\n`);
    said = [[buy('a', 1)]];
    const session = await harness.start({ goal: 'shop', model: 'another-model' });
    expect(await session.result()).toMatchObject({ end: 'limit', turns: 0, cost: 'unknown' });
    expect(shop.bought).toEqual([]);
  });

  test('S2: when another model answers than the one that was priced, the cost is not known', async () => {
    harness.writePolicy(`${BASE}${ALLOW}limits: { cost: 5.00 USD }\n`);
    said = [[buy('a', 1)]];
    const session = await harness.start({ goal: 'shop', model: 'claude-opus-5-5' });
    expect(await session.result()).toMatchObject({ end: 'limit', turns: 1, cost: 'unknown' });
    expect(shop.bought).toEqual([]);
  });

  test('without a limit an unknown price stops nothing and is never called nothing', async () => {
    harness.writePolicy(BASE + ALLOW);
    said = [[buy('a', 1)]];
    const session = await harness.start({ goal: 'shop', model: 'another-model' });
    expect(await session.result()).toMatchObject({ end: 'completed', cost: 'unknown' });
  });

  test('whoever starts a session may only lower the limit', async () => {
    harness.writePolicy(`${BASE}${ALLOW}limits: { cost: 0.02 USD }\n`);
    said = [[look('browse')], [look('browse')]];
    const session = await harness.start({ goal: 'shop', model: 'priced-model', limits: { costUsd: 100 } });
    expect(await session.result()).toMatchObject({ end: 'limit', turns: 2 });
  });
});

describe('shadow mode', () => {
  test('a candidate that decides otherwise is recorded, and nothing else follows from it', async () => {
    await harness.writeCandidate(BASE + ASK);
    const session = await converse(BASE + ALLOW, [buy('a', 1), look('browse')]);
    expect((await session.result()).actions.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    const outcomes = (await outcomesOf(session.handle)) as readonly { decision: { rule: string } }[];
    const [bought, looked] = ['buying', 'reading'].map((rule) =>
      outcomes.find(({ decision }) => decision.rule === rule),
    );
    expect(bought).toMatchObject({
      kind: 'done',
      decision: {
        kind: 'allow',
        rule: 'buying',
        candidate: { kind: 'ask', rule: 'buying', policySha: expect.any(String) },
      },
    });
    expect(looked).not.toHaveProperty('decision.candidate');
  });

  test('a candidate that would allow lets nothing through: the question is asked, and says so in the history', async () => {
    const session = await converse(BASE + ASK, [buy('a', 1)]);
    const request = await session.request();
    expect(shop.bought).toEqual([]);
    await session.update(verdict(request, 'deny', harness.alice));
    await session.result();
    const [asked] = await outcomesOf(session.handle);
    expect(asked).toMatchObject({ kind: 'approvalNeeded', candidate: { kind: 'allow', rule: 'buying' } });
  });

  test('a candidate that is broken is recorded as that, and stops nothing', async () => {
    await harness.writeCandidate('version: 2');
    const session = await converse(BASE + ALLOW, [buy('a', 1)]);
    await session.result();
    const [bought] = await outcomesOf(session.handle);
    expect(bought).toMatchObject({ kind: 'done', decision: { candidate: { kind: 'broken' } } });
    expect(shop.bought).toEqual(['a']);
  });
});
