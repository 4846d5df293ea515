/** S3: an ask that is added to a policy may open by asking what nothing denied but the absence of a rule, and no more. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../src/domain/decision.ts';
import type { Json } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import type { Document } from './arbitraries.ts';
import { compiled, documentOf, factsOf, ruleOf } from './arbitraries.ts';

// The same cases each time.
fc.configureGlobal({ seed: 20_261_125 });

const STRENGTH = { deny: 0, ask: 1, allow: 2 } as const;

const withRule = (document: Document, rule: Document, id: string): Document => ({
  ...document,
  rules: [...(document['rules'] as readonly Json[]), { id, ...rule }],
});

/** More than an ask may open: what nothing denied but the absence of a rule may be asked now, of anybody. */
function hasOpened(before: Decision, after: Decision): boolean {
  if (before.kind !== 'ask' || after.kind !== 'ask')
    return before.kind === 'deny' && before.rule === null
      ? after.kind === 'allow'
      : STRENGTH[after.kind] > STRENGTH[before.kind];
  const { by, expiresMs } = after.approval;
  return expiresMs > before.approval.expiresMs || by.some((name) => !before.approval.by.includes(name));
}

test('S3: adding an ask opens nothing but by asking: nothing is allowed by it, no denial of a rule ends, nobody more may approve', () => {
  const by = fc.subarray(['owner', 'boss', 'office'], { minLength: 1 });
  const asks = fc.tuple(ruleOf(['ask']), by).map(([rule, names]): Document => ({ ...rule, approval: { by: names } }));
  const documents = fc.tuple(documentOf, fc.array(asks, { maxLength: 3 }));
  const seen = { allow: 0, ask: 0, deny: 0 };
  fc.assert(
    fc.property(documents, asks, fc.boolean(), factsOf, ([plain, more], ask, first, facts) => {
      const document = more.reduce((all, rule, index) => withRule(all, rule, `q${index}`), plain);
      // Flows name approvers of their own, which those of a rule replace.
      const rulesOnly = { ...document, flows: { ...(document['flows'] as Document), rules: [] } };
      const before = decideAction(compiled(rulesOnly), facts);
      const after = decideAction(compiled(withRule(rulesOnly, ask, first ? 'a' : 'zz')), facts);
      if (before.kind !== after.kind) seen[before.kind] += 1;
      expect({ before, after, opened: hasOpened(before, after) }).toEqual({ before, after, opened: false });
    }),
    { numRuns: 1500 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});
