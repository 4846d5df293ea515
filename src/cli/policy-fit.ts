/** Whether the policy of an instance fits its tools; a worker that has none that does denies everything. */
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { readSmallFileSync } from '../server/read-small-file.ts';
import { tools as builtIn } from '../tools/index.ts';
import { toolsWith } from './known-tools.ts';

export type Fit =
  | { readonly kind: 'broken'; readonly why: string }
  /** `unopened`: declared tools that no rule opens. */
  | { readonly kind: 'fits'; readonly unopened: readonly string[] };

export function fitOf(policyFile: string, toolsFile: string | undefined): Fit {
  const found = readSmallFileSync(policyFile, MAX_FILE_LENGTH);
  if (found.kind !== 'text') return { kind: 'broken', why: `the policy ${found.why}` };
  const tools = toolsWith(toolsFile);
  const reading = parsePolicy(found.text, tools);
  if (reading.kind === 'broken')
    return { kind: 'broken', why: reading.problems.slice(0, 1).map(describeProblem).join() };
  const opened = new Set(reading.policy.clauses.flatMap(({ kind, tool }) => (kind === 'deny' ? [] : [tool])));
  const own = tools.map(({ name }) => name).filter((name) => !builtIn.some((tool) => tool.name === name));
  return { kind: 'fits', unopened: own.filter((name) => !opened.has(name)) };
}
