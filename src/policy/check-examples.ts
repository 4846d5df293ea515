/** A rule’s examples are tried when the file is loaded: one that fails is an error of the file. */
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord } from '../domain/json.ts';
import { canonicalArguments } from './canonical-arguments.ts';
import { givenArguments, missOf } from './clauses.ts';
import type { ArgumentShapes } from './kinds/argument.ts';
import type { Complain, Miss } from './matchers/matcher.ts';
import type { Clause } from './policy.ts';
import type { RuleSchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

/** What the rule makes of an example: null if some part of it matches. */
export function tryExample(example: Json, clauses: readonly Clause[], tools: readonly ToolShape[]): Miss | null {
  return attempt(example, { clauses, tools, complain: () => undefined }, []);
}

interface Trial {
  readonly clauses: readonly Clause[];
  readonly tools: readonly ToolShape[];
  readonly complain: Complain;
}

/** Arguments that an example leaves out are not looked for: it shows what the rule speaks about. */
export function checkExamples(
  rule: RuleSchema,
  clauses: readonly Clause[],
  tools: readonly ToolShape[],
  path: Path,
  complain: Complain,
  complainOfExample: Complain = complain,
): void {
  const trial: Trial = { clauses, tools, complain };
  rule.examples?.match?.forEach((example, index) => {
    const place = [...path, 'examples', 'match', index];
    const miss = attempt(example, trial, place);
    if (miss !== null) complainOfExample(place, `this example does not match: ${miss.at}: ${miss.why}`);
  });
  rule.examples?.noMatch?.forEach((example, index) => {
    const place = [...path, 'examples', 'noMatch', index];
    if (attempt(example, trial, place) === null) complainOfExample(place, 'this example matches, and should not');
  });
}

/** Null if some part of the rule matches. An argument that no tool has would make any `noMatch` come true: refused. */
function attempt(example: Json, { clauses, tools, complain }: Trial, path: Path): Miss | null {
  if (!isRecord(example)) {
    complain(path, 'an example is a map of arguments');
    return { at: 'example', why: 'it is not a map of arguments' };
  }
  const shapes = clauses.map(({ tool }) => tools.find(({ name }) => name === tool)?.arguments ?? {});
  const known = [...new Set(shapes.flatMap((each) => Object.keys(each)))];
  for (const name of Object.keys(example)) {
    if (known.length > 0 && !known.includes(name))
      complain([...path, name], `no tool of this rule has an argument "${name}"`, didYouMean(name, known));
  }
  let miss: Miss = { at: 'example', why: 'no part of the rule speaks of it' };
  for (const [index, clause] of clauses.entries()) {
    const found = missOfExample(clause, shapes[index] ?? {}, example as JsonObject);
    if (found === null) return null;
    miss = found;
  }
  return miss;
}

function missOfExample(clause: Clause, shapes: ArgumentShapes, example: JsonObject): Miss | null {
  if (clause.tool === '*') return missOf(clause, givenArguments({}, {}));
  const args = canonicalArguments(shapes, example);
  return args.kind === 'invalid' ? { at: args.at, why: args.why } : missOf(clause, givenArguments(shapes, args.args));
}
