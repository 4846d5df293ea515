/** Reads policy and approver directory from their files, afresh each time (S2: broken or missing denies). */
import type { LawReading, ReadLaw } from '../activities/law.ts';
import type { ApproverDirectory } from '../policy/approvers.ts';
import { parseApprovers } from '../policy/approvers.ts';
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import type { PolicyProblem } from '../policy/load-policy.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { sha256 } from '../proof/digest.ts';
import { readSmallFile, readSmallFileSync } from '../server/read-small-file.ts';
import type { Tool } from '../tools/define-tool.ts';
import { createCandidateReader } from './candidate-reader.ts';

export interface LawFiles {
  readonly policyFile: string;
  readonly approversFile: string;
  readonly tools: readonly Tool[];
  /** The file of declared tools among them, as it was read at the start; undefined: none. */
  readonly toolsFile?: string | undefined;
  /** Only a worker that the demo started accepts the demo's directory: its private key lies in the checkout. */
  readonly acceptDemoApprovers: boolean;
  /** A policy to try beside the one in force; undefined: none. */
  readonly candidateFile?: string | undefined;
}

export function createReadLaw(files: LawFiles): ReadLaw {
  const { policyFile, approversFile, tools, acceptDemoApprovers, candidateFile, toolsFile } = files;
  const readPolicy = fileReader(
    'policy',
    policyFile,
    (text) => {
      const reading = parsePolicy(text, tools);
      return reading.kind === 'policy' ? { kind: 'good', value: reading.policy } : reading;
    },
    watchTools(toolsFile),
  );
  const readApprovers = fileReader('approver directory', approversFile, (text) => {
    const reading = parseApprovers(text);
    return reading.kind === 'directory' ? { kind: 'good', value: reading.directory } : reading;
  });
  const candidate =
    candidateFile === undefined ? undefined : createCandidateReader(candidateFile, (text) => parsePolicy(text, tools));
  return async (): Promise<LawReading> => {
    candidate?.look();
    const [policy, directory] = await Promise.all([readPolicy(), readApprovers()]);
    const approvers = acceptDemoApprovers ? directory : withoutDemo(directory, approversFile);
    if (policy.kind === 'read' && approvers.kind === 'read') {
      const { value, sha: policySha } = policy;
      const law = { policy: value, policySha, approvers: approvers.value, candidate: candidate?.known() ?? null };
      return { kind: 'law', law };
    }
    const problems = [policy, approvers].flatMap((file) => (file.kind === 'unread' ? [file.problem] : []));
    return { kind: 'broken', problems };
  };
}

type Parsed<Value> =
  | { readonly kind: 'good'; readonly value: Value }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

type FileReading<Value> =
  | { readonly kind: 'read'; readonly value: Value; readonly sha: string }
  | { readonly kind: 'unread'; readonly problem: string };

/** Every problem says `what` the file is: who is told of one must not look for it in the other. */
function fileReader<Value>(
  what: string,
  file: string,
  parse: (text: string) => Parsed<Value>,
  aside: () => Promise<string> = () => Promise.resolve(''),
): () => Promise<FileReading<Value>> {
  const parsed = remembering(parse);
  return async () => {
    const found = await readSmallFile(file, MAX_FILE_LENGTH);
    if (found.kind === 'unread') return { kind: 'unread', problem: `The ${what} "${file}" ${found.why}.` };
    const { reading, sha } = parsed(found.text);
    if (reading.kind === 'good') return { kind: 'read', value: reading.value, sha };
    return {
      kind: 'unread',
      problem: `The ${what} "${file}" is broken: ${inWords(reading.problems)}${await aside()}.`,
    };
  };
}

function withoutDemo(reading: FileReading<ApproverDirectory>, file: string): FileReading<ApproverDirectory> {
  if (reading.kind === 'unread' || !reading.value.demo) return reading;
  const remedy = 'make your own with "countersign keys new"';
  return { kind: 'unread', problem: `The approver directory "${file}" belongs to the demo: ${remedy}.` };
}

/** What to add where a policy does not fit the tools: it may have been written for those of a later file. */
function watchTools(file: string | undefined): () => Promise<string> {
  if (file === undefined) return () => Promise.resolve('');
  const atStart = readSmallFileSync(file, MAX_FILE_LENGTH);
  const textAtStart = atStart.kind === 'text' ? atStart.text : undefined;
  return async () => {
    const now = await readSmallFile(file, MAX_FILE_LENGTH);
    const same = now.kind === 'text' && now.text === textAtStart;
    return same ? '' : `. ${file} has changed since this worker read its tools, when it started: restart it`;
  };
}

/** The same bytes mean the same: only parsing is remembered, never a decision. */
function remembering<Reading>(
  parse: (text: string) => Reading,
): (text: string) => { readonly sha: string; readonly reading: Reading } {
  let last: { readonly sha: string; readonly reading: Reading } | undefined;
  return (text) => {
    const sha = sha256(text);
    if (last?.sha !== sha) last = { sha, reading: parse(text) };
    return last;
  };
}

function inWords(problems: readonly PolicyProblem[]): string {
  return problems.map(describeProblem).join('; ').slice(0, 2000);
}
