/** Each lint on a file that has it and on one that has not: the whole message with its place. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { httpRequest, sendEmail } from './shapes.ts';
import { lintsOf } from './lints-support.ts';
import { decide, fileWith, load } from './support.ts';

/** Rules stand from line 7 on, one a line, their ids in column 7. */
const lint = (...rules: readonly string[]): readonly string[] => lintsOf(fileWith(rules));

describe('a part that can never match', () => {
  test.each<readonly [rule: string, message: string]>([
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 40: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: send_email, ask: { to: { every: { any: true } }, cc: { every: { any: true }, max: 0 } } }',
      'line 7, column 69: no "cc" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: [read_file, list_files], deny: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 53: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: notes, is: drafts/a } } }',
      'line 7, column 76: no "path" can match this: what it says cannot all be true at once (alternatives stand under "anyOf")',
    ],
    [
      '{ id: a, tool: http_request, allow: { url: { origin: https://h.example, path: /a } } }',
      'line 7, column 34: the allow of "a" can never match: each http_request has "method", and it does not mention that (add "method: { any: true }", or what it may be)',
    ],
    [
      '{ id: a, tool: send_email, ask: {} }',
      'line 7, column 32: the ask of "a" can never match: each send_email has "to", and it does not mention that (add "to: { every: { any: true } }", or what it may be)',
    ],
    [
      '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: . } } }',
      'line 7, column 66: the allow of "a" can never match: this takes every read_file that it speaks of out of it (narrow the exception, or take the rule away)',
    ],
    [
      '{ id: a, tool: read_file, deny: { path: { under: notes/a } }, except: [{ path: { is: x } }, { path: { under: notes } }] }',
      'line 7, column 97: the deny of "a" can never match: this takes every read_file that it speaks of out of it (narrow the exception, or take the rule away)',
    ],
    [
      '{ id: a, tool: read_file, profiles: [none], allow: { path: { under: notes } } }',
      'line 7, column 31: no profile that "a" names is granted read_files, which read_file needs (grant it read_files, or take the rule away)',
    ],
  ])('%s', (rule, message) => {
    expect(lint(rule)).toEqual([message]);
  });

  test.each([
    '{ id: a, tool: read_file, allow: { path: { anyOf: [{ under: notes, is: drafts/a }, { under: notes }] } } }',
    '{ id: a, tool: send_email, ask: { to: { every: { any: true } } } }',
    '{ id: a, tool: send_email, deny: {} }',
    '{ id: a, tool: "*", deny: {} }',
    '{ id: a, tool: read_file, allow: { path: { under: notes } }, except: { path: { under: notes/private } } }',
    '{ id: a, tool: read_file, profiles: [none], deny: {} }',
    '{ id: a, tool: read_file, profiles: [none, all], allow: { path: { under: notes } } }',
  ])('not: %s', (rule) => {
    expect(lint(rule)).toEqual([]);
  });

  test('a permission can be taken from every profile without touching rules that name none', () => {
    const file = fileWith(['{ id: a, tool: delete_files, ask: { paths: { every: { under: drafts } } } }']);
    expect(lintsOf(file.replace('delete_data, ', ''))).toEqual([]);
  });
});

const NOTES = '{ id: notes, tool: read_file, allow: { path: { under: notes } } }';

