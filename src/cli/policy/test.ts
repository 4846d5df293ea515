import type { Command } from 'commander';
import { parseUntested } from '../../policy/load-policy.ts';
import type { TrialRun } from '../../policy/run-examples.ts';
import { runTrials } from '../../policy/run-examples.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { cell, line, print, printJson, styled, table } from '../terminal.ts';
import { readPolicyFile } from './policy-file.ts';

export function addTest(policy: Command, done: (code: number) => void): void {
  policy
    .command('test')
    .argument('<file>', 'policy file')
    .description('run the examples of its rules and its tests; exit code 1 if one fails')
    .addHelpText('after', HELP)
    .action((file: string, _own: unknown, command: Command) =>
      done(test(file, command.optsWithGlobals<GlobalOptions>())),
    );
}

function test(file: string, options: GlobalOptions): number {
  const { policy, tools } = readPolicyFile(file, knownTools(options), parseUntested);
  const runs = runTrials(policy, tools);
  const failed = runs.filter(({ passed }) => !passed).length;
  if (options.json === true) printJson({ passed: runs.length - failed, failed, runs });
  else print([...describeRuns(runs), `${runs.length - failed} passed, ${failed} failed`].join('\n'));
  return failed === 0 ? 0 : 1;
}

function describeRuns(runs: readonly TrialRun[]): readonly string[] {
  if (runs.length === 0) return ['There are no examples and no tests: rules take "examples", the file takes "tests".'];
  const rows = runs.map(({ rule, what, expected, decided, passed, why }) => [
    cell(rule === null ? what : `${rule}: ${what}`, 60),
    line(expected),
    line(decided),
    passed ? styled('green', 'ok') : `${styled('red', 'FAILED')}  ${line(why)}`,
  ]);
  return [table([['WHAT', 'EXPECTED', 'DECIDED', 'RESULT'], ...rows])];
}

const HELP = `
Example:
  countersign policy test policy.yaml

In the file:
  tests:
    - name: a stranger gets no mail
      call: { tool: send_email, input: { to: [m@evil.example], subject: Hi, body: x } }
      expect: deny          # or { ask: mail-known }: the decision and the rule`;
