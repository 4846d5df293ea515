/** Posts and changed contacts by the example's declared tools and policy: real sessions, the real shop, its database. */
import { describe, expect, test } from '@jest/globals';
import { verdict } from '../support/harness.ts';
import { questionOf } from '../support/what-became.ts';
import {
  act,
  approve,
  askedAnew,
  change,
  deny,
  everyday,
  harness,
  newChanges,
  newPosts,
  outcomes,
  post,
  shown,
  strangersPhone,
  told,
  useEveryday,
} from '../support/everyday-sessions.ts';

useEveryday();

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

  test('S7: an answer that is lost ends unknown with one post, and with one when it is tried again', async () => {
    const posts = await newPosts(async () => {
      const session = await act(post(CONTENT));
      const request = await session.request();
      everyday.shop.loseNextAnswer();
      await approve(session, request);
      // A person has it tried again: the channel knows the key, and has it once.
      await approve(session, await questionOf(session));
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

  test('S7: an answer that is lost ends unknown with one change, which a person says did happen', async () => {
    const changes = await newChanges(async () => {
      const session = await act(change({ email: 'alice@example.com' }));
      const request = await session.request();
      everyday.shop.loseNextAnswer();
      await approve(session, request);
      await session.signal(verdict(await questionOf(session), 'deny', harness.alice, { answer: 'happened' }));
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