describe('a part that can never take effect', () => {
  test.each<readonly [rule: string, message: string]>([
    [
      '{ id: x, tool: read_file, deny: { path: { under: [drafts, notes] } } }',
      'line 7, column 35: the allow of "notes" never takes effect for read_file: the deny of "x" is stronger and speaks of all the same (take it away, or narrow the deny of "x")',
    ],
    [
      '{ id: x, tool: [list_files, read_file], ask: { path: { under: . } } }',
      'line 7, column 35: the allow of "notes" never takes effect for read_file: the ask of "x" is stronger and speaks of all the same (take it away, or narrow the ask of "x")',
    ],
  ])('of %s', (rule, message) => {
    expect(lint(NOTES, rule)).toEqual([message]);
  });

  test.each(['{ id: x, tool: "*", deny: {} }', '{ id: x, tool: read_file, deny: {} }'])(
    'but not under a denial of everything, by which a tool is shut in a hurry: %s',
    (rule) => {
      expect(lint(NOTES, rule)).toEqual([]);
    },
  );

  test('an allow beside an ask of the same rule that speaks of all the same, and an ask under a denial', () => {
    expect(
      lint(
        '{ id: a, tool: read_file, allow: { path: { is: notes/a } }, ask: { path: { under: notes } } }',
        '{ id: b, tool: send_email, ask: { to: { every: { domain: x.example } } } }',
        '{ id: c, tool: send_email, deny: { to: { some: { domain: [x.example] } } } }',
      ),
    ).toEqual([
      'line 7, column 31: the allow of "a" never takes effect for read_file: the ask of the same rule is stronger and speaks of all the same (take it away, or narrow the ask of the same rule)',
      'line 8, column 32: the ask of "b" never takes effect for send_email: the deny of "c" is stronger and speaks of all the same (take it away, or narrow the deny of "c")',
    ]);
  });

  test.each([
    '{ id: x, tool: read_file, deny: { path: { under: notes/private } } }',
    '{ id: x, tool: read_file, ask: { path: { under: notes/private } } }',
    '{ id: x, tool: list_files, deny: {} }',
    '{ id: x, tool: read_file, profiles: [none], deny: {} }',
    '{ id: x, tool: read_file, deny: { path: { under: notes } }, except: { path: { is: notes/a } } }',
  ])('not: an allow of notes beside %s', (rule) => {
    expect(lint(NOTES, rule)).toEqual([]);
  });
});

const ASK_ADMIN =
  '{ id: admin, tool: http_request, ask: { url: { origin: https://h.example, path: /admin/** }, method: { any: true } } }';
const ALLOW_WITH_HEADERS =
  '{ id: site, tool: http_request, allow: { url: { origin: https://h.example, path: /** }, method: [GET], headers: { only: accept } } }';

describe('an ask that an added query evades', () => {
  const SITE = '{ origin: https://h.example, path: /contacts/* }';
  const ALLOW = `{ id: crm, tool: http_request, allow: { url: { origin: https://h.example, path: /contacts/*, query: { only: [q] } }, method: [GET, POST] } }`;
  const ASK = `{ id: post, tool: http_request, ask: { url: ${SITE}, method: [POST] } }`;
  const message =
    'line 8, column 44: what "post" wants asked is allowed by "crm" once a query is added to the url, for an ask that says nothing of the query means none (say "query: any" in the ask of "post", or narrow the allow of "crm")';

  test('is evaded indeed', () => {
    const policy = load(fileWith([ALLOW, ASK]));
    const args = { url: 'https://h.example/contacts/1', method: 'POST' };
    expect(decide(policy, httpRequest, args).kind).toBe('ask');
    expect(decide(policy, httpRequest, { ...args, url: `${args.url}?q=a` }).kind).toBe('allow');
  });

  test.each([ASK, ASK.replace(SITE, `{ anyOf: [${SITE}] }`)])('is found: %s', (ask) => {
    expect(lint(ALLOW, ask)).toEqual([message]);
  });

  test.each([
    ['the ask says any query', ASK.replace('/contacts/* }', '/contacts/*, query: any }')],
    ['the ask says the same query', ASK.replace('/contacts/* }', '/contacts/*, query: { only: [q] } }')],
    ['another method', ASK.replace('POST', 'PUT')],
    ['another place', ASK.replace('/contacts/*', '/orders/*')],
  ])('not: %s', (_, ask) => {
    expect(lint(ALLOW, ask)).toEqual([]);
  });

  test('not: an allow without a query', () => {
    expect(lint(ALLOW.replace(', query: { only: [q] }', '').replace('/contacts/*', '/**'), ASK)).toEqual([]);
  });

  test('not: a denial of queries, or another ask, closes it', () => {
    const again = ASK.replace('id: post', 'id: more').replace('/contacts/* }', '/contacts/*, query: any }');
    expect(lint(ALLOW, ASK, again)).toEqual([]);
  });
});

