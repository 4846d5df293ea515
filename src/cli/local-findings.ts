/** What `doctor` finds without a server: this machine, the files of the deployment, the key. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseApprovers, unknownNames } from '../policy/approvers.ts';
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import { approverNames } from '../policy/policy.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { readSmallFileSync } from '../server/read-small-file.ts';
import { readPrivateKey } from '../client/private-key.ts';
import type { Tool } from '../tools/define-tool.ts';
import { tools as builtIn } from '../tools/index.ts';
import { readTools, toolsFileOf, toolsWith } from './known-tools.ts';
import type { GlobalOptions } from './surroundings.ts';
import { runFileOf, stateDirectory } from './surroundings.ts';

export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly says: string;
}

export function localFindings(options: GlobalOptions): readonly Finding[] {
  const directory = stateDirectory(options);
  const run = runFileOf(options);
  const policyFile = process.env['COUNTERSIGN_POLICY'] ?? join(directory, 'policy.yaml');
  const approversFile = process.env['COUNTERSIGN_APPROVERS'] ?? join(directory, 'approvers.yaml');
  const { tools, findings: declared } = declaredTools(toolsFileOf(options));
  const linux = process.platform === 'linux';
  return [
    nodeFinding(process.versions.node),
    {
      what: 'file tools',
      state: linux ? 'ok' : 'warning',
      says: linux ? 'Linux: offered' : 'not offered: they need Linux (descriptor walks through /proc)',
    },
    { what: 'sandbox', state: 'ok', says: 'run_code is not part of this version' },
    ...declared,
    fileFinding('policy', policyFile, (text) => problems(parsePolicy(text, tools))),
    ...candidateFindings(process.env['COUNTERSIGN_CANDIDATE_POLICY'] ?? '', tools),
    fileFinding('approvers', approversFile, (text) => problems(parseApprovers(text))),
    ...approverFindings(policyFile, approversFile, tools),
    keyFinding(process.env['COUNTERSIGN_KEY'] ?? join(directory, 'keys', 'owner.pem')),
    modelKeyFinding(process.env['ANTHROPIC_API_KEY']),
    {
      what: 'instance',
      state: run === undefined ? 'warning' : 'ok',
      says:
        run === undefined
          ? `none recorded in ${directory}: countersign up starts one`
          : `${run.address}, model: ${run.model}`,
    },
  ];
}

/** Without a good file of them the policy is looked at as if nothing was declared; a worker does not start then. */
function declaredTools(file: string | undefined): {
  readonly tools: readonly Tool[];
  readonly findings: readonly Finding[];
} {
  if (file === undefined) return { tools: builtIn, findings: [] };
  const what = 'declared tools';
  if (!existsSync(file)) return { tools: builtIn, findings: [{ what, state: 'wrong', says: `${file} is not there` }] };
  const finding = fileFinding(what, file, (text) => problems(readTools(text)));
  return { tools: finding.state === 'ok' ? toolsWith(file) : builtIn, findings: [finding] };
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return {
    what: 'Node.js',
    state: good ? 'ok' : 'wrong',
    says: good ? version : `${version}: 20.19 or newer is needed`,
  };
}

/** Whether there is one, never what it is (S10). */
function modelKeyFinding(key: string | undefined): Finding {
  const there = (key ?? '') !== '';
  return {
    what: 'ANTHROPIC_API_KEY',
    state: there ? 'ok' : 'warning',
    says: there
      ? 'is set here; what counts is the environment of the model worker'
      : 'is not set here: the model worker needs it ("act" and --model scripted do not)',
  };
}

function problems(
  reading:
    | { readonly kind: string }
    | { readonly kind: 'broken'; readonly problems: readonly Parameters<typeof describeProblem>[0][] },
): readonly string[] {
  return 'problems' in reading ? reading.problems.map(describeProblem) : [];
}

function fileFinding(what: string, file: string, check: (text: string) => readonly string[]): Finding {
  if (!existsSync(file)) return { what, state: 'warning', says: `${file} is not there` };
  const wrong = problemsOfFile(file, what, check);
  return wrong.length === 0
    ? { what, state: 'ok', says: file }
    : { what, state: 'wrong', says: `${file}: ${wrong.join('; ')}` };
}

function problemsOfFile(file: string, what: string, check: (text: string) => readonly string[]): readonly string[] {
  const found = readSmallFileSync(file, MAX_FILE_LENGTH);
  return found.kind === 'text' ? check(found.text) : [`the ${what} ${found.why}`];
}

/** A broken candidate stops nothing, but nothing is learned from it either. */
function candidateFindings(file: string, tools: readonly Tool[]): readonly Finding[] {
  if (file === '') return [];
  return [fileFinding('candidate policy', file, (text) => problems(parsePolicy(text, tools)))];
}

/** Names of the policy's approvals that nobody bears; such a name means nobody. None where a file cannot be read. */
function approverFindings(policyFile: string, approversFile: string, tools: readonly Tool[]): readonly Finding[] {
  const [policyText, approversText] = [policyFile, approversFile].map((file) =>
    readSmallFileSync(file, MAX_FILE_LENGTH),
  );
  if (policyText?.kind !== 'text' || approversText?.kind !== 'text') return [];
  const reading = parsePolicy(policyText.text, tools);
  const approvers = parseApprovers(approversText.text);
  if (reading.kind === 'broken' || approvers.kind === 'broken') return [];
  const strangers = unknownNames(approvers.directory, approverNames(reading.policy));
  if (strangers.length === 0) return [];
  const says = `the policy lets ${strangers.join(', ')} approve, and ${approversFile} knows nobody of that name`;
  return [{ what: 'who may approve', state: 'warning', says }];
}

function keyFinding(file: string): Finding {
  if (!existsSync(file))
    return {
      what: 'signing key',
      state: 'warning',
      says: `${file} is not there: countersign keys new, or countersign up`,
    };
  try {
    readPrivateKey(file);
    return { what: 'signing key', state: 'ok', says: file };
  } catch (error) {
    return { what: 'signing key', state: 'wrong', says: error instanceof Error ? error.message : file };
  }
}
