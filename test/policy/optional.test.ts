/** `optional: true`: an argument that may be left out, and must match if it is given. */
import { describe, expect, test } from '@jest/globals';
import { explainAction } from '../../src/policy/explain.ts';
import { NOTHING, decide, fileWith, load, problemsOf } from './support.ts';
import { httpRequest, sendEmail } from './shapes.ts';

const HOUSE = '{ every: { domain: example.com } }';
const RULE = `{ id: mail, tool: send_email, allow: { to: ${HOUSE}, cc: { optional: true, every: { domain: example.com } }, bcc: { optional: true, every: { oneOf: archive@example.com } } } }`;

describe('an optional argument', () => {
  const policy = load(fileWith([RULE]));
  const to = ['a@example.com'];

  test.each<[string, object, string]>([
    ['left out', { to }, 'allow'],
    ['given, and it matches', { to, cc: ['b@example.com'] }, 'allow'],
    ['both given', { to, cc: ['b@example.com'], bcc: ['archive@example.com'] }, 'allow'],
    ['given, and it does not match', { to, cc: ['m@evil.example'] }, 'deny'],
    ['one of two does not match', { to, cc: ['b@example.com'], bcc: ['m@evil.example'] }, 'deny'],
    ['the one that is not optional is left out', { cc: ['b@example.com'] }, 'deny'],
  ])('%s', (_, args, kind) => {
    expect(decide(policy, sendEmail, args as never).kind).toBe(kind);
  });

  test('the explanation names it only if it is given and fails', () => {
    const facts = { tool: sendEmail, profile: 'all', actionKey: 'key', standing: NOTHING };
    const { nearest } = explainAction(policy, { ...facts, args: { to, cc: ['m@evil.example'] } });
    expect(nearest).toMatchObject({ rule: 'mail', at: 'cc[0]' });
    expect(explainAction(policy, { ...facts, args: { to: ['m@evil.example'] } }).nearest).toMatchObject({
      at: 'to[0]',
    });
  });

  test('S3: an ask that mentions it as optional is not evaded by giving it', () => {
    const rules = [
      '{ id: site, tool: http_request, allow: { url: { any: true }, method: [GET], headers: { optional: true, only: [accept] } } }',
      '{ id: admin, tool: http_request, ask: { url: { origin: "https://h.example", path: /admin, query: any }, method: [GET], headers: { optional: true, any: true } } }',
    ];
    expect(problemsOf(fileWith(rules))).toEqual([]);
    const admin = { url: 'https://h.example/admin', method: 'GET' };
    for (const headers of [{}, { accept: 'text/html' }])
      expect(decide(load(fileWith(rules)), httpRequest, { ...admin, headers })).toMatchObject({ kind: 'ask' });
  });

  test.each<[string, string, string]>([
    [
      'that is always given',
      `{ id: a, tool: send_email, ask: { to: { optional: true, every: { any: true } } } }`,
      '"to" is always given',
    ],
    ['that is "false"', RULE.replace('optional: true', 'optional: false'), '"optional" can only be true'],
    [
      'and nothing else',
      '{ id: a, tool: http_request, ask: { url: { any: true }, method: [GET], body: { optional: true } } }',
      'say { any: true }',
    ],
    [
      'in a denial',
      '{ id: a, tool: send_email, deny: { cc: { optional: true, some: { domain: evil.example } } } }',
      'a list has no matcher "optional"',
    ],
    [
      'in an exception',
      RULE.replace(/ }$/, ', except: { cc: { optional: true, some: { any: true } } } }'),
      'a list has no matcher "optional"',
    ],
  ])('does not load: an argument %s', (_, rule, words) => {
    expect(problemsOf(fileWith([rule])).join('\n')).toContain(words);
  });
});

describe('several asks that match one action', () => {
  const ask = (id: string, by: string, expires: string): string =>
    `{ id: ${id}, tool: send_email, ask: { to: { every: { any: true } } }, approval: { by: [${by}], expires: ${expires} } }`;
  const mail = { to: ['a@example.com'] };

  test('S5: who may approve must be named by each, until the earliest end, whatever their ids', () => {
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const policy = load(fileWith([ask(one, 'owner, clerk', '4h'), ask(other, 'clerk, boss', '1h')]));
      expect(decide(policy, sendEmail, mail)).toMatchObject({
        kind: 'ask',
        rule: 'a',
        approval: { by: ['clerk'], expiresMs: 3_600_000 },
      });
    }
  });

  test('S2: nobody in common denies, and says which rules', () => {
    const policy = load(fileWith([ask('a', 'owner', '4h'), ask('b', 'boss', '4h')]));
    expect(decide(policy, sendEmail, mail)).toMatchObject({
      kind: 'deny',
      rule: 'a',
      why: expect.stringContaining('"a" and "b" name nobody in common'),
    });
  });
});
