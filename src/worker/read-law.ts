/** Reads policy and approver directory from their files, afresh each time (S2: broken or missing denies). */
import type { LawReading, ReadLaw } from '../activities/law.ts';
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
  const staleTools = watchTools(toolsFile);
  const policyOf = remembering((text) => parsePolicy(text, tools));
  const approversOf = remembering(parseApprovers);
  const candidate =
    candidateFile === undefined ? undefined : createCandidateReader(candidateFile, (text) => parsePolicy(text, tools));
  return async (): Promise<LawReading> => {
    candidate?.look();
    const [policyText, approversText] = await Promise.all([
      readSmallFile(policyFile, MAX_FILE_LENGTH),
      readSmallFile(approversFile, MAX_FILE_LENGTH),
    ]);
    if (policyText.kind === 'unread') return broken(`"${policyFile}" ${policyText.why}.`);
    if (approversText.kind === 'unread') return broken(`"${approversFile}" ${approversText.why}.`);
    const { reading, sha: policySha } = policyOf(policyText.text);
    if (reading.kind === 'broken')
      return broken(`${policyFile} is broken: ${inWords(reading.problems)}${await staleTools()}`);
    const { reading: approvers } = approversOf(approversText.text);
    if (approvers.kind === 'broken') return broken(`${approversFile} is broken: ${inWords(approvers.problems)}`);
    if (approvers.directory.demo && !acceptDemoApprovers) {
      return broken(`${approversFile} belongs to the demo; make your own with "countersign keys new".`);
    }
    const { policy } = reading;
    const { directory } = approvers;
    return { kind: 'law', law: { policy, policySha, approvers: directory, candidate: candidate?.known() ?? null } };
  };
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

function broken(why: string): LawReading {
  return { kind: 'broken', why };
}
