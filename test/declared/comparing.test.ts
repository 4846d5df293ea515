/** S11: before and after of values that are written alike and are not the same. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShopServer } from '../support/shop-server.ts';
import { answerJson, startShop } from '../support/shop-server.ts';
import { ready } from '../tools/act.ts';
import { loadedTool, realPorts } from './support.ts';

let server: ShopServer;
beforeAll(async () => {
  server = await startShop();
});
afterAll(() => server.close());

const tool = () =>
  loadedTool(`version: 1
tools:
  - name: update_contact
    description: Changes a contact.
    permission: make_api_calls
    arguments:
      phone: { kind: text, multiline: true, optional: true, free: true, description: phone }
      tags: { kind: text, list: 5, optional: true, free: true, description: tags }
      limit: { kind: text, optional: true, free: true, description: limit }
      most: { kind: money, optional: true, free: true, description: most }
      mail: { kind: mailAddress, optional: true, free: true, description: mail }
    prepare:
      url: '${server.origin}/contacts/a'
      fields:
        old_phone: { at: /phone, kind: text, optional: true, multiline: true }
        old_tags: { at: /tags, kind: text, optional: true }
        old_limit: { at: /limit, kind: money, optional: true }
        old_mail: { at: /mail, kind: text, optional: true }
    request:
      method: PATCH
      url: '${server.origin}/contacts/a'
      json: { phone: '{phone}', tags: '{tags}', limit: '{limit}', most: '{most}', mail: '{mail}' }
    summary: contact
    preview:
      - label: Change
        compare:
          - { name: phone, before: '{old_phone}', after: '{phone}' }
          - { name: tags, before: '{old_tags}', after: '{tags}' }
          - { name: limit, before: '{old_limit}', after: '{limit}' }
          - { name: most, before: '{old_limit}', after: '{most}' }
          - { name: mail, before: '{old_mail}', after: '{mail}' }
          - { name: fixed, before: '{old_phone}', after: '+49 1' }
    outcome: { done: [200] }
`);

async function shownOf(name: string, before: object, input: object): Promise<string> {
  server.look = (_seen, response) => answerJson(response, 200, before);
  const { preview } = await ready(tool(), input, realPorts([server.origin]));
  const lines = (preview[0]?.text ?? '').split(/\n(?! )/);
  return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
}

const EUR = { minor: 1250, currency: 'EUR' };

describe('what is written alike and is not the same changes, and is shown so that it differs', () => {
  const cases: readonly (readonly [what: string, name: string, before: object, input: object, shown: string])[] = [
    [
      'an amount and its words',
      'limit',
      { limit: EUR },
      { limit: '12.50 EUR' },
      changes('{"minor":1250,"currency":"EUR"}', '"12.50 EUR"'),
    ],
    ['none and the words for it', 'phone', {}, { phone: '(none)' }, changes('(none)', '"(none)"')],
    ['the words for none and another', 'phone', { phone: '(none)' }, { phone: '1' }, changes('"(none)"', '1')],
    [
      'a hidden character and its name',
      'phone',
      { phone: 'a\u202eb' },
      { phone: 'a⟨U+202E⟩b' },
      changes('"a\\u202eb"', '"a\\u27e8U+202E\\u27e9b"'),
    ],
    [
      'a line break and its name',
      'phone',
      { phone: 'a⟨U+000A⟩b' },
      { phone: 'a\nb' },
      changes('"a\\u27e8U+000A\\u27e9b"', '"a\\nb"'),
    ],
    ['a text and a list of one', 'tags', { tags: 'x' }, { tags: ['x'] }, changes('"x"', '["x"]')],
    [
      'a text and a list',
      'tags',
      { tags: 'x⟨U+000A⟩y' },
      { tags: ['x', 'y'] },
      changes('"x\\u27e8U+000A\\u27e9y"', '["x","y"]'),
    ],
  ];
  test.each(cases)('%s', async (_what, name, before, input, shown) => {
    expect(await shownOf(name, before, input)).toBe(shown);
  });

  test('what is not sent, and was the words for none', async () => {
    expect(await shownOf('phone', { phone: '(none)' }, {})).toBe('not sent, was: "(none)"');
    expect(await shownOf('phone', {}, {})).toBe('not sent, was: (none)');
  });
});

describe('what is the same is unchanged', () => {
  test.each<[what: string, name: string, before: object, input: object, shown: string]>([
    ['an amount', 'most', { limit: { currency: 'EUR', minor: 1250 } }, { most: EUR }, '12.50 EUR'],
    ['a text and an address', 'mail', { mail: 'a@example.com' }, { mail: 'a@example.com' }, 'a@example.com'],
    ['a text of two lines', 'phone', { phone: 'a\nb' }, { phone: 'a\nb' }, 'a⟨U+000A⟩b'],
    ['a text that the file says', 'fixed', { phone: '+49 1' }, {}, '+49 1'],
  ])('%s', async (_what, name, before, input, shown) => {
    expect(await shownOf(name, before, input)).toBe(`unchanged: ${shown}`);
  });
});

function changes(before: string, after: string): string {
  return `changes\n  before: ${before}\n  after:  ${after}`;
}
