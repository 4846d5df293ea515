/** Something wrong in a policy file or an approver directory, where it stands and what to do. Lines count from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** More than a person would read at once are not collected. */
export const MAX_PROBLEMS = 50;

export function describeProblem({ line, column, message, suggestion }: PolicyProblem): string {
  return `line ${line}, column ${column}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`;
}

/** "did you mean …" for the candidate within two edits of `word` (fewer for short words), if there is one. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.slice(0, 64), candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.min(2, Math.floor(candidate.length / 2)))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near === undefined ? undefined : `did you mean "${near.candidate}"?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
