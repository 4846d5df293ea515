/** What a schema found wrong, told to the person who wrote the file. */
import type { z } from 'zod';
import type { Complain } from './matchers/matcher.ts';
import type { PolicyProblem } from './problem.ts';
import { MAX_PROBLEMS, didYouMean } from './problem.ts';
import type { Path, YamlSource } from './yaml-source.ts';

export interface KeyWords {
  /** Every key of the file, for suggestions. */
  readonly known: readonly string[];
  /** Keys whose behaviour comes later: refused with that reason, for a rule that is not obeyed is worse than none. */
  readonly notBuiltYet: ReadonlySet<string>;
}

/** A collector of problems, each with its place in the file. */
export function collectProblems(source: YamlSource & { readonly kind: 'tree' }): {
  readonly problems: readonly PolicyProblem[];
  readonly complain: Complain;
} {
  const problems: PolicyProblem[] = [];
  const complain: Complain = (path, message, suggestion) => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({ ...source.locate(path), message, ...(suggestion === undefined ? {} : { suggestion }) });
  };
  return { problems, complain };
}

export function complainOfIssues(issues: readonly z.core.$ZodIssue[], words: KeyWords, complain: Complain): void {
  for (const issue of issues.slice(0, MAX_PROBLEMS)) complainOf(issue, words, complain);
}

function complainOf(issue: z.core.$ZodIssue, words: KeyWords, complain: Complain): void {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys.slice(0, MAX_PROBLEMS)) complainOfKey([...path, key], key, words, complain);
  } else if (issue.code === 'invalid_type' && path.length === 0) {
    complain(path, 'the file must be a map that begins with "version: 1"');
  } else if (issue.code === 'invalid_union') complainOfUnion(issue, path, words, complain);
  else complain(path, messageOf(issue), wantsText(issue) ? 'put it in quotes' : undefined);
}

/** Of several forms, the one that was meant: the first that got further than the type of the whole. */
function complainOfUnion(
  issue: z.core.$ZodIssue & { readonly code: 'invalid_union' },
  path: Path,
  words: KeyWords,
  complain: Complain,
): void {
  const meant = issue.errors.find(([first]) => first !== undefined && !isOfTheWhole(first));
  if (meant === undefined) {
    complain(path, messageOf(issue));
    return;
  }
  for (const inner of meant) complainOf({ ...inner, path: [...path, ...inner.path] }, words, complain);
}

function isOfTheWhole(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && issue.code === 'invalid_type';
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'this name is not allowed';
  return issue.code === 'invalid_union' ? `"${String(issue.path.at(-1))}" has the wrong form` : issue.message;
}

function wantsText(issue: z.core.$ZodIssue): boolean {
  // Whoever wrote a message of its own has said what to do.
  return issue.code === 'invalid_type' && issue.expected === 'string' && issue.message.startsWith('Invalid input');
}

function complainOfKey(path: Path, key: string, { known, notBuiltYet }: KeyWords, complain: Complain): void {
  if (notBuiltYet.has(key))
    complain(path, `"${key}" is not built yet: this version would not obey it, so it is refused`);
  else complain(path, `unknown key "${key}"`, didYouMean(key, known));
}
