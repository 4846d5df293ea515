/** What is told of YAML that people write without meaning it. */
import type { PolicyProblem } from './problem.ts';

export type ProblemWords = Pick<PolicyProblem, 'message' | 'suggestion'>;

/** To YAML a "*" begins the name of an anchor; most who write one mean a pattern. `anchors`: those of the file. */
export function aliasWords(name: string, anchors: ReadonlySet<string>): ProblemWords {
  if (!anchors.has(name)) return { message: UNQUOTED_STAR, suggestion: `write '*${name}'` };
  return {
    message: 'aliases ("*name") are not allowed',
    suggestion: `write again what "*${name}" stands for, or write the file with definePolicy`,
  };
}

/** Also of a "*" that stands alone, which is no alias at all. */
export const UNQUOTED_STAR = 'a text that begins with "*" stands in quotes';

export const ANCHOR_WORDS: ProblemWords = {
  message: 'anchors ("&name") are not allowed',
  suggestion: 'write it again where it is needed, or write the file with definePolicy',
};
