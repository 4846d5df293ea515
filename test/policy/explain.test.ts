import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Explanation } from '../../src/policy/explain.ts';
import { explainAction } from '../../src/policy/explain.ts';
import { matcherOf } from '../../src/policy/matchers/matcher.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { NOTHING, withClauses, fileWith, load } from './support.ts';
import { httpRequest, readFile, sendEmail } from './shapes.ts';

const KNOWN = '{ id: mail-known, tool: send_email, ask: { to: { every: { domain: [example.com] } } } }';

function explain(rules: readonly string[], tool: ToolShape, args: JsonObject, profile = 'all'): Explanation {
  return explainAction(load(fileWith(rules)), { tool, profile, args, actionKey: 'key', standing: NOTHING });
}

describe('a default denial names the nearest rule and where it failed', () => {
  test('the element of a list', () => {
    const { decision, nearest } = explain([KNOWN], sendEmail, { to: ['bob@example.com', 'm@evil.example'] });
    expect(nearest).toEqual({ rule: 'mail-known', at: 'to[1]', why: '"m@evil.example" is not at example.com' });
    expect(decision).toEqual({
      kind: 'deny',
      rule: null,
      why: 'No rule allows this. The nearest, "mail-known", fails at to[1]: "m@evil.example" is not at example.com.',
    });
  });

  test('an argument that is not mentioned, one that is missing, an exception', () => {
    expect(explain([KNOWN], sendEmail, { to: ['bob@example.com'], cc: ['a@example.com'] }).nearest).toMatchObject({
      at: 'cc',
      why: 'the rule does not mention it',
    });
    expect(explain([KNOWN], sendEmail, {}).nearest).toMatchObject({ at: 'to', why: 'it is not given' });
    const except = KNOWN.replace(/ }$/, ', except: { to: { some: { oneOf: [boss@example.com] } } } }');
    expect(explain([except], sendEmail, { to: ['boss@example.com'] }).nearest).toMatchObject({
      at: 'input',
      why: 'it is excepted from the rule',
    });
  });

  test('the rule of which the most holds is the nearest, not the first of the file', () => {
    const rules = [
      '{ id: a, tool: http_request, allow: { url: { origin: "https://g.example", path: [/] }, method: [GET] } }',
      '{ id: b, tool: http_request, allow: { url: { origin: "https://h.example", path: [/] }, method: [GET] } }',
    ];
    const { nearest } = explain(rules, httpRequest, { url: 'https://h.example/', method: 'POST' });
    expect(nearest).toEqual({ rule: 'b', at: 'method', why: '"POST" is not GET' });
  });

  test('no rule at all', () => {
    const { decision, nearest } = explain([], readFile, { path: 'a' });
    expect(nearest).toBeNull();
    expect(decision.why).toBe('No rule of the policy allows read_file.');
  });
});

describe('what each rule made of the action', () => {
  const rules = [
    '{ id: open, tool: read_file, allow: { path: { under: notes } } }',
    '{ id: shut, tool: read_file, deny: { path: { glob: "**/.env" } } }',
  ];

  test('strongest first', () => {
    expect(explain(rules, readFile, { path: 'notes/a' })).toEqual({
      decision: { kind: 'allow', rule: 'open', why: 'The rule "open" says so.' },
      findings: [
        { kind: 'fails', rule: 'shut', part: 'deny', at: 'path', why: '"notes/a" does not match **/.env' },
        { kind: 'matches', rule: 'open', part: 'allow' },
      ],
      nearest: null,
    });
  });

  test('a denial by a rule has no nearest rule, nor has one by permission', () => {
    expect(explain(rules, readFile, { path: 'notes/.env' })).toMatchObject({
      decision: { rule: 'shut' },
      nearest: null,
    });
    expect(explain(rules, readFile, { path: 'notes/a' }, 'none')).toMatchObject({ findings: [], nearest: null });
  });

  test('a rule that throws is told as such', () => {
    const policy = load(fileWith(rules.slice(0, 1)));
    const boom = (): never => {
      throw new Error('boom');
    };
    const broken = withClauses(policy, (clause) => ({
      ...clause,
      matchers: new Map([['path', matcherOf(boom, boom)]]),
    }));
    const facts = { tool: readFile, profile: 'all', args: { path: 'notes/a' }, actionKey: 'key', standing: NOTHING };
    expect(explainAction(broken, facts)).toMatchObject({
      decision: { kind: 'deny', rule: 'open' },
      findings: [{ kind: 'cannotBeApplied', rule: 'open', part: 'allow' }],
      nearest: null,
    });
  });
});

describe('S11: explanations', () => {
  test('show what would deceive, and stay short', () => {
    const rule = '{ id: a, tool: send_email, ask: { to: { every: { any: true } }, body: { oneOf: [Hello] } } }';
    const { decision } = explain([rule], sendEmail, { to: ['a@e.example'], body: `\u202E${'😀'.repeat(5000)}` });
    expect(decision.why).toContain('⟨U+202E⟩');
    expect(decision.why.isWellFormed()).toBe(true);
    expect(decision.why.length).toBeLessThan(600);
  });

  test('name a few of many values', () => {
    const many = Array.from({ length: 500 }, (_, index) => `d${index}.example`).join(', ');
    const { decision } = explain([KNOWN.replace('example.com', many)], sendEmail, { to: ['a@e.example'] });
    expect(decision.why).toContain('d4.example or 495 more');
    expect(decision.why.length).toBeLessThan(400);
  });
});
