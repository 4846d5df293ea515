/** Reads policy and approver directory from their files, afresh each time (S2: broken or missing denies). */
import { readFile } from 'node:fs/promises';
import type { Candidate, LawReading, ReadLaw } from '../activities/law.ts';
import { parseApprovers } from '../policy/approvers.ts';
import type { PolicyReading } from '../policy/load-policy.ts';
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import { sha256 } from '../proof/digest.ts';
import type { Tool } from '../tools/define-tool.ts';

export interface LawFiles {
  readonly policyFile: string;
  readonly approversFile: string;
  readonly tools: readonly Tool[];
  /** Only a worker that the demo started accepts the demo's directory: its private key lies in the checkout. */
  readonly acceptDemoApprovers: boolean;
  /** A policy to try beside the one in force; undefined: none. */
  readonly candidateFile?: string | undefined;
}

export function createReadLaw(files: LawFiles): ReadLaw {
  const { policyFile, approversFile, tools, acceptDemoApprovers, candidateFile } = files;
  const parse = rememberingParser(tools);
  const parseCandidate = rememberingParser(tools);
  return async (): Promise<LawReading> => {
    const texts = await readBoth(policyFile, approversFile);
    if (texts === undefined) return broken(`"${policyFile}" or "${approversFile}" cannot be read.`);
    const { policySha, reading } = parse(texts.policy);
    if (reading.kind === 'broken') {
      return broken(`${policyFile} is broken: ${reading.problems.map(describeProblem).join('; ').slice(0, 2000)}`);
    }
    const approvers = parseApprovers(texts.approvers);
    if (approvers.kind === 'broken') {
      return broken(`${approversFile} is broken: ${approvers.problems.map(describeProblem).join('; ').slice(0, 2000)}`);
    }
    if (approvers.directory.demo && !acceptDemoApprovers) {
      return broken(`${approversFile} belongs to the demo; make your own with "countersign keys new".`);
    }
    const candidate = candidateFile === undefined ? null : await readCandidate(candidateFile, parseCandidate);
    return { kind: 'law', law: { policy: reading.policy, policySha, approvers: approvers.directory, candidate } };
  };
}

type Parse = (text: string) => { readonly policySha: string; readonly reading: PolicyReading };

/** The same bytes mean the same policy: only parsing is remembered, never a decision. */
function rememberingParser(tools: readonly Tool[]): Parse {
  let last: ReturnType<Parse> | undefined;
  return (text) => {
    const policySha = sha256(text);
    if (last?.policySha !== policySha) last = { policySha, reading: parsePolicy(text, tools) };
    return last;
  };
}

/** A candidate that cannot be read or is broken stops nothing: it is recorded as broken. */
async function readCandidate(file: string, parse: Parse): Promise<Candidate> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { kind: 'broken', why: `"${file}" cannot be read.`, policySha: null };
  }
  const { policySha, reading } = parse(text);
  if (reading.kind === 'policy') return { kind: 'policy', policy: reading.policy, policySha };
  const why = `${file} is broken: ${reading.problems.map(describeProblem).join('; ').slice(0, 500)}`;
  return { kind: 'broken', why, policySha };
}

async function readBoth(
  policyFile: string,
  approversFile: string,
): Promise<{ policy: string; approvers: string } | undefined> {
  try {
    const [policy, approvers] = await Promise.all([readFile(policyFile, 'utf8'), readFile(approversFile, 'utf8')]);
    return { policy, approvers };
  } catch {
    return undefined;
  }
}

function broken(why: string): LawReading {
  return { kind: 'broken', why };
}
