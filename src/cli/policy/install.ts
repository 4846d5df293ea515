import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { ClientError } from '../../client/client-error.ts';
import { adviseOnPolicy } from '../../policy/advice/advise-on-policy.ts';
import { describeProblem, parsePolicy, parseUnlinted } from '../../policy/load-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { plainQuote } from '../../policy/rule-words.ts';
import { unaskedInWords } from '../../policy/unasked.ts';
import { sha256 } from '../../proof/digest.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { knownTools, toolsFileOf } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readText, stateDirectory } from '../surroundings.ts';
import { complain, line, print, printJson } from '../terminal.ts';
import { describeAdvice, problemsOf, tellOfOtherTools } from './check.ts';
import type { PolicyDiff } from './compare-policies.ts';
import { comparePolicies, mayLoosen } from './compare-policies.ts';
import { describeDiff } from './describe-diff.ts';
import { bytesInPlace, checkPlace, replaceFile } from './replace-file.ts';

interface InstallOptions extends GlobalOptions {
  readonly to?: string;
  readonly approvers?: string;
  readonly dryRun?: boolean;
  /** False with `--no-looser`. */
  readonly looser: boolean;
}

export function addInstall(policy: Command, done: (code: number) => void): void {
  policy
    .command('install')
    .argument('<file>', 'policy file')
    .option('--to <path>', 'where it goes (else COUNTERSIGN_POLICY, else policy.yaml of the state folder)')
    .option('--approvers <file>', 'refuse it also where nobody of this directory could answer an ask')
    .option('--dry-run', 'check and compare as always, write nothing')
    .option('--no-looser', 'refuse it, with exit code 1, where anything is looser than it was, or may be')
    .description('put a policy in force: checked, compared with the one it replaces, swapped in one step')
    .addHelpText('after', HELP)
    .action((file: string, _own: unknown, command: Command) => {
      done(install(file, command.optsWithGlobals<InstallOptions>()));
    });
}

function install(file: string, options: InstallOptions): number {
  const tools = knownTools(options);
  const { text, policy } = goodPolicy(file, tools, options.approvers);
  const target = targetOf(options);
  const before = bytesInPlace(target);
  checkPlace(target);
  const same = before?.equals(Buffer.from(text, 'utf8')) === true;
  const found: Found = { target, text, tools, before, same, ...comparedWith(before, policy, tools) };
  if (!same && options.json !== true)
    print([summaryOf(found, policy), ...describeAdvice(adviseOnPolicy(text, tools))].join('\n'));
  if (!options.looser && isLooser(found, policy)) return refuseLooser(file, found, options);
  const previous = same || options.dryRun === true ? null : replaceFile(target, text, before);
  if (options.json === true) printJson(asJson(found, previous, options.dryRun !== true));
  else {
    print(endOf(found, previous, options.dryRun === true));
    const toolsFile = toolsFileOf(options);
    if (!same && options.dryRun !== true && toolsFile !== undefined)
      print(
        `A worker that started before ${line(toolsFile)} was as it is denies everything if this policy does not fit its tools: restart it.`,
      );
  }
  return 0;
}

interface Found {
  readonly target: string;
  readonly text: string;
  readonly tools: readonly Tool[];
  readonly before: Buffer | null;
  /** It is in force already, byte for byte. */
  readonly same: boolean;
  /** `broken`: it does not load in this version, so that everything was denied. */
  readonly inForce: 'nothing' | 'broken' | 'policy';
  /** Null where there is nothing to compare with, or nothing that can be read as a policy. */
  readonly diff: PolicyDiff | null;
}

function summaryOf({ inForce, diff, tools }: Found, policy: Policy): string {
  if (inForce === 'policy' && diff !== null) return describeDiff(diff);
  const opened = openedInWords(policy, tools);
  if (inForce === 'nothing') return `There was no good policy there: everything was denied. ${opened}`;
  if (diff === null)
    return `What was there does not load and cannot be read as a policy: everything was denied, and no diff could be made. ${opened}`;
  return [
    `What was there does not load in this version: everything was denied. ${opened}`,
    'Compared with what it says:',
    describeDiff(diff),
  ].join('\n');
}

