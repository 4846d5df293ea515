/** Whatever a candidate policy does, the action is decided by the policy in force alone. */
import { expect, test } from '@jest/globals';
import { candidateDecision } from '../../src/activities/candidate.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { readFile } from '../policy/shapes.ts';
import { NOTHING, fileWith, load } from '../policy/support.ts';

const POLICY = load(fileWith(['{ id: notes, tool: read_file, allow: { path: { under: notes } } }']));
const facts = { tool: readFile, profile: 'all', args: { path: 'notes/a' }, actionKey: 'key', standing: NOTHING };
const denied: Decision = { kind: 'deny', rule: null, why: 'no' };

/** A policy of which one part throws when it is looked at. */
function throwing(part: keyof typeof POLICY): typeof POLICY {
  return Object.defineProperty({ ...POLICY }, part, {
    get: () => {
      throw new Error('secret inside');
    },
  });
}

test.each(['profiles', 'index', 'limits', 'actionLimits', 'flows'] as const)(
  'S2: a candidate that throws where its %s are looked at stops no action: it is recorded as broken, without what it said',
  (part) => {
    const candidate = { kind: 'policy', policy: throwing(part), policySha: 'ab' } as const;
    expect(() => decideAction(candidate.policy, facts)).toThrow('secret inside');
    const recorded = candidateDecision(candidate, facts, denied);
    expect(recorded).toEqual({ kind: 'broken', rule: null, why: expect.any(String), policySha: 'ab' });
    expect(recorded?.why).not.toContain('secret');
  },
);

test('one that decides is recorded where it decides otherwise, and only there', () => {
  const candidate = { kind: 'policy', policy: POLICY, policySha: 'ab' } as const;
  expect(candidateDecision(candidate, facts, denied)).toMatchObject({ kind: 'allow', rule: 'notes' });
  expect(candidateDecision(candidate, facts, decideAction(POLICY, facts))).toBeUndefined();
});
