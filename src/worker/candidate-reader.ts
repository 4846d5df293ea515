/**
 * The candidate policy of shadow mode, read and parsed beside the decisions, never in their way.
 *
 * 1. Neither `look` nor `known` waits for anything: the one has the file looked at, the other gives what is known now.
 * 2. What was not parsed yet is recorded as that, not as a candidate that decides the same.
 * 3. Whatever the file is or becomes (a pipe, a device, broken, gone), nothing is thrown and nothing stops.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Candidate } from '../activities/law.ts';
import type { PolicyReading } from '../policy/load-policy.ts';
import { describeProblem } from '../policy/load-policy.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { sha256 } from '../proof/digest.ts';
import { readSmallFile } from '../server/read-small-file.ts';

/** Whoever found the change has decided by then, and whoever writes the file has written the rest of it. */
const SETTLE_MS = 100;

export interface CandidateReader {
  readonly look: () => void;
  readonly known: () => Candidate;
}

/** Begins with a first look. */
export function createCandidateReader(file: string, parse: (text: string) => PolicyReading): CandidateReader {
  const notYet = unusable(`"${file}" is still being read.`, null);
  let known: Candidate = notYet;
  let looking = false;
  const readFile = async (): Promise<void> => {
    const found = await readSmallFile(file, MAX_FILE_LENGTH);
    if (found.kind === 'unread') {
      known = unusable(`"${file}" ${found.why}.`, null);
      return;
    }
    const policySha = sha256(found.text);
    if (known.policySha === policySha) return;
    known = notYet;
    await pause(SETTLE_MS);
    known = candidateOf(file, parse(found.text), policySha);
  };
  const look = (): void => {
    if (looking) return;
    looking = true;
    void readFile()
      .catch((error: unknown) => {
        known = unusable(`"${file}" cannot be parsed: ${String(error).slice(0, 200)}`, null);
      })
      .finally(() => {
        looking = false;
      });
  };
  look();
  return { look, known: () => known };
}

function candidateOf(file: string, reading: PolicyReading, policySha: string): Candidate {
  if (reading.kind === 'policy') return { kind: 'policy', policy: reading.policy, policySha };
  return unusable(`${file} is broken: ${reading.problems.map(describeProblem).join('; ').slice(0, 500)}`, policySha);
}

function unusable(why: string, policySha: string | null): Candidate {
  return { kind: 'broken', why, policySha };
}
