/** Flows: what is no longer allowed once results of certain kinds were seen together. */
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { ruleDocument } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { httpRequest, readFile, sendEmail } from './shapes.ts';
import { NOTHING } from './support.ts';

const TOOLS: readonly ToolShape[] = [
  { ...readFile, labels: ['private'] },
  { ...httpRequest, labels: ['untrusted'] },
  sendEmail,
];
const ALLOW = '{ id: mail, tool: send_email, allow: { to: { every: { any: true } } } }';
const ASK = '{ id: mail, tool: send_email, ask: { to: { every: { any: true } } }, approval: { by: [clerk] } }';
const DENY = '{ id: mail, tool: send_email, deny: {} }';
const BOTH = '{ id: leak, when: [untrusted, private], tool: send_email, then: ask, why: Strangers may steer it. }';

function read(
  rule: string,
  flows: readonly string[],
  labels = '{}',
  approval = 'approval: { by: [owner] }',
): string | Policy {
  const text = [
    'version: 1',
    'profiles: { all: { grant: [send_email] }, other: { grant: [send_email] } }',
    approval,
    `rules: [${rule}]`,
    `flows: { labels: ${labels}, rules: [${flows.join(', ')}] }`,
  ].join('\n');
  const reading = parsePolicy(text, TOOLS);
  return reading.kind === 'policy' ? reading.policy : reading.problems.map(describeProblem).join('\n');
}

const MAIL: JsonObject = { to: ['a@example.com'] };

function decide(policy: string | Policy, labels: readonly string[], profile = 'all') {
  if (typeof policy === 'string') throw new Error(policy);
  const facts = { tool: sendEmail, profile, args: MAIL, actionKey: 'key', standing: { ...NOTHING, labels } };
  return decideAction(policy, facts);
}

describe('a flow rule', () => {
  test.each<[readonly string[], string]>([
    [[], 'allow'],
    [['untrusted'], 'allow'],
    [['private'], 'allow'],
    [['private', 'untrusted'], 'ask'],
    [['other', 'untrusted', 'private'], 'ask'],
  ])('with results seen that are %j: %s', (labels, kind) => {
    expect(decide(read(ALLOW, [BOTH]), labels).kind).toBe(kind);
  });

  test('says which results, why, and who is asked', () => {
    expect(decide(read(ALLOW, [BOTH]), ['untrusted', 'private'])).toEqual({
      kind: 'ask',
      rule: 'leak',
      why: 'This session has seen results that are private and untrusted: Strangers may steer it. (flow "leak")',
      approval: { by: ['owner'], quorum: 1, expiresMs: 86_400_000 },
    });
  });

  test.each<[string, string, string, string]>([
    ['an ask stays the ask of its rule', ASK, BOTH, 'ask mail'],
    ['S3: a denial stays', DENY, BOTH, 'deny mail'],
    ['an ask may become a denial', ASK, BOTH.replace('ask', 'deny'), 'deny leak'],
    ['an allow may become a denial', ALLOW, BOTH.replace('ask', 'deny'), 'deny leak'],
  ])('%s', (_, rule, flow, said) => {
    const decision = decide(read(rule, [flow]), ['untrusted', 'private']);
    expect(`${decision.kind} ${decision.rule}`).toBe(said);
  });

  test('S3: of two that hold, the denial; the order does not matter', () => {
    const denial = '{ id: z-shut, when: [private], tool: [send_email], then: deny }';
    for (const flows of [
      [BOTH, denial],
      [denial, BOTH],
    ])
      expect(decide(read(ALLOW, flows), ['untrusted', 'private'])).toMatchObject({ kind: 'deny', rule: 'z-shut' });
  });

  test('S2: never allows what no rule allows', () => {
    const none = '{ id: r, tool: read_file, deny: {} }';
    expect(decide(read(none, [BOTH]), ['untrusted', 'private']).kind).toBe('deny');
  });

  test('for one profile leaves the others as they are', () => {
    const policy = read(ALLOW, [BOTH.replace('then', 'profiles: [other], then')]);
    expect(decide(policy, ['untrusted', 'private']).kind).toBe('allow');
    expect(decide(policy, ['untrusted', 'private'], 'other').kind).toBe('ask');
  });

  test('S4: has a document, so that an approval’s digest covers what it says', () => {
    const policy = read(ALLOW, [BOTH]);
    if (typeof policy === 'string') throw new Error(policy);
    expect(ruleDocument(policy, 'leak')).toMatchObject({ written: { then: 'ask' }, approval: { by: ['owner'] } });
  });
});

describe('labels', () => {
  test('the file adds to what tools carry, and takes nothing away', () => {
    const policy = read(ALLOW, [BOTH], '{ secret: [read_file, http_request] }');
    if (typeof policy === 'string') throw new Error(policy);
    expect(policy.labels.get('read_file')).toEqual(['private', 'secret']);
    expect(policy.labels.get('http_request')).toEqual(['secret', 'untrusted']);
    expect(policy.labels.get('send_email')).toEqual([]);
  });
});

describe('flows that cannot be meant so do not load', () => {
  test.each<[string, string, string]>([
    ['a label that nothing carries', BOTH.replace('untrusted', 'untrustd'), 'did you mean "untrusted"?'],
    ['an unknown tool', BOTH.replace('send_email', 'send_mail'), 'did you mean "send_email"?'],
    ['an unknown profile', BOTH.replace('then', 'profiles: [al], then'), 'there is no profile "al"'],
    ['an id that a rule has', BOTH.replace('leak', 'mail'), 'two rules have the id "mail"'],
    ['an allow', BOTH.replace('then: ask', 'then: allow'), '"then" is ask or deny'],
    ['an approval of a denial', BOTH.replace('then: ask', 'then: deny, approval: { by: [x] }'), 'belongs to an ask'],
  ])('%s', (_, flow, words) => {
    expect(read(ALLOW, [flow])).toContain(words);
  });

  test('an ask that nobody may approve', () => {
    expect(read(ALLOW, [BOTH], '{}', '')).toContain('nobody may approve this');
  });
});
