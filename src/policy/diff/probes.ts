/**
 * Calls worth trying under two policies: around what their rules, examples and tests speak of. Samples, not a proof:
 * where no probe is decided differently, some other call still may be.
 *
 * For each part of each rule the first values of its matchers are combined; then one argument after the other takes
 * each of the values that any rule suggests. Deterministic; at most MAX_PROBES a tool.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownList } from '../../domain/json.ts';
import { argumentsSchema, parseArguments } from '../kinds/parse-arguments.ts';
import { withoutOptional } from '../optional-mention.ts';
import type { Clause, Policy } from '../policy.ts';
import type { ToolShape } from '../tool-shape.ts';
import { crossedSamples } from './crossed-samples.ts';
import { samplesOf, strangers } from './probe-values.ts';
import { stableJson } from './stable-json.ts';

export const MAX_PROBES = 2000;
/** Values of one argument that one part of a rule combines with those of the others. */
const COMBINED = 4;
const MAX_COMBINED = 48;

export interface ToolProbes {
  readonly tool: ToolShape;
  /** Canonical arguments. */
  readonly inputs: readonly JsonObject[];
  /** True if more were possible. */
  readonly cut: boolean;
}

/** An argument that is left out. */
const ABSENT = undefined;
type Value = Json | undefined;
type Input = Readonly<Record<string, Value>>;

/** `given` are inputs to try as well, as they are. */
export function probesOf(tool: ToolShape, policies: readonly Policy[], given: readonly JsonObject[]): ToolProbes {
  const clauses = policies.flatMap(({ clauses: all }) => all.filter((clause) => clause.tool === tool.name));
  const written = policies.flatMap((policy) => writtenInputs(policy, tool));
  const values = new Map(Object.keys(tool.arguments).map((name) => [name, valuesOf(tool, name, clauses)]));
  const plain = Object.fromEntries(Object.entries(tool.arguments).map(([name]) => [name, usual(tool, name)]));
  const bases: readonly Input[] = [
    ...given,
    ...written.map((input) => ({ ...plain, ...input })),
    ...written,
    plain,
    ...clauses.flatMap((clause) => combined(tool, clause, plain)),
  ];
  return { tool, ...collect(tool, bases, values) };
}

/** Examples of rules and inputs of tests, as they are written. */
function writtenInputs({ documents, tests }: Policy, { name }: ToolShape): readonly JsonObject[] {
  const examples = [...documents.values()].flatMap((document) => {
    const rule = own(document, 'written');
    const tools = own(rule, 'tool');
    const speaks = tools === name || (Array.isArray(tools) && tools.includes(name));
    const all = own(rule, 'examples');
    return speaks ? [...ownList(all, 'match'), ...ownList(all, 'noMatch')] : [];
  });
  const inputs = tests.filter(({ tool }) => tool === name).map(({ input }) => input);
  return [...examples.filter((example): example is JsonObject => isRecord(example)), ...inputs];
}

function valuesOf(tool: ToolShape, name: string, clauses: readonly Clause[]): readonly Value[] {
  const shape = tool.arguments[name];
  if (shape === undefined) return [];
  const specs = clauses
    .flatMap(({ spec }) => [spec.matchers, ...spec.except])
    .map((matchers) => own(matchers, name) as Json | undefined)
    .filter((spec) => spec !== undefined)
    .map(withoutOptional);
  const samples = specs.flatMap((spec) => samplesOf(shape, spec));
  const crossed = crossedSamples(shape.kind, specs).map((value) => (shape.list ? [value] : value));
  return distinct([...strangers(shape), ...(shape.optional ? [ABSENT] : []), ...crossed, ...samples]);
}

/** What stands for an argument that does not matter: nothing where it may be left out. */
function usual(tool: ToolShape, name: string): Value {
  const shape = tool.arguments[name];
  return shape === undefined || shape.optional ? ABSENT : strangers(shape)[0];
}

/** Calls that the clause speaks of. */
function combined(tool: ToolShape, { spec }: Clause, plain: Input): readonly Input[] {
  let inputs: readonly Input[] = [plain];
  for (const [name, said] of Object.entries(spec.matchers)) {
    const matcher = withoutOptional(said);
    const shape = tool.arguments[name];
    const samples = shape === undefined ? [] : distinct(samplesOf(shape, matcher)).slice(0, COMBINED);
    if (samples.length > 0)
      inputs = inputs.flatMap((input) => samples.map((value) => ({ ...input, [name]: value }))).slice(0, MAX_COMBINED);
  }
  return inputs;
}

function collect(
  tool: ToolShape,
  bases: readonly Input[],
  values: ReadonlyMap<string, readonly Value[]>,
): { readonly inputs: readonly JsonObject[]; readonly cut: boolean } {
  const schema = argumentsSchema(tool.arguments);
  const found = new Map<string, JsonObject>();
  for (const input of inOrder(bases, values)) {
    if (found.size >= MAX_PROBES) return { inputs: [...found.values()], cut: true };
    const parsed = parseArguments(schema, input);
    if (parsed.kind === 'parsed') found.set(stableJson(parsed.args), parsed.args);
  }
  return { inputs: [...found.values()], cut: false };
}

/** All bases, then each with one argument changed: to its first value, then to its second, and so on. */
function* inOrder(bases: readonly Input[], values: ReadonlyMap<string, readonly Value[]>): Generator<Input> {
  yield* bases;
  const around = new Map([...values.keys()].map((name) => [name, without(bases, name)]));
  const most = Math.max(0, ...[...values.values()].map(({ length }) => length));
  for (let index = 0; index < most; index += 1) {
    for (const [name, all] of values) {
      if (index < all.length) for (const rest of around.get(name) ?? []) yield { ...rest, [name]: all[index] };
    }
  }
}

/** What stands beside the argument, each once. */
function without(bases: readonly Input[], name: string): readonly Input[] {
  const rests = bases.map((base) => Object.fromEntries(Object.entries(base).filter(([key]) => key !== name)));
  return [...new Map(rests.map((rest) => [JSON.stringify(rest), rest])).values()];
}

function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [value === undefined ? '' : stableJson(value), value])).values()];
}
