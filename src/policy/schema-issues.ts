/** What a schema found wrong, told to the person who wrote the file. */
import type { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import { issueInWords } from './issue-words.ts';
import type { Complain } from './matchers/matcher.ts';
import type { PolicyProblem } from './problem.ts';
import { MAX_PROBLEMS, didYouMean } from './problem.ts';
import { placeOf } from './schema-place.ts';
import { ARGUMENT_WORDS } from './shape-words.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path, YamlSource } from './yaml-source.ts';

export interface FileWords {
  /** The JSON Schema of the file, for which keys stand where. */
  readonly schema: JsonObject;
  /** Keys whose behaviour comes later: refused with that reason, for a rule that is not obeyed is worse than none. */
  readonly notBuiltYet: ReadonlySet<string>;
  /** What stands at a place, by place. */
  readonly shapes: Readonly<Record<string, string>>;
  /** Those that are there, so that one that is named in the wrong place is known. */
  readonly tools: readonly ToolShape[];
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

/** `issues` of a parse that reports the input. */
export function complainOfIssues(issues: readonly z.core.$ZodIssue[], words: FileWords, complain: Complain): void {
  for (const issue of issues.slice(0, MAX_PROBLEMS)) complainOf(issue, words, complain);
}

function complainOf(issue: z.core.$ZodIssue, words: FileWords, complain: Complain): void {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys.slice(0, MAX_PROBLEMS)) complainOfKey(path, key, words, complain);
    return;
  }
  if (issue.code === 'invalid_type' && path.length === 0) {
    complain(path, 'the file must be a map that begins with "version: 1"');
    return;
  }
  const meant = issue.code === 'invalid_union' && issue.input !== undefined ? formMeant(issue.errors) : undefined;
  if (meant !== undefined) {
    for (const inner of meant) complainOf({ ...inner, path: [...path, ...inner.path] }, words, complain);
    return;
  }
  const { place } = placeOf(words.schema, path);
  if (PERMISSION_PLACES.has(place) && issue.code === 'invalid_value' && issue.input !== undefined) {
    const named = typeof issue.input === 'string' ? issue.input : JSON.stringify(issue.input);
    complainOfPermission(path, named, issue.values.map(String), words, complain);
    return;
  }
  const { message, suggestion } = issueInWords(issue, path, words.shapes[place]);
  complain(path, message, suggestion);
}

/** In policies, and in files of declared tools. */
const PERMISSION_PLACES: ReadonlySet<string> = new Set(['profiles.*.grant[]', 'tools[].permission']);

/** Of several forms, the one that was meant: the first that got further than the type of the whole. */
function formMeant(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return forms.find(([first]) => first !== undefined && !(first.path.length === 0 && first.code === 'invalid_type'));
}

function complainOfPermission(
  path: Path,
  name: string,
  known: readonly string[],
  { tools }: FileWords,
  complain: Complain,
): void {
  const tool = tools.find((one) => one.name === name);
  const hint =
    tool === undefined
      ? (didYouMean(name, known) ?? `known: ${known.join(', ')}`)
      : `it is a tool: grant "${tool.permission}", which it needs`;
  complain(path, `there is no permission "${name.slice(0, 64)}"`, hint);
}

/** More would not be read. */
const MAX_KEYS = 12;

function complainOfKey(path: Path, key: string, { schema, notBuiltYet, tools }: FileWords, complain: Complain): void {
  const at = [...path, key];
  if (notBuiltYet.has(key)) {
    complain(at, `"${key}" is not built yet: this version would not obey it, so it is refused`);
    return;
  }
  const { place, keys } = placeOf(schema, path);
  const shown = keys.filter((one) => !one.startsWith('$')).slice(0, MAX_KEYS);
  const listed = `known here: ${shown.join(', ')}`;
  const isArgument = tools.some((tool) => Object.hasOwn(tool.arguments, key));
  const argument = isArgument ? ARGUMENT_WORDS[place] : undefined;
  complain(at, `unknown key "${key}"`, argument ?? didYouMean(key, keys) ?? listed);
}
