/** What a schema found wrong in arguments, told to the model that wrote them: which argument, and what would be taken. */
import type { z } from 'zod';

/** `knownAt`: the names that may stand at a place. */
export function argumentIssueWords(
  issue: z.core.$ZodIssue,
  knownAt: (path: readonly PropertyKey[]) => string[],
): string {
  if (issue.code === 'unrecognized_keys') return unknownWords(issue, knownAt(issue.path));
  if (issue.path.length === 0)
    return issue.code === 'invalid_type' ? 'the arguments are no JSON object' : wrongWords(issue);
  return `${inPath(issue.path)}: ${wrongWords(issue)}`;
}

/** What is wrong with one value. `issue` of a parse that reports its input. */
export function wrongWords(issue: z.core.$ZodIssue): string {
  // Whoever wrote a message of its own has said what is wrong.
  if (!/^(?:Invalid |Too (?:small|big))/.test(issue.message)) return issue.message;
  if (issue.input === undefined) return 'it is missing';
  if (issue.code === 'invalid_type') return `it must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `it must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_big') return tooBigWords(issue);
  if (issue.code !== 'too_small') return 'it has another form';
  return issue.origin === 'array' ? 'the list is empty' : `it must be at least ${String(issue.minimum)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function tooBigWords({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  if (origin === 'array') return `it has more than ${String(maximum)} entries`;
  return origin === 'string'
    ? `it is longer than ${String(maximum)} characters`
    : `it must be at most ${String(maximum)}`;
}

function unknownWords({ path, keys }: z.core.$ZodIssueUnrecognizedKeys, known: readonly string[]): string {
  const what = path.length === 0 ? 'argument' : 'member';
  const listed = known.length === 0 ? '' : `; there are: ${known.join(', ')}`;
  return keys
    .slice(0, 10)
    .map((key, index) => `${inPath([...path, key.slice(0, 64)])}: there is no such ${what}${index === 0 ? listed : ''}`)
    .join('; ');
}

function inPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
