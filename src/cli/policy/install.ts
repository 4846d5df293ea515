import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ClientError } from '../../client/client-error.ts';
import { describeProblem, parsePolicy } from '../../policy/load-policy.ts';
import { sha256 } from '../../proof/digest.ts';
import { tools } from '../../tools/index.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { stateDirectory } from '../surroundings.ts';
import { complain, line, print, printJson } from '../terminal.ts';
import { problemsOf } from './check.ts';
import type { PolicyDiff } from './diff.ts';
import { comparePolicies, describeDiff } from './diff.ts';
import { replaceFile, textInPlace } from './replace-file.ts';

interface InstallOptions extends GlobalOptions {
  readonly to?: string;
  readonly approvers?: string;
}

export function addInstall(policy: Command, done: (code: number) => void): void {
  policy
    .command('install')
    .argument('<file>', 'policy file')
    .option('--to <path>', 'where it goes (else COUNTERSIGN_POLICY, else policy.yaml of the state folder)')
    .option('--approvers <file>', 'refuse it also where nobody of this directory could answer an ask')
    .description('put a policy in force: checked, compared with the one it replaces, swapped in one step')
    .addHelpText('after', HELP)
    .action((file: string, _own: unknown, command: Command) => {
      done(install(file, command.optsWithGlobals<InstallOptions>()));
    });
}

function install(file: string, options: InstallOptions): number {
  const text = goodText(file, options.approvers);
  const target = targetOf(options);
  const before = textInPlace(target);
  const [policySha, previousSha] = [sha256(text), before === null ? null : sha256(before)];
  if (before === text) {
    if (options.json === true) printJson({ installed: target, policySha, previousSha, previous: null, diff: null });
    else print(`${target} holds this very policy already (${policySha}): nothing was changed.`);
    return 0;
  }
  const diff = before === null ? null : diffOf(before, text);
  const previous = replaceFile(target, text, before);
  if (options.json === true) {
    printJson({ installed: target, policySha, previousSha, previous, diff });
    return 0;
  }
  print(diff === null ? 'There was no good policy there: everything was denied.' : describeDiff(diff));
  print(`installed  ${target}  SHA-256 ${policySha}`);
  if (previous !== null) print(`replaced   ${previous}  SHA-256 ${previousSha ?? ''}`);
  return 0;
}

/** Refused when: not a good policy, an example or a test fails, nobody could answer an ask. Nothing is changed then. */
function goodText(file: string, approvers: string | undefined): string {
  const bytes = readBytes(file);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes))
    throw new ClientError('refused', `${file} is not UTF-8 text; nothing was changed.`);
  const problems = problemsOf(text, approvers);
  if (problems.length === 0) return text;
  for (const problem of problems) complain(`${file}: ${line(describeProblem(problem))}`);
  throw new ClientError('refused', `${file} is not installed; nothing was changed.`);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new ClientError('notFound', `Cannot read the policy file: ${file}`);
  }
}

function targetOf(options: InstallOptions): string {
  const named = process.env['COUNTERSIGN_POLICY'] ?? '';
  return resolve(options.to ?? (named === '' ? join(stateDirectory(options), 'policy.yaml') : named));
}

/** Null where the file in force is broken: then it denied everything. */
function diffOf(before: string, after: string): PolicyDiff | null {
  const [old, next] = [parsePolicy(before, tools), parsePolicy(after, tools)];
  return old.kind === 'broken' || next.kind === 'broken' ? null : comparePolicies(old.policy, next.policy);
}

const HELP = `
Example:
  countersign policy install policy-new.yaml
  countersign policy install policy-new.yaml --to /etc/countersign/policy.yaml --approvers approvers.yaml

Workers read the file anew for each action: what is installed holds from the next decision on, also for sessions that
wait. The file that was there is kept beside it as policy.yaml.previous.`;
