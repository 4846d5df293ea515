import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { matcherOf } from '../../src/policy/matchers/matcher.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { listOf, needing, optional } from '../../src/policy/kinds/argument.ts';
import { path } from '../../src/policy/kinds/path.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { NOTHING, withClauses, decide, fileWith, load } from './support.ts';
import { httpRequest, readFile, sendEmail } from './shapes.ts';

const ALLOW = '{ id: b-allow, tool: read_file, allow: { path: { under: notes } }, why: Notes are open. }';
const ASK = '{ id: c-ask, tool: read_file, ask: { path: { under: notes } } }';
const DENY = '{ id: d-deny, tool: read_file, deny: { path: { under: notes } }, why: Closed today. }';
const DENY_ALL = '{ id: e-deny, tool: "*", deny: {} }';

function kindWith(rules: readonly string[], path = 'notes/a'): string {
  return decide(load(fileWith(rules)), readFile, { path }).kind;
}

describe('S3: deny > ask > allow > default deny', () => {
  test.each<[readonly string[], string]>([
    [[], 'deny'],
    [[ALLOW], 'allow'],
    [[ALLOW, ASK], 'ask'],
    [[ALLOW, ASK, DENY], 'deny'],
    [[ALLOW, DENY], 'deny'],
    [[ASK, DENY], 'deny'],
    [[ALLOW, ASK, DENY_ALL], 'deny'],
  ])('%j: %s', (rules, kind) => {
    expect(kindWith(rules)).toBe(kind);
    expect(kindWith(rules.toReversed())).toBe(kind);
  });

  test('one rule may allow one thing and ask for another; the stronger wins where both match', () => {
    const rule = '{ id: a, tool: read_file, allow: { path: { under: notes } }, ask: { path: { under: notes/own } } }';
    expect(kindWith([rule])).toBe('allow');
    expect(kindWith([rule], 'notes/own/a')).toBe('ask');
    expect(kindWith([rule], 'other')).toBe('deny');
  });

  test('an exception narrows its own rule and no other', () => {
    const narrowed = ALLOW.replace(' why:', ' except: { path: { glob: "**/.env" } }, why:');
    expect(kindWith([narrowed], 'notes/.env')).toBe('deny');
    expect(kindWith([narrowed, ASK], 'notes/.env')).toBe('ask');
  });

  test('all keys of an exception must hold; of several exceptions one is enough', () => {
    const post = '{ url: { any: true }, method: [POST] }';
    const rule = (except: string): string =>
      `{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET, POST] }, except: ${except} }`;
    const kind = (except: string, method: string): string =>
      decide(load(fileWith([rule(except)])), httpRequest, { url: 'https://h.example/', method }).kind;
    expect(kind(post, 'GET')).toBe('allow');
    expect(kind(post, 'POST')).toBe('deny');
    expect(kind(`[{ method: [HEAD] }, ${post}]`, 'POST')).toBe('deny');
  });

  test('a rule for some profiles says nothing to the others', () => {
    const file = fileWith(['{ id: a, tool: read_file, profiles: [none], allow: { path: { any: true } } }']);
    expect(decide(load(file), readFile, { path: 'a' }).kind).toBe('deny');
  });
});

describe('S2: absent means denied', () => {
  test.each<[string, JsonObject]>([
    ['an argument that the rule does not mention', { to: ['a@example.com'], bcc: ['mallory@evil.example'] }],
    ['an argument that no tool has', { to: ['a@example.com'], attachments: ['x'] }],
    ['an argument that the rule mentions and nobody gives', { subject: 'x' }],
    ['no arguments', {}],
    ['a value of another type', { to: { 0: 'a@example.com' } }],
    ['inherited names', JSON.parse('{"__proto__":{"to":["a@example.com"]}}') as JsonObject],
    ['a prototype key beside a good one', JSON.parse('{"to":["a@example.com"],"__proto__":["x"]}') as JsonObject],
    ['a constructor key beside a good one', { to: ['a@example.com'], constructor: 'x' }],
  ])('%s: the rule does not match', (_, args) => {
    const rule = '{ id: a, tool: send_email, allow: { to: { every: { domain: example.com } } } }';
    expect(decide(load(fileWith([rule])), sendEmail, args).kind).toBe('deny');
  });

  test.each<[string, JsonObject]>([
    ['free ones', { to: ['a@example.com'], subject: 'any', body: 'thing' }],
    ['empty ones', { to: ['a@example.com'], cc: [], bcc: [] }],
  ])('%s need no mention', (_, args) => {
    const rule = '{ id: a, tool: send_email, allow: { to: { every: { domain: example.com } } } }';
    expect(decide(load(fileWith([rule])), sendEmail, args).kind).toBe('allow');
  });

  test('a profile that is not there, and a permission that is not granted', () => {
    const policy = load(fileWith([ALLOW]));
    expect(decide(policy, readFile, { path: 'notes/a' }, 'ghost')).toEqual({
      kind: 'deny',
      rule: null,
      why: 'The policy has no profile "ghost".',
    });
    expect(decide(policy, readFile, { path: 'notes/a' }, 'none')).toEqual({
      kind: 'deny',
      rule: null,
      why: 'The profile "none" is not granted read_files, which read_file needs.',
    });
  });

  test('a matcher that throws denies, whatever else would allow', () => {
    const policy = load(fileWith([ALLOW, ASK]));
    for (const broken of policy.clauses.map(({ rule }) => rule)) {
      expect(decide(breakRule(policy, broken), readFile, { path: 'notes/a' })).toMatchObject({
        kind: 'deny',
        rule: broken,
      });
    }
  });

  test('an exception that throws denies as well', () => {
    const policy = load(fileWith([ALLOW]));
    const broken = withClauses(policy, (clause) => ({
      ...clause,
      except: [new Map([['path', matcherOf(explode, explode)]])],
    }));
    expect(decide(broken, readFile, { path: 'notes/a' })).toMatchObject({ kind: 'deny' });
  });

  test('an ask that nobody may approve denies', () => {
    const policy = load(fileWith([ASK]));
    const decision = decide(
      withClauses(policy, (clause) => ({ ...clause, approval: null })),
      readFile,
      { path: 'notes/a' },
    );
    expect(decision).toMatchObject({ kind: 'deny', rule: 'c-ask' });
    expect(decision.why).toContain('names nobody');
  });
});

