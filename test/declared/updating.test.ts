/** A tool that changes what is there: before and after by field, and the entity tag of what was looked at. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShopServer } from '../support/shop-server.ts';
import { answerJson, startShop } from '../support/shop-server.ts';
import { prepare, ready } from '../tools/act.ts';
import { loadedTool, realPorts } from './support.ts';

let server: ShopServer;
beforeAll(async () => {
  server = await startShop();
});
afterAll(() => server.close());
afterEach(() => {
  server.seen.splice(0);
  server.look = undefined;
});

const update = (change: (text: string) => string = (text) => text) =>
  loadedTool(
    change(`version: 1
tools:
  - name: update_contact
    description: Changes phone or mail of a contact.
    permission: make_api_calls
    arguments:
      id: { kind: text, maxLength: 20, description: which }
      phone: { kind: text, multiline: true, optional: true, description: new phone number }
      mail: { kind: mailAddress, optional: true, description: new address }
    prepare:
      url: '${server.origin}/contacts/{id}'
      fields:
        old_phone: { at: /phone, kind: text, multiline: true, optional: true }
        old_mail: { at: /mail, kind: mailAddress }
    request:
      method: PATCH
      url: '${server.origin}/contacts/{id}'
      headers: { if-match: '{prepare.etag}' }
      json: { phone: '{phone}', mail: '{mail}' }
    summary: contact {id}
    preview:
      - label: Change
        compare:
          - { name: phone, before: '{old_phone}', after: '{phone}' }
          - { name: mail, before: '{old_mail}', after: '{mail}' }
    outcome: { done: [2xx], failed: [412, 404] }
`),
  );
const ports = () => realPorts([server.origin]);
const BEFORE = { phone: '+49 1', mail: 'a@example.com' };

function contact(value: object, headers = {}): void {
  server.look = (_seen, response) => answerJson(response, 200, value, headers);
}

describe('S11: before and after', () => {
  const cases: readonly (readonly [what: string, before: object, input: object, shown: string])[] = [
    [
      'one changes, one stays',
      BEFORE,
      { phone: '+49 2', mail: 'a@example.com' },
      'phone: changes\n  before: +49 1\n  after:  +49 2\nmail: unchanged: a@example.com',
    ],
    [
      'one is not sent',
      BEFORE,
      { mail: 'b@example.com' },
      'phone: not sent, was: +49 1\nmail: changes\n  before: a@example.com\n  after:  b@example.com',
    ],
    [
      'nothing was there',
      { mail: 'a@example.com', phone: null },
      { phone: '+49 2' },
      'phone: changes\n  before: (none)\n  after:  +49 2\nmail: not sent, was: a@example.com',
    ],
    [
      'a value that writes lines of its own stays on one',
      { ...BEFORE, phone: '1\nmail: unchanged: a@example.com' },
      { phone: 'x\n  after:  y' },
      'phone: changes\n  before: 1⟨U+000A⟩mail: unchanged: a@example.com\n  after:  x⟨U+000A⟩  after:  y\nmail: not sent, was: a@example.com',
    ],
  ];
  test.each(cases)('%s', async (_what, before, input, shown) => {
    contact(before);
    const { preview } = await ready(update(), { id: '7', ...input }, ports());
    expect(preview[0]?.text).toBe(shown);
    expect(preview[0]?.label).toMatch(/^Change \(old_phone, old_mail: as 127\.0\.0\.1:\d+ says\)$/);
  });

  test('S4: whatever was looked at is bound, what is not changed too', async () => {
    contact(BEFORE);
    const first = await ready(update(), { id: '7', mail: 'b@example.com' }, ports());
    contact({ ...BEFORE, phone: '+49 3' });
    const second = await ready(update(), { id: '7', mail: 'b@example.com' }, ports());
    expect(second.facts['lookedUpSha']).not.toBe(first.facts['lookedUpSha']);
  });
});

describe('the entity tag', () => {
  test('goes with the change, and into what is shown, where the server gives one', async () => {
    contact(BEFORE, { etag: '"v1"' });
    const prepared = await ready(update(), { id: '7', phone: '1' }, ports());
    expect(prepared.preview.find(({ label }) => label === 'Headers')?.text).toContain('if-match: "v1"');
    await prepared.perform(new AbortController().signal);
    expect(server.orders()).toMatchObject([{ method: 'PATCH', headers: { 'if-match': '"v1"' } }]);
  });

  test('without one nothing is matched', async () => {
    contact(BEFORE);
    await (await ready(update(), { id: '7', phone: '1' }, ports())).perform(new AbortController().signal);
    expect(server.orders()[0]?.headers['if-match']).toBeUndefined();
    expect(server.orders()[0]?.body).toBe('{"phone":"1"}');
  });

  test('of a tool that does not send it, nobody looks at it', async () => {
    contact(BEFORE, { etag: 'no tag' });
    const tool = update((text) => text.replace(/ +headers: .*\n/, ''));
    expect((await prepare(tool, { id: '7', phone: '1' }, ports())).kind).toBe('ready');
  });

  test.each(['v1', '"a', '"a" "b"', '*', '"ä"'])('what is none (%s) fails before anybody is asked', async (etag) => {
    contact(BEFORE, { etag: Buffer.from(etag).toString('latin1') });
    expect(await prepare(update(), { id: '7', phone: '1' }, ports())).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('the entity tag of the answer is not what it should be'),
    });
  });
});
