/** S3: ask is stronger than allow, whatever is added to an action and however it is spelled. */
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { explainAction } from '../../src/policy/explain.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { buy, moreShapes } from './more-shapes.ts';
import { httpRequest, sendEmail } from './shapes.ts';
import { NOTHING, decide, fileWith, load, problemsOf } from './support.ts';

type Case = readonly [what: string, args: JsonObject, kind: string];

/** The cases that are decided otherwise than they say. */
function wrong(rules: readonly string[], tool: ToolShape, cases: readonly Case[]): readonly Case[] {
  const text = fileWith(rules).replace('[read_files,', '[purchase, read_files,');
  const policy = load(text, moreShapes);
  return cases.filter(([, args, kind]) => decide(policy, tool, args).kind !== kind);
}

const at = (path: string, more: JsonObject = {}): JsonObject => ({
  url: `https://h.example${path}`,
  method: 'GET',
  ...more,
});
const SITE = `{ id: site, tool: http_request, allow: { url: { origin: https://h.example, path: /**, query: any }, method: { any: true }, headers: { optional: true, only: [accept] }, body: { optional: true, any: true } } }`;

describe('what an allow would let through is asked where an ask speaks of it in any reading', () => {
  test('an added argument, an added query, another spelling of the path', () => {
    const admin =
      '{ id: admin, tool: http_request, ask: { url: { origin: https://h.example, path: /admin/** }, method: [GET] } }';
    expect(
      wrong([SITE, admin], httpRequest, [
        ['as it says', at('/admin/users'), 'ask'],
        ['with a header', at('/admin/users', { headers: { accept: 'text/html' } }), 'ask'],
        ['with a body', at('/admin/users', { body: 'x' }), 'ask'],
        ['with a query', at('/admin/users?a=1'), 'ask'],
        ['with a path parameter', at('/admin;x=y/users'), 'ask'],
        ['doubly escaped', at('/%2561dmin/users'), 'ask'],
        ['a trailing dot', at('/admin./users'), 'ask'],
        ['elsewhere', at('/public'), 'allow'],
        ['another method', at('/admin/users', { method: 'POST' }), 'allow'],
      ]),
    ).toEqual([]);
  });

  test('a parameter that is there twice, or behind another separator', () => {
    const danger = `{ id: danger, tool: http_request, ask: { url: { origin: https://h.example, path: /**, query: { only: { action: [delete], id: any }, has: action } }, method: [GET] } }`;
    expect(
      wrong([SITE, danger], httpRequest, [
        ['as it says', at('/?action=delete&id=1'), 'ask'],
        ['twice', at('/?action=delete&action=delete&id=1'), 'ask'],
        ['another separator', at('/?action=delete;id=1'), 'ask'],
        ['without it', at('/?id=1'), 'allow'],
      ]),
    ).toEqual([]);
  });

  test('a header or a parameter more than the ask bounds', () => {
    const json = `{ id: json, tool: http_request, ask: { url: { origin: https://h.example, path: /json, query: none }, method: [GET], headers: { only: [accept], values: { accept: application/json } } } }`;
    const wide = SITE.replace('only: [accept]', 'only: [accept, if-match]');
    expect(
      wrong([wide, json], httpRequest, [
        ['as it says', at('/json', { headers: { accept: 'application/json' } }), 'ask'],
        ['no header, which the ask opens as well', at('/json', { headers: {} }), 'ask'],
        ['and a query', at('/json?a=1', { headers: {} }), 'ask'],
        ['a query', at('/json?a=1', { headers: { accept: 'application/json' } }), 'ask'],
        ['a header', at('/json', { headers: { accept: 'application/json', 'if-match': 'x' } }), 'ask'],
        ['elsewhere', at('/text', { headers: { accept: 'application/json' } }), 'allow'],
      ]),
    ).toEqual([]);
  });

  test('an exception for some values takes out only what has them', () => {
    const all = `{ id: all, tool: http_request, ask: { url: { origin: https://h.example, path: /**, query: any }, method: { any: true }, headers: { only: [accept] } }, except: { headers: { only: [accept], values: { accept: text/html } } } }`;
    expect(
      wrong([SITE, all], httpRequest, [
        ['without the header, and with a body', at('/?a=1', { headers: {}, body: 'x' }), 'ask'],
      ]),
    ).toEqual([]);
  });

  test('words in other characters, an amount in another currency', () => {
    const pin = `{ id: pin, tool: http_request, ask: { url: { any: true }, method: { any: true }, body: { contains: PIN } } }`;
    expect(
      wrong([SITE, pin], httpRequest, [
        ['as it says', at('/', { body: 'the PIN' }), 'ask'],
        ['full width', at('/', { body: 'the ＰＩＮ' }), 'ask'],
        ['with a soft hyphen', at('/', { body: 'the P\u00ADIN' }), 'ask'],
        ['other words', at('/', { body: 'the pen' }), 'allow'],
      ]),
    ).toEqual([]);
    const money = [
      '{ id: buy, tool: buy, allow: { item: { any: true }, price: { any: true } } }',
      '{ id: dear, tool: buy, ask: { item: { any: true }, price: { min: 100.00 EUR } } }',
    ];
    expect(
      wrong(money, buy, [
        ['as it says', { item: 'x', price: { minor: 10_000, currency: 'EUR' } }, 'ask'],
        ['less', { item: 'x', price: { minor: 9999, currency: 'EUR' } }, 'allow'],
        ['dollars, which cannot be compared', { item: 'x', price: { minor: 1, currency: 'USD' } }, 'ask'],
      ]),
    ).toEqual([]);
  });

  test('one recipient more, a copy', () => {
    const anyone =
      '{ id: any, tool: send_email, allow: { to: { every: { any: true } }, cc: { optional: true, every: { any: true } } } }';
    const rival = '{ id: rival, tool: send_email, ask: { to: { every: { domain: rival.example } } } }';
    expect(
      wrong([anyone, rival], sendEmail, [
        ['as it says', { to: ['a@rival.example'] }, 'ask'],
        ['one more', { to: ['a@rival.example', 'b@x.example'] }, 'ask'],
        ['a copy', { to: ['a@rival.example'], cc: ['b@x.example'] }, 'ask'],
        ['others', { to: ['b@x.example'] }, 'allow'],
      ]),
    ).toEqual([]);
  });

  test('one friend more does not take an action out of an ask', () => {
    const anyone = '{ id: any, tool: send_email, allow: { to: { every: { any: true } } } }';
    const strangers = (how: string): string =>
      `{ id: strangers, tool: send_email, ask: { to: { every: { any: true } } }, except: { to: { ${how}: { domain: house.example } } } }`;
    for (const how of ['every', 'some'])
      expect(
        wrong([anyone, strangers(how)], sendEmail, [
          ['a stranger', { to: ['m@evil.example'] }, 'ask'],
          ['a stranger and a friend', { to: ['m@evil.example', 'a@house.example'] }, 'ask'],
          ['a friend', { to: ['a@house.example'] }, 'allow'],
        ]),
      ).toEqual([]);
  });

  test('a parameter that only may be there does not take an action out of an ask', () => {
    const ask = `{ id: do, tool: http_request, ask: { url: { origin: https://h.example, path: /do, query: any }, method: [GET] }, except: { url: { query: { has: dryrun } } } }`;
    expect(
      wrong([SITE, ask], httpRequest, [
        ['as it says', at('/do'), 'ask'],
        ['hidden in a value', at('/do?note=a%26dryrun'), 'ask'],
      ]),
    ).toEqual([]);
  });

  test('S2: an ask opens no more than it says: without an allow nothing else is let through', () => {
    const admin =
      '{ id: admin, tool: http_request, ask: { url: { origin: https://h.example, path: /admin/** }, method: [GET] } }';
    expect(
      wrong([admin], httpRequest, [
        ['as it says', at('/admin/users'), 'ask'],
        ['with a header', at('/admin/users', { headers: { accept: 'text/html' } }), 'deny'],
        ['with a query', at('/admin/users?a=1'), 'deny'],
      ]),
    ).toEqual([]);
  });

  test('an ask may be there to stop alone, and needs not say what it does not care for', () => {
    const writes = '{ id: writes, tool: http_request, ask: { method: [POST, PUT] } }';
    expect(problemsOf(fileWith([SITE, writes]))).toEqual([]);
    expect(problemsOf(fileWith([writes])).join()).toContain('can never match');
    expect(
      wrong([SITE, writes], httpRequest, [
        ['a read', at('/'), 'allow'],
        ['a write', at('/', { method: 'POST', body: 'x' }), 'ask'],
      ]),
    ).toEqual([]);
  });

  test('the explanation says that the ask stops it', () => {
    const admin =
      '{ id: admin, tool: http_request, ask: { url: { origin: https://h.example, path: /admin/** }, method: [GET] } }';
    const facts = {
      tool: httpRequest,
      profile: 'all',
      args: at('/admin/users?a=1'),
      actionKey: 'key',
      standing: NOTHING,
    };
    expect(explainAction(load(fileWith([SITE, admin])), facts)).toMatchObject({
      decision: { kind: 'ask', rule: 'admin' },
      findings: [
        { kind: 'stops', rule: 'admin', part: 'ask' },
        { kind: 'matches', rule: 'site', part: 'allow' },
      ],
    });
  });
});
