/** What a schema found wrong, in plain words: what stands there, and what to write instead. */
import type { z } from 'zod';
import type { Json } from '../domain/json.ts';
import { isRecord } from '../domain/json.ts';
import type { Path } from './yaml-source.ts';

export interface IssueWords {
  readonly message: string;
  readonly suggestion?: string;
}

/** `shape`: what stands at the place, if that is known better than by its type. */
export function issueInWords(issue: z.core.$ZodIssue, path: Path, shape: string | undefined): IssueWords {
  const key = path.findLast((part) => typeof part === 'string') ?? 'the file';
  const isEntry = typeof path.at(-1) === 'number';
  if (issue.input === undefined && !isEntry)
    return { message: `"${key}" is missing`, ...(shape === undefined ? {} : { suggestion: `it is ${shape}` }) };
  if (issue.code === 'invalid_key') return { message: issue.issues[0]?.message ?? 'this name is not allowed' };
  if (isOwnWords(issue)) return { message: issue.message };
  const subject = isEntry ? `each of "${key}"` : `"${key}"`;
  const type = typeOf(issue);
  const instead = insteadOf(type, issue.input as Json);
  const is = isBound(issue) ? boundOf(issue) : (shape ?? TYPES[type] ?? 'of another form');
  return { message: `${subject} is ${is}`, ...(instead === undefined ? {} : { suggestion: instead }) };
}

/** Whoever wrote a message of its own has said what to do. */
function isOwnWords({ message }: z.core.$ZodIssue): boolean {
  return !/^(?:Invalid |Too (?:small|big)|Unrecognized )/.test(message);
}

/** Of several forms the one that a plain value could be: a number in quotes, say. */
function typeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union')
    return (
      issue.errors
        .flat()
        .map(typeOf)
        .find((type) => type === 'int' || type === 'number') ?? ''
    );
  return issue.code === 'invalid_type' ? issue.expected : '';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number, without quotes',
  int: 'a whole number, without quotes',
  boolean: 'true or false, without quotes',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function insteadOf(type: string, input: Json): string | undefined {
  if (type === 'array')
    return isRecord(input) ? 'write [{ … }]' : isScalar(input) ? `write [${inBrief(input)}]` : undefined;
  if (type === 'string') return isScalar(input) ? 'put it in quotes' : undefined;
  if (typeof input !== 'string') return undefined;
  if (type === 'boolean')
    return BOOLEANS.has(input.toLowerCase()) ? `write ${String(BOOLEANS.get(input.toLowerCase()))}` : undefined;
  return (type === 'number' || type === 'int') && /^\d{1,15}$/.test(input) ? `write ${input}` : undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [true, false].flatMap((value) =>
    (value ? ['true', 'yes', 'on', 'y'] : ['false', 'no', 'off', 'n']).map((word) => [word, value]),
  ),
);

function isScalar(input: Json): input is string | number | boolean {
  return typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean';
}

function inBrief(input: string | number | boolean): string {
  return String(input).slice(0, 80);
}

type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

function isBound(issue: z.core.$ZodIssue): issue is Bound {
  return issue.code === 'too_small' || issue.code === 'too_big';
}

function boundOf(issue: Bound): string {
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return 'an empty list';
    return issue.origin === 'string' ? 'an empty text' : `at least ${String(issue.minimum)}`;
  }
  if (issue.origin === 'array') return `longer than ${String(issue.maximum)} entries`;
  return issue.origin === 'string'
    ? `longer than ${String(issue.maximum)} characters`
    : `at most ${String(issue.maximum)}`;
}
