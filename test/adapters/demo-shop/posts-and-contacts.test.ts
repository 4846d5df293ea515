import { describe, expect, test } from '@jest/globals';
import type { DemoShop } from '../../../src/adapters/demo-shop/demo-shop.ts';
import type { Said } from './one-shop.ts';
import { openShop, say } from './one-shop.ts';

const post = (shop: DemoShop, channel: string, body: unknown, key = 'key-00000001'): Promise<Said> =>
  say(shop, 'POST', `channels/${channel}/posts`, { headers: { 'idempotency-key': key }, body });

const change = (shop: DemoShop, etag: string | undefined, body: unknown, key = 'key-00000001'): Promise<Said> =>
  say(shop, 'PATCH', 'contacts/alice', {
    headers: { 'idempotency-key': key, ...(etag === undefined ? {} : { 'if-match': etag }) },
    body,
  });

describe('a post', () => {
  test('appears in its channel, exactly as it was sent', async () => {
    const shop = await openShop();
    expect((await say(shop, 'GET', 'channels/garden')).body).toEqual({
      id: 'garden',
      name: 'Garden friends',
      followers: 1284,
    });
    const content = 'Open day on Saturday 🌻\n\n<b>Bring</b> gloves & seeds';
    const answer = await post(shop, 'garden', { content });
    expect([answer.status, answer.body.content]).toEqual([201, content]);
    expect((await say(shop, 'GET', 'channels/garden/posts')).body).toEqual([answer.body]);
    expect((await say(shop, 'GET', 'channels/news/posts')).body).toEqual([]);
    expect((await post(shop, 'garden', { content })).body).toEqual(answer.body);
    expect(shop.store.posts()).toHaveLength(1);
  });

  test.each<[string, string, unknown, number]>([
    ['in a channel that is none', 'nowhere', { content: 'Hello' }, 404],
    ['of nothing', 'garden', { content: '' }, 400],
    ['with a control character', 'garden', { content: 'a\u001b[2J' }, 400],
    ['that is too long', 'garden', { content: 'x'.repeat(2001) }, 400],
    ['with more than content', 'garden', { content: 'Hello', at: 'once' }, 400],
  ])('%s is refused', async (_what, channel, body, status) => {
    const shop = await openShop();
    expect([(await post(shop, channel, body)).status, shop.store.posts()]).toEqual([status, []]);
  });
});

describe('a key with the same words elsewhere', () => {
  test('in another channel is refused: the words alone are not the request', async () => {
    const shop = await openShop();
    await post(shop, 'garden', { content: 'Hello' });
    expect((await post(shop, 'news', { content: 'Hello' })).status).toBe(422);
    expect(shop.store.posts().map(({ channel }) => channel)).toEqual(['garden']);
  });

  test('for another version of a contact is refused', async () => {
    const shop = await openShop();
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    const { body } = await change(shop, etag, { phone: '1' });
    expect((await change(shop, `"${body.version}"`, { phone: '1' })).status).toBe(422);
    expect(shop.store.contactChanges()).toHaveLength(1);
  });
});

describe('a contact', () => {
  test('is changed while it is as it was seen; what was before is kept', async () => {
    const shop = await openShop();
    const seen = await say(shop, 'GET', 'contacts/alice');
    const etag = seen.headers.get('etag') ?? '';
    expect(etag).toBe(`"${seen.body.version}"`);
    const answer = await change(shop, etag, { phone: '+44 20 7946 0099', name: 'Alice Example' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      ...seen.body,
      phone: '+44 20 7946 0099',
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(answer.body.version).not.toBe(seen.body.version);
    expect((await say(shop, 'GET', 'contacts/alice')).body).toEqual(answer.body);
    expect(shop.store.contactChanges()).toMatchObject([
      { contact: 'alice', field: 'phone', old: '+44 20 7946 0001', new: '+44 20 7946 0099' },
    ]);
  });

  test('that was changed since it was seen is left as it is', async () => {
    const shop = await openShop();
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    expect((await change(shop, etag, { phone: '1' })).status).toBe(200);
    const late = await change(shop, etag, { phone: '2' }, 'key-00000002');
    expect([late.status, late.body.error]).toEqual([412, expect.stringContaining('changed since')]);
    expect(shop.store.contact('alice')?.phone).toBe('1');
  });

  test('of many changes at once of one version, one is made', async () => {
    const shop = await openShop();
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => change(shop, etag, { phone: `p${index}` }, `key-0000000${index}`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
    expect(shop.store.contactChanges()).toHaveLength(1);
  });

  test.each([undefined, '*', 'W/"x"', '"short"', '"a", "b"'])(
    'whose version is said as %s is left as it is: nobody overwrites what they did not see',
    async (etag) => {
      const shop = await openShop();
      expect((await change(shop, etag, { phone: '1' })).status).toBe(428);
      expect(shop.store.contactChanges()).toEqual([]);
    },
  );

  test.each<[string, unknown]>([
    ['an unknown field', { role: 'admin' }],
    ['its id', { id: 'bob' }],
    ['its version', { version: 'x' }],
    ['a column by a trick', { 'phone = phone; --': 'x' }],
    ['nothing', {}],
    ['an empty field', { phone: '' }],
    ['two lines', { phone: '1\n2' }],
    ['no text', { phone: 7 }],
    ['an inherited name', JSON.parse('{"__proto__": {"phone": "1"}}')],
  ])('is not changed in %s', async (_what, body) => {
    const shop = await openShop();
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    expect((await change(shop, etag, body)).status).toBe(400);
    expect(shop.store.contactChanges()).toEqual([]);
  });

  test('an answer that is lost: the change is made, and the same key finds it though the version is another now', async () => {
    const shop = await openShop();
    const etag = (await say(shop, 'GET', 'contacts/alice')).headers.get('etag') ?? '';
    shop.loseNextAnswer();
    await expect(change(shop, etag, { phone: '1' })).rejects.toThrow('fetch failed');
    expect((await change(shop, etag, { phone: '1' })).status).toBe(200);
    expect(shop.store.contactChanges()).toHaveLength(1);
  });
});