function openedInWords(policy: Policy, tools: readonly Tool[]): string {
  const lines = unasked(policy, tools);
  const shown = lines.slice(0, SHOWN).map((each) => `  ${line(each)}`);
  const rest = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more: see "countersign policy show"`] : [];
  const now =
    lines.length === 0 ? 'Nothing is allowed now without asking someone.' : 'Allowed now without asking anyone:';
  return [now, ...shown, ...rest].join('\n');
}

/** Lines that say what is allowed; more are counted. */
const SHOWN = 20;

function unasked(policy: Policy, tools: readonly Tool[]): readonly string[] {
  const startable = [...policy.profiles.values()].filter((profile) => profile.startable).map(({ name }) => name);
  return unaskedInWords(policy, startable, tools, plainQuote);
}

/** Where everything was denied, whatever opens anything is looser. */
function isLooser({ same, inForce, diff }: Found, { clauses }: Policy): boolean {
  if (same) return false;
  return inForce !== 'policy' || diff === null ? clauses.some(({ kind }) => kind !== 'deny') : mayLoosen(diff);
}

function refuseLooser(file: string, found: Found, { json }: InstallOptions): number {
  if (json === true) printJson(asJson(found, null, false));
  complain(
    `${line(file)} is not installed: it is looser than what is in force, or may be (--no-looser); nothing was changed.`,
  );
  return 1;
}

function asJson(
  { target, text, tools, before, same, inForce, diff }: Found,
  previous: string | null,
  writes: boolean,
): unknown {
  const previousSha = before === null ? null : sha256(before);
  return {
    installed: writes ? target : null,
    policySha: sha256(text),
    previousSha,
    previous,
    inForce,
    diff: same ? null : diff,
    advice: adviseOnPolicy(text, tools),
  };
}

function endOf({ target, text, before, same }: Found, previous: string | null, dry: boolean): string {
  const policySha = sha256(text);
  if (same) return `${line(target)} holds this very policy already (${policySha}): nothing was changed.`;
  if (dry) return `would be installed as ${line(target)} (SHA-256 ${policySha}); nothing was changed.`;
  const installed = `installed  ${line(target)}  SHA-256 ${policySha}`;
  return previous === null ? installed : `${installed}\nreplaced   ${line(previous)}  SHA-256 ${sha256(before ?? '')}`;
}

/** Refused when: not a good policy, an example or a test fails, nobody could answer an ask. Nothing is changed then. */
function goodPolicy(
  file: string,
  tools: readonly Tool[],
  approvers: string | undefined,
): { readonly text: string; readonly policy: Policy } {
  const text = readText(file, 'the policy file');
  const problems = problemsOf(text, tools, approvers);
  const reading = parsePolicy(text, tools);
  if (problems.length === 0 && reading.kind === 'policy') return { text, policy: reading.policy };
  for (const problem of problems) complain(`${line(file)}: ${line(describeProblem(problem))}`);
  tellOfOtherTools(problems);
  throw new ClientError('refused', `${line(file)} is not installed; nothing was changed.`);
}

function targetOf(options: InstallOptions): string {
  const named = process.env['COUNTERSIGN_POLICY'] ?? '';
  return resolve(options.to ?? (named === '' ? join(stateDirectory(options), 'policy.yaml') : named));
}

/** What does not load any more may still say something: it is compared, lints and tests aside. */
function comparedWith(before: Buffer | null, next: Policy, tools: readonly Tool[]): Pick<Found, 'inForce' | 'diff'> {
  if (before === null) return { inForce: 'nothing', diff: null };
  const text = before.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(before)) return { inForce: 'broken', diff: null };
  const good = parsePolicy(text, tools);
  if (good.kind === 'policy') return { inForce: 'policy', diff: comparePolicies(good.policy, next, tools) };
  const read = parseUnlinted(text, tools);
  return { inForce: 'broken', diff: read.kind === 'policy' ? comparePolicies(read.policy, next, tools) : null };
}

const HELP = `
Example:
  countersign policy install policy-new.yaml
  countersign policy install policy-new.yaml --dry-run
  countersign policy install policy-new.yaml --to /etc/countersign/policy.yaml --approvers approvers.yaml

Workers read the file anew for each action: what is installed holds from the next decision on, also for sessions that
wait. --no-looser is for what installs by itself: what loosens then waits for a person who installs it without. It knows
what the parts and the samples show ("countersign policy diff --help"). The file that was there is kept beside it as policy.yaml.previous.`;
