/** The example's everyday actions under the example's policy: real sessions, the real shop, and what its database holds then. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { SessionResult } from '../../src/domain/session.ts';
import { tools } from '../../src/tools/index.ts';
import type { Everyday } from '../support/everyday.ts';
import { TOKEN, startEveryday } from '../support/everyday.ts';
import { examplePolicy } from '../support/example.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, until, verdict } from '../support/harness.ts';

let everyday: Everyday;
let harness: Harness;

beforeAll(async () => {
  everyday = await startEveryday();
  harness = await startHarness({
    policy: examplePolicy(),
    tools: [...tools, ...everyday.tools],
    world: everyday.world,
  });
});
afterAll(async () => {
  await harness.stop();
  await everyday.close();
});
beforeEach(() => void everyday.shop.store.setPrice('seeds', 475));

const eur = (minor: number): object => ({ minor, currency: 'EUR' });
const act = (...actions: readonly (readonly [tool: string, input: object])[]): Promise<Session> =>
  harness.start({ goal: 'everyday', actions: actions.map(([tool, input]) => ({ tool, input })) });
const seeds = (quantity: number, minor: number): readonly [string, object] => [
  'purchase',
  { item: 'seeds', quantity, at_most: eur(minor) },
];
const post = (content: string): readonly [string, object] => ['post_publicly', { channel: 'garden', content }];
const change = (more: object): readonly [string, object] => ['update_contact', { contact: 'alice', ...more }];

const shown = ({ preview }: ApprovalRequest): string =>
  preview.map(({ label, text }) => `${label.replace(/ \(.*: as .* says\)$/, '')}: ${text}`).join('\n');
const askedAnew = (session: Session, older: ApprovalRequest): Promise<ApprovalRequest> =>
  until(async () => (await session.state()).waiting.find(({ id }) => id !== older.id));
const approve = (session: Session, request: ApprovalRequest): Promise<void> =>
  session.signal(verdict(request, 'approve', harness.alice));
const deny = (session: Session, request: ApprovalRequest): Promise<void> =>
  session.signal(verdict(request, 'deny', harness.alice));
const told = async (session: Session, index = 0): Promise<string> => (await session.state()).actions[index]?.text ?? '';
/** Approves it, and the answer of the shop is lost: what the person is asked then. */
async function lost(session: Session, request: ApprovalRequest): Promise<ApprovalRequest> {
  everyday.shop.loseNextAnswer();
  await approve(session, request);
  const question = await askedAnew(session, request);
  expect(question.question?.kind).toBe('unknown');
  return question;
}
const outcomes = ({ actions }: SessionResult): readonly string[] => actions.map(({ outcome }) => outcome);

/** What happened in the shop meanwhile. */
async function newIn<T>(list: () => readonly T[], during: () => Promise<void>): Promise<readonly T[]> {
  const before = list().length;
  await during();
  return list().slice(0, list().length - before);
}
const newOrders = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.orders(), during);
const newPosts = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.posts(), during);
const newChanges = (during: () => Promise<void>): Promise<readonly object[]> =>
  newIn(() => everyday.shop.store.contactChanges(), during);

/** A stranger's change of the contact, past the agent. */
const strangersPhone = (phone: string): void => {
  const { version } = everyday.shop.store.contact('alice') ?? { version: '' };
  everyday.shop.store.changeContact({ key: `stranger-${phone}`, request: phone }, 'alice', version, { phone });
};

