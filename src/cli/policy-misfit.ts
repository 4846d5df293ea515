/** Whether the policy of an instance fits its tools; a worker that has none that does denies everything. */
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { readSmallFileSync } from '../server/read-small-file.ts';
import { toolsWith } from './known-tools.ts';

/** The first problem; undefined: it fits. */
export function misfitOf(policyFile: string, toolsFile: string | undefined): string | undefined {
  const found = readSmallFileSync(policyFile, MAX_FILE_LENGTH);
  if (found.kind !== 'text') return `the policy ${found.why}`;
  const reading = parsePolicy(found.text, toolsWith(toolsFile));
  const [first] = reading.kind === 'broken' ? reading.problems : [];
  return first === undefined ? undefined : describeProblem(first);
}
