import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import { adviseOnPolicy } from '../../policy/advice/advise-on-policy.ts';
import { approverProblems } from '../../policy/approver-problems.ts';
import { parseApprovers } from '../../policy/approvers.ts';
import type { PolicyProblem } from '../../policy/load-policy.ts';
import { describeProblem, parsePolicy } from '../../policy/load-policy.ts';
import { knownTools } from '../known-tools.ts';
import { isOfUnknownTool } from '../../policy/tool-names.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readText } from '../surroundings.ts';
import { complain, line, print, printJson } from '../terminal.ts';

interface CheckOptions extends GlobalOptions {
  readonly approvers?: string;
}

export function addCheck(policy: Command, done: (code: number) => void): void {
  policy
    .command('check')
    .argument('<file>', 'policy file')
    .option('--approvers <file>', 'approver directory: is there somebody for each ask?')
    .description('is the file good? every problem with its line, column and a suggestion; and what may not be meant')
    .addHelpText(
      'after',
      '\nExample:\n  countersign policy check policy.yaml\n  countersign policy check policy.yaml --approvers approvers.yaml',
    )
    .action((file: string, _own: unknown, command: Command) => {
      done(check(file, command.optsWithGlobals<CheckOptions>()));
    });
}

function check(file: string, options: CheckOptions): number {
  const text = readText(file, 'the policy file');
  const tools = knownTools(options);
  const problems = problemsOf(text, tools, options.approvers);
  const advice = problems.length === 0 ? adviseOnPolicy(text, tools) : [];
  if (options.json === true) printJson({ good: problems.length === 0, problems, advice });
  else for (const problem of problems) complain(`${line(file)}: ${line(describeProblem(problem))}`);
  if (options.json !== true) tellOfOtherTools(problems);
  const reading = parsePolicy(text, tools);
  if (reading.kind === 'broken' && reading.unchecked.length > 0 && options.json !== true)
    complain(`Once this is mended there are further checks: ${reading.unchecked.join(', ')}.`);
  if (problems.length > 0) return 1;
  if (reading.kind === 'policy' && options.json !== true)
    print(
      [
        `${line(file)} is good: ${counted(reading.policy.documents.size, 'rule')}, ${counted(reading.policy.profiles.size, 'profile')}.`,
        ...describeAdvice(advice),
      ].join('\n'),
    );
  return 0;
}

export function tellOfOtherTools(problems: readonly PolicyProblem[]): void {
  if (problems.some(isOfUnknownTool))
    complain('Declared tools are known by --tools FILE; a policy with tools in code is checked by checkPolicy.');
}

/** For whoever may not have meant it; the file is good all the same. */
export function describeAdvice(advice: readonly PolicyProblem[]): readonly string[] {
  if (advice.length === 0) return [];
  return ['advice (the file is good as it is):', ...advice.map((one) => `  ${line(describeProblem(one))}`)];
}

/** What is wrong with the file, also with respect to an approver directory where one is named. */
export function problemsOf(
  text: string,
  tools: readonly Tool[],
  approversFile: string | undefined,
): readonly PolicyProblem[] {
  const reading = parsePolicy(text, tools);
  const own = reading.kind === 'broken' ? reading.problems : [];
  if (approversFile === undefined) return own;
  const approvers = parseApprovers(readText(approversFile, 'the approver directory'));
  if (approvers.kind === 'broken') {
    const first = approvers.problems[0];
    const where = first === undefined ? '' : `: ${line(describeProblem(first))}`;
    throw new ClientError('refused', `${line(approversFile)} is broken${where}`);
  }
  return [...own, ...approverProblems(text, approvers.directory)];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