/** The key under which a request is sent, from what the person is shown. */
const keyOf = (request: ApprovalRequest): string => /^idempotency-key: (.+)$/m.exec(shown(request))?.[1] ?? '';
const bodyOf = ({ preview }: ApprovalRequest): string =>
  preview.find(({ label }) => label.startsWith('Body'))?.text ?? '';

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
      expect(await told(session)).toContain('10.02 EUR');
    });
    expect(orders).toEqual([]);
  });

  test('S7: an answer that is lost ends unknown with one order; tried again by a person, its key finds that order', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(3, 2000));
      const request = await session.request();
      const question = await lost(session, request);
      expect(keyOf(question)).toBe(keyOf(request));
      await approve(session, question);
      expect(outcomes(await session.result())).toEqual(['unknown', 'done']);
    });
    expect(orders).toMatchObject([{ quantity: 3, total: eur(1425) }]);
  });

  test('S7: tried again after the price changed it is a doubt and no second order: the key is of the first', async () => {
    const orders = await newOrders(async () => {
      const session = await act(seeds(3, 2000));
      const question = await lost(session, await session.request());
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

  test('the key of an order, sent again by anybody with the very same or another body, orders nothing', async () => {
    const { shop } = everyday;
    const session = await act(seeds(3, 2000));
    const request = await session.request();
    await approve(session, request);
    await session.result();
    const [order] = shop.store.orders();
    const [sent, key] = [bodyOf(request), keyOf(request)];
    const send = (body: string): Promise<Response> =>
      fetch(new URL('orders', shop.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'idempotency-key': key },
        body,
      });
    const repeated = await newOrders(async () => {
      const again = await send(sent);
      expect([again.status, await again.json()]).toEqual([201, order]);
      expect((await send(sent.replace('3', '4'))).status).toBe(422);
    });
    expect(repeated).toEqual([]);
  });

  test('S7: a key that the shop knows from another order is a doubt, not a refusal: that order may be ours', async () => {
    const { shop } = everyday;
    const orders = await newOrders(async () => {
      const session = await act(seeds(4, 2000));
      const request = await session.request();
      const other = { item: 'seeds', quantity: 5, unitPrice: { minor: 475, currency: 'EUR' } };
      everyday.beforeNextCall(/^POST /, () => void shop.store.order({ key: keyOf(request), request: 'other' }, other));
      await approve(session, request);
      await deny(session, await askedAnew(session, request));
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

describe('a public post', () => {
  const CONTENT = 'Open day on Saturday 🌻\n\n<b>Bring</b> gloves';

  test('S4: shows where, for how many, and the very text; approved, that text is there once', async () => {
    const posts = await newPosts(async () => {
      const session = await act(post(CONTENT));
      const request = await session.request();
      expect(shown(request)).toContain(
        `Where: "Garden friends" (garden)\nHow many will see it: 1284 followers\nContent: ${CONTENT}`,
      );
      await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['done']);
    });
    expect(posts).toMatchObject([{ channel: 'garden', content: CONTENT }]);
  });

  test('a denial posts nothing', async () => {
    const posts = await newPosts(async () => {
      const session = await act(post(CONTENT));
      await deny(session, await session.request());
      expect(outcomes(await session.result())).toEqual(['denied']);
    });
    expect(posts).toEqual([]);
  });

  test('S4: more people than were shown would see it: asked again', async () => {
    const posts = await newPosts(async () => {
      const session = await act(post(CONTENT));
      const first = await session.request();
      everyday.shop.store.setFollowers('garden', 90_000);
      await approve(session, first);
      const second = await askedAnew(session, first);
      expect(shown(second)).toContain('90000 followers');
      await deny(session, second);
      expect(outcomes(await session.result())).toEqual(['denied']);
    });
    everyday.shop.store.setFollowers('garden', 1284);
    expect(posts).toEqual([]);
  });

  test('S7: an answer that is lost ends unknown with one post; tried again by a person, it is still one', async () => {
    const posts = await newPosts(async () => {
      const session = await act(post(CONTENT));
      await approve(session, await lost(session, await session.request()));
      expect(outcomes(await session.result())).toEqual(['unknown', 'done']);
    });
    expect(posts).toHaveLength(1);
  });

  test('in a channel that no rule opens is denied', async () => {
    const session = await act(['post_publicly', { channel: 'news', content: CONTENT }]);
    expect(outcomes(await session.result())).toEqual(['denied']);
  });
});

describe('a change of a contact', () => {
  test('S4: shows each field before and after; approved, what was shown is changed and nothing else', async () => {
    const before = everyday.shop.store.contact('alice');
    const changes = await newChanges(async () => {
      const session = await act(change({ phone: '+44 20 7946 0099' }));
      const request = await session.request();
      expect(shown(request)).toContain(`before: ${before?.phone}\n  after:  +44 20 7946 0099`);
      expect(shown(request)).toMatch(/mail: not sent, was: alice@partner\.example$/m);
      expect(shown(request)).toContain(`if-match: "${before?.version}"`);
      await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['done']);
    });
    expect(changes).toMatchObject([{ contact: 'alice', field: 'phone', old: before?.phone, new: '+44 20 7946 0099' }]);
    expect(everyday.shop.store.contact('alice')).toMatchObject({ email: before?.email, address: before?.address });
  });

  test('a denial changes nothing', async () => {
    const changes = await newChanges(async () => {
      const session = await act(change({ phone: '1' }));
      await deny(session, await session.request());
      expect(outcomes(await session.result())).toEqual(['denied']);
    });
    expect(changes).toEqual([]);
  });

  test('S4: a contact that somebody changed since is asked again, before and after anew', async () => {
    const changes = await newChanges(async () => {
      const session = await act(change({ address: '3 New Street' }));
      const first = await session.request();
      strangersPhone('7');
      await approve(session, first);
      const second = await askedAnew(session, first);
      expect(shown(second)).toMatch(/phone: not sent, was: 7$/m);
      expect((await session.state()).closed).toMatchObject([{ id: first.id, closing: 'superseded' }]);
      await approve(session, second);
      expect(outcomes(await session.result())).toEqual(['done']);
    });
    expect(changes).toMatchObject([{ field: 'address', new: '3 New Street' }, { field: 'phone' }]);
  });

  test('S7: an answer that is lost ends unknown with one change, and the question shows the contact as it is now', async () => {
    const changes = await newChanges(async () => {
      const session = await act(change({ email: 'alice@example.com' }));
      const question = await lost(session, await session.request());
      expect(shown(question)).toContain('mail: unchanged: alice@example.com');
      await session.signal(verdict(question, 'deny', harness.alice, { answer: 'happened' }));
      expect(outcomes(await session.result())).toEqual(['unknown', 'done']);
    });
    expect(changes).toMatchObject([{ field: 'email', new: 'alice@example.com' }]);
  });

  test('to a mail address elsewhere is denied: mail would go to a stranger', async () => {
    const session = await act(change({ email: 'alice@evil.example' }));
    expect(outcomes(await session.result())).toEqual(['denied']);
  });

  test('S4: one that changes between the last look and the call is left as it is: the shop refuses the old version', async () => {
    const changes = await newChanges(async () => {
      const session = await act(change({ phone: '9' }));
      const request = await session.request();
      // After the guard looked for the last time and before its call arrives.
      everyday.beforeNextCall(/^PATCH /, () => strangersPhone('8'));
      await approve(session, request);
      expect(outcomes(await session.result())).toEqual(['failed']);
      expect(await told(session)).toContain('412');
    });
    expect(changes).toMatchObject([{ new: '8' }]);
  });
});
