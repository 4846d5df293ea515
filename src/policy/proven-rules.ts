/** The rules of which something in the file shows what they do. */
import type { Json } from '../domain/json.ts';
import { own, ownList } from '../domain/json.ts';
import type { Policy } from './policy.ts';
import { runPolicyTest } from './run-policy-test.ts';
import type { ToolShape } from './tool-shape.ts';

/** Those that have examples, and those by which tests are decided. */
export function provenRules(policy: Policy, tools: readonly ToolShape[]): ReadonlySet<string> {
  const examples = [...policy.documents].filter(([, document]) => examplesIn(document) > 0).map(([id]) => id);
  const tests = policy.tests.flatMap((test) => runPolicyTest(policy, test, tools).decision.rule ?? []);
  return new Set([...examples, ...tests]);
}

/** How many examples a rule has, by its document. */
export function examplesIn(document: Json | undefined): number {
  const examples = own(own(document, 'written'), 'examples');
  return ownList(examples, 'match').length + ownList(examples, 'noMatch').length;
}
