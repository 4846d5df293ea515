/** Asks of a policy file that nobody, or too few people, of an approver directory could answer. Pure and total. */
import type { ApproverDirectory } from './approvers.ts';
import { personsOf, unknownNames } from './approvers.ts';
import type { Complain } from './matchers/matcher.ts';
import { PolicySchema } from './policy-schema.ts';
import type { PolicyProblem } from './problem.ts';
import { didYouMean } from './problem.ts';
import { collectProblems } from './schema-issues.ts';
import type { Path } from './yaml-source.ts';
import { readYaml } from './yaml-source.ts';

type Approval = NonNullable<PolicySchema['approval']>;

/** None for a file that is no policy: `parsePolicy` says what is wrong with it. */
export function approverProblems(text: string, directory: ApproverDirectory): readonly PolicyProblem[] {
  const source = readYaml(text);
  if (source.kind === 'broken') return [];
  const parsed = PolicySchema.safeParse(source.value);
  if (!parsed.success) return [];
  const { problems, complain } = collectProblems(source);
  for (const { approval, path } of approvalsOf(parsed.data)) complainOf(approval, path, directory, complain);
  return problems;
}

function approvalsOf({ approval, rules, flows }: PolicySchema): readonly {
  readonly approval: Approval;
  readonly path: Path;
}[] {
  const all: readonly (readonly [Approval | undefined, Path])[] = [
    ...rules.map((rule, index) => [rule.approval, ['rules', index, 'approval']] as const),
    ...(flows?.rules ?? []).map((rule, index) => [rule.approval, ['flows', 'rules', index, 'approval']] as const),
    [approval, ['approval']],
  ];
  return all.flatMap(([one, path]) => (one === undefined ? [] : [{ approval: one, path }]));
}

function complainOf({ by, quorum = 1 }: Approval, path: Path, directory: ApproverDirectory, complain: Complain): void {
  const known = [...directory.people.keys(), ...directory.groups.keys()];
  const strangers = unknownNames(directory, by);
  by.forEach((name, index) => {
    if (strangers.includes(name))
      complain(
        [...path, 'by', index],
        `the approver directory has no person and no group "${name}"`,
        didYouMean(name, known) ?? `known: ${known.join(', ')}`,
      );
  });
  const persons = personsOf(directory, by).length;
  if (strangers.length > 0 || persons >= quorum) return;
  const count = persons === 0 ? 'nobody' : `${persons} people`;
  complain([...path, 'by'], `${by.join(', ')} means ${count} in the approver directory, and ${quorum} must approve`);
}
