/** Reads policy and approver directory from their files, afresh each time (S2: broken or missing denies). */
import { readFile } from 'node:fs/promises';
import type { LawReading, ReadLaw } from '../activities/law.ts';
import { parseApprovers } from '../policy/approvers.ts';
import { describeProblem, parsePolicy } from '../policy/load-policy.ts';
import { sha256 } from '../proof/digest.ts';
import type { Tool } from '../tools/define-tool.ts';

export interface LawFiles {
  readonly policyFile: string;
  readonly approversFile: string;
  readonly tools: readonly Tool[];
  /** Only a worker that the demo started accepts the demo's directory: its private key lies in the checkout. */
  readonly acceptDemoApprovers: boolean;
}

export function createReadLaw({ policyFile, approversFile, tools, acceptDemoApprovers }: LawFiles): ReadLaw {
  let parsed: { readonly sha: string; readonly reading: ReturnType<typeof parsePolicy> } | undefined;
  return async (): Promise<LawReading> => {
    const texts = await readBoth(policyFile, approversFile);
    if (texts === undefined) return broken(`"${policyFile}" or "${approversFile}" cannot be read.`);
    const policySha = sha256(texts.policy);
    // The same bytes mean the same policy: only parsing is remembered, never a decision.
    if (parsed?.sha !== policySha) parsed = { sha: policySha, reading: parsePolicy(texts.policy, tools) };
    const { reading } = parsed;
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
    return { kind: 'law', law: { policy: reading.policy, policySha, approvers: approvers.directory } };
  };
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
