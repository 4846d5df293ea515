/** Rules of which no example and no test of the file shows what they do. */
import type { Json } from '../../domain/json.ts';
import { own, ownList } from '../../domain/json.ts';
import type { Complain } from '../matchers/matcher.ts';
import type { Policy } from '../policy.ts';
import type { PolicySchema } from '../policy-schema.ts';
import { runPolicyTest } from '../run-policy-test.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { Path } from '../yaml-source.ts';
import type { AdviceSource } from './advice-source.ts';

export function adviseOnProofs(source: AdviceSource, advise: Complain): void {
  const proven = new Set(provenRules(source.policy, source.tools));
  const bare = rulesOf(source.file).filter(({ id }) => !proven.has(id));
  const [first] = bare;
  if (first === undefined) return;
  const names = bare.map(({ id }) => id).join(', ');
  advise(
    first.path,
    `no example and no test shows what ${bare.length === 1 ? 'this rule does' : 'these rules do'}: ${names}`,
    'write calls that match and calls that do not under "examples"',
  );
}

/** Rules that have examples, and those by which tests are decided. */
export function provenRules(policy: Policy, tools: readonly ToolShape[]): readonly string[] {
  const examples = [...policy.documents].filter(([, document]) => hasExamples(document)).map(([id]) => id);
  const tests = policy.tests.flatMap((test) => runPolicyTest(policy, test, tools).decision.rule ?? []);
  return [...new Set([...examples, ...tests])];
}

function hasExamples(document: Json): boolean {
  const examples = own(own(document, 'written'), 'examples');
  return ownList(examples, 'match').length + ownList(examples, 'noMatch').length > 0;
}

function rulesOf({ rules, flows }: PolicySchema): readonly { readonly id: string; readonly path: Path }[] {
  return [
    ...rules.map(({ id }, index) => ({ id, path: ['rules', index] })),
    ...(flows?.rules ?? []).map(({ id }, index) => ({ id, path: ['flows', 'rules', index] })),
  ];
}
