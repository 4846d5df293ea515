/** Rules of which no example and no test of the file shows what they do. */
import type { Complain } from '../matchers/matcher.ts';
import type { PolicySchema } from '../policy-schema.ts';
import { provenRules } from '../proven-rules.ts';
import type { Path } from '../yaml-source.ts';
import type { AdviceSource } from './advice-source.ts';

export function adviseOnProofs(source: AdviceSource, advise: Complain): void {
  const proven = provenRules(source.policy, source.tools);
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

function rulesOf({ rules, flows }: PolicySchema): readonly { readonly id: string; readonly path: Path }[] {
  return [
    ...rules.map(({ id }, index) => ({ id, path: ['rules', index] })),
    ...(flows?.rules ?? []).map(({ id }, index) => ({ id, path: ['flows', 'rules', index] })),
  ];
}