describe('an ask that an added argument evades', () => {
  const message =
    'line 7, column 38: what "admin" wants asked is allowed by "site" once "headers" is added to the http_request (mention it in the ask of "admin" as "headers: { optional: true, any: true }", or narrow the allow of "site")';

  test('is evaded indeed', () => {
    const policy = load(fileWith([ASK_ADMIN, ALLOW_WITH_HEADERS]));
    const args = { url: 'https://h.example/admin/users', method: 'GET' };
    expect(decide(policy, httpRequest, args).kind).toBe('ask');
    expect(decide(policy, httpRequest, { ...args, headers: { accept: 'text/html' } }).kind).toBe('allow');
  });

  test('is found', () => {
    expect(lint(ASK_ADMIN, ALLOW_WITH_HEADERS)).toEqual([message]);
    expect(lint(ALLOW_WITH_HEADERS, ASK_ADMIN)).toEqual([message.replace('line 7', 'line 8')]);
  });

  test('is not there once a rule asks with the argument as well, as the message says', () => {
    const again = ASK_ADMIN.replace('id: admin', 'id: again').replace('method:', 'headers: { any: true }, method:');
    expect(lint(ASK_ADMIN, ALLOW_WITH_HEADERS, again)).toEqual([]);
    const policy = load(fileWith([ASK_ADMIN, ALLOW_WITH_HEADERS, again]));
    const args = { url: 'https://h.example/admin/users', method: 'GET', headers: { accept: 'text/html' } };
    expect(decide(policy, httpRequest, args).kind).toBe('ask');
  });

  test('of mail: a copy added to what is asked', () => {
    const rules = [
      '{ id: known, tool: send_email, ask: { to: { every: { domain: x.example } } } }',
      '{ id: copied, tool: send_email, allow: { to: { every: { any: true } }, cc: { every: { domain: x.example } }, bcc: { every: { any: true }, max: 1 } } }',
    ];
    const to = ['a@x.example'];
    const policy = load(fileWith(rules));
    const mail = { to, subject: 's', body: 'b' };
    expect(decide(policy, sendEmail, mail).kind).toBe('ask');
    expect(decide(policy, sendEmail, { ...mail, cc: to, bcc: to }).kind).toBe('allow');
    expect(lint(...rules)).toEqual([
      'line 7, column 36: what "known" wants asked is allowed by "copied" once "cc" and "bcc" are added to the send_email (mention it in the ask of "known" as "cc: { optional: true, every: { any: true } }, bcc: { optional: true, every: { any: true } }", or narrow the allow of "copied")',
    ]);
  });

  test.each<readonly [what: string, ...rules: string[]]>([
    [
      'a narrower ask inside a wide allow that mentions the same',
      NOTES,
      '{ id: private, tool: read_file, ask: { path: { under: notes/private } } }',
    ],
    ['no method in common', ASK_ADMIN.replace('{ any: true }', '[POST]'), ALLOW_WITH_HEADERS],
    [
      'no place in common',
      ASK_ADMIN.replace('/admin/**', '/admin'),
      ALLOW_WITH_HEADERS.replace('path: /**', 'path: /a/*'),
    ],
    [
      'a denial of what is added',
      ASK_ADMIN,
      ALLOW_WITH_HEADERS,
      '{ id: x, tool: http_request, deny: { url: { path: /admin/** }, headers: { any: true } } }',
    ],
    [
      'an ask that speaks of an argument that the allow leaves out',
      ASK_ADMIN.replace('method:', 'body: { any: true }, method:'),
      ALLOW_WITH_HEADERS,
    ],
    [
      'an exception of the allow',
      ASK_ADMIN,
      ALLOW_WITH_HEADERS.replace(' } }', ' } }, except: { url: { path: /admin/** } }'),
    ],
  ])('not where there is %s', (what, ...rules) => {
    expect({ what, found: lint(...rules) }).toEqual({ what, found: [] });
  });

  test('not where no profile has both rules', () => {
    const file = fileWith([
      ASK_ADMIN.replace('tool:', 'profiles: [all], tool:'),
      ALLOW_WITH_HEADERS.replace('tool:', 'profiles: [none], tool:'),
    ]);
    expect(lintsOf(file.replace('grant: []', 'grant: [make_api_calls]'))).toEqual([]);
  });
});

describe('the example', () => {
  test('has nothing to complain of', () => {
    expect(lintsOf(readFileSync('examples/personal-assistant/policy.yaml', 'utf8'))).toEqual([]);
  });
});