function explode(): never {
  throw new RangeError('too large');
}

function breakRule(policy: Policy, rule: string): Policy {
  return withClauses(policy, (clause) =>
    clause.rule === rule ? { ...clause, matchers: new Map([['path', matcherOf(explode, explode)]]) } : clause,
  );
}

describe('limits by count', () => {
  const policy = load(
    fileWith([ALLOW, DENY.replace('notes', 'notes/closed')], 'limits: { actions: { read_file: 2 } }'),
  );
  const spent = (actions: Readonly<Record<string, number>>, path = 'notes/a') =>
    decideAction(policy, {
      tool: readFile,
      profile: 'all',
      args: { path },
      actionKey: 'key',
      standing: { ...NOTHING, actions },
    });

  test.each<[Readonly<Record<string, number>>, string]>([
    [{}, 'allow'],
    [{ read_file: 1 }, 'allow'],
    [{ read_file: 2 }, 'deny'],
    [{ read_file: 3 }, 'deny'],
    [{ list_files: 9 }, 'allow'],
    [{ read_file: Number.NaN }, 'deny'],
  ])('%j: %s', (actions, kind) => {
    expect(spent(actions).kind).toBe(kind);
  });

  test('a denial by limit has no rule and names the limit', () => {
    expect(spent({ read_file: 2 })).toEqual({
      kind: 'deny',
      rule: null,
      why: 'A session may use read_file at most 2 times (limits.actions), and it has.',
    });
  });

  test('a denial by rule is said before a limit', () => {
    expect(spent({ read_file: 2 }, 'notes/closed/a')).toMatchObject({ rule: 'd-deny' });
  });
});

describe('what a decision says', () => {
  test('which rule, why, and who answers', () => {
    expect(decide(load(fileWith([ALLOW])), readFile, { path: 'notes/a' })).toEqual({
      kind: 'allow',
      rule: 'b-allow',
      why: 'Notes are open. (rule "b-allow")',
    });
    expect(decide(load(fileWith([ASK])), readFile, { path: 'notes/a' })).toEqual({
      kind: 'ask',
      rule: 'c-ask',
      why: 'The rule "c-ask" says so.',
      approval: { by: ['owner'], quorum: 1, expiresMs: 86_400_000 },
    });
    expect(decide(load(fileWith([ALLOW, DENY])), readFile, { path: 'notes/a' })).toEqual({
      kind: 'deny',
      rule: 'd-deny',
      why: 'Closed today. (rule "d-deny") Other rules that open this tool: b-allow.',
    });
  });
});

describe('S2: an argument may need a permission of its own', () => {
  const post: ToolShape = {
    name: 'post',
    permission: 'send_email',
    arguments: { files: needing('read_files', optional(listOf(path, 5, 'files'))) },
  };
  const policy = load(
    [
      'version: 1',
      'profiles:',
      '  reader: { grant: [send_email, read_files], startable: true }',
      '  writer: { grant: [send_email], startable: true }',
      'rules:',
      '  - { id: any, tool: post, allow: { files: { every: { under: notes }, optional: true } } }',
    ].join('\n'),
    [post],
  );

  test('who gives it without being granted it is denied, whatever the rules allow', () => {
    expect(decide(policy, post, { files: ['notes/a'] }, 'reader').kind).toBe('allow');
    const denied = decide(policy, post, { files: ['notes/a'] }, 'writer');
    expect(denied).toMatchObject({ kind: 'deny', rule: null, why: expect.stringContaining('read_files') });
  });

  test('who does not give it needs the permission of the tool alone', () => {
    expect(decide(policy, post, {}, 'writer').kind).toBe('allow');
  });
});
