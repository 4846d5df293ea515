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

/** What the rule makes of an example: it matches, it does not, or the tool refuses it before any rule is looked at. */
export type ExampleEnd =
  { readonly kind: 'matches' } | ({ readonly kind: 'missed' } & Miss) | ({ readonly kind: 'invalid' } & Miss);

export const EXAMPLE_KINDS = ['match', 'noMatch', 'invalid'] as const;

const WANTED = { match: 'matches', noMatch: 'missed', invalid: 'invalid' } as const;

export function tryExample(example: Json, clauses: readonly Clause[], tools: readonly ToolShape[]): ExampleEnd {
  return attempt(example, { clauses, tools, complain: () => undefined }, []);
}

/** An example that proves what its list says. */
export function isProof(kind: (typeof EXAMPLE_KINDS)[number], end: ExampleEnd): boolean {
  return end.kind === WANTED[kind];
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
  for (const kind of EXAMPLE_KINDS) {
    rule.examples?.[kind]?.forEach((example, index) => {
      const place = [...path, 'examples', kind, index];
      const end = attempt(example, trial, place);
      if (!isProof(kind, end)) complainOfExample(place, ...wordsFor(kind, end));
    });
  }
}

function wordsFor(kind: (typeof EXAMPLE_KINDS)[number], end: ExampleEnd): [message: string, suggestion?: string] {
  if (kind === 'invalid') return ['this example is valid: the tool would take these arguments'];
  if (end.kind === 'matches') return ['this example matches, and should not'];
  if (kind === 'match') return [`this example does not match: ${end.at}: ${end.why}`];
  return [
    `this example proves nothing of the rule: the tool refuses it before any rule: ${end.at}: ${end.why}`,
    'mend it, or put it under "invalid"',
  ];
}

/** An argument that no tool has would make any `noMatch` come true: refused. */
function attempt(example: Json, { clauses, tools, complain }: Trial, path: Path): ExampleEnd {
  if (!isRecord(example)) {
    complain(path, 'an example is a map of arguments');
    return { kind: 'missed', at: 'example', why: 'it is not a map of arguments' };
  }
  const shapes = clauses.map(({ tool }) => tools.find(({ name }) => name === tool)?.arguments ?? {});
  const known = [...new Set(shapes.flatMap((each) => Object.keys(each)))];
  const strange = known.length === 0 ? [] : Object.keys(example).filter((name) => !known.includes(name));
  for (const name of strange)
    complain([...path, name], `no tool of this rule has an argument "${name}"`, didYouMean(name, known));
  if (strange[0] !== undefined) return { kind: 'missed', at: strange[0], why: 'no tool of this rule has it' };
  const ends = clauses.map((clause, index) => endOf(clause, shapes[index] ?? {}, example as JsonObject));
  const no: ExampleEnd = { kind: 'missed', at: 'example', why: 'no part of the rule speaks of it' };
  return (
    ends.find(({ kind }) => kind === 'matches') ?? ends.findLast(({ kind }) => kind === 'missed') ?? ends.at(-1) ?? no
  );
}

function endOf(clause: Clause, shapes: ArgumentShapes, example: JsonObject): ExampleEnd {
  const args = clause.tool === '*' ? undefined : canonicalArguments(shapes, example);
  if (args?.kind === 'invalid') return { kind: 'invalid', at: args.at, why: args.why };
  const miss = missOf(clause, givenArguments(args === undefined ? {} : shapes, args?.args ?? {}));
  return miss === null ? { kind: 'matches' } : { kind: 'missed', ...miss };
}
