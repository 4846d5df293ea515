/** A rule’s examples are tried when the file is loaded: one that fails is an error of the file. */
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord } from '../domain/json.ts';
import { missOf } from './clauses.ts';
import type { Complain, Miss } from './matchers/matcher.ts';
import type { ArgumentShapes } from './kinds/argument.ts';
import { canonicalArguments } from './canonical-arguments.ts';
import type { Clause } from './policy.ts';
import type { RuleSchema } from './policy-schema.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

/** Arguments that an example leaves out are not looked for: it shows what the rule speaks about. */
export function checkExamples(
  rule: RuleSchema,
  clauses: readonly Clause[],
  tools: readonly ToolShape[],
  path: Path,
  complain: Complain,
): void {
  const attempt = (example: Json): Miss | null => bestMiss(example, clauses, tools);
  rule.examples?.match?.forEach((example, index) => {
    const miss = attempt(example);
    if (miss !== null)
      complain([...path, 'examples', 'match', index], `this example does not match: ${miss.at}: ${miss.why}`);
  });
  rule.examples?.noMatch?.forEach((example, index) => {
    if (attempt(example) === null)
      complain([...path, 'examples', 'noMatch', index], 'this example matches, and should not');
  });
}

function bestMiss(example: Json, clauses: readonly Clause[], tools: readonly ToolShape[]): Miss | null {
  if (!isRecord(example)) return { at: 'example', why: 'it is not a map of arguments' };
  let miss: Miss = { at: 'example', why: 'no part of the rule speaks of it' };
  for (const clause of clauses) {
    const shapes = tools.find(({ name }) => name === clause.tool)?.arguments ?? {};
    const found = missOfExample(clause, shapes, example as JsonObject);
    if (found === null) return null;
    miss = found;
  }
  return miss;
}

function missOfExample(clause: Clause, shapes: ArgumentShapes, example: JsonObject): Miss | null {
  const args = canonicalArguments(shapes, example);
  return args.kind === 'invalid' ? { at: args.at, why: args.why } : missOf(clause, shapes, args.args);
}
