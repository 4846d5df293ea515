/**
 * Calls worth trying under two policies: around what their rules, examples and tests speak of. Samples, not a proof:
 * where no probe is decided differently, some other call still may be.
 *
 * First the rules that only one of the policies has, or has otherwise: of each the values that only one policy suggests,
 * at most MAX_PROBES. Then all the others, at most as many again: for each part of each rule the first values of its
 * matchers are combined; then one argument after the other takes each of the values that any rule suggests. So neither
 * many rules nor many examples keep a change from being tried. Deterministic.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownList } from '../../domain/json.ts';
import { mayBeLeftOut } from '../kinds/argument.ts';
import { argumentsSchema, parseArguments } from '../kinds/parse-arguments.ts';
import { withoutOptional } from '../optional-mention.ts';
import type { Clause, Policy } from '../policy.ts';
import type { ToolShape } from '../tool-shape.ts';
import { crossedSamples } from './crossed-samples.ts';
import { samplesOf, strangers } from './probe-values.ts';
import { stableJson } from './stable-json.ts';

export const MAX_PROBES = 2000;
/** Proposals that are looked at for these: some have no canonical form, some the same one. */
const MAX_LOOKED_AT = 10_000;
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
/** By argument. */
type Values = ReadonlyMap<string, readonly Value[]>;

/** `given` are canonical inputs to try as well, all of them. */
export function probesOf(tool: ToolShape, policies: readonly Policy[], given: readonly JsonObject[]): ToolProbes {
  const found = new Map(given.map((input) => [stableJson(input), input]));
  const cuts = [
    collect(tool, changedInputs(tool, policies), found),
    collect(tool, allInputs(tool, clausesOf(tool, policies), writtenIn(policies, tool)), found),
  ];
  return { tool, inputs: [...found.values()], cut: cuts.includes(true) };
}

function clausesOf(tool: ToolShape, policies: readonly Policy[]): readonly Clause[] {
  return policies.flatMap(({ clauses }) => clauses.filter((clause) => clause.tool === tool.name));
}

function writtenIn(policies: readonly Policy[], tool: ToolShape): readonly JsonObject[] {
  return policies.flatMap((policy) => writtenInputs(policy, tool));
}

/** Around the rules that are not the same in all policies: what only some of these suggest. */
function* changedInputs(tool: ToolShape, policies: readonly Policy[]): Generator<Input> {
  const same = rulesInAll(policies);
  const changedOf = (all: readonly Clause[]): readonly Clause[] => all.filter(({ rule }) => !same.has(rule));
  const clauses = clausesOf(tool, policies);
  const changed = changedOf(clauses);
  const fresh = new Map(
    Object.keys(tool.arguments).map((name) => {
      const each = policies.map((policy) => {
        const own = clausesOf(tool, [policy]);
        return valuesOf(tool, name, [...changedOf(own), ...own]);
      });
      return [name, notInAll(each, keyOf)] as const;
    }),
  );
  const plain = plainInput(tool);
  const written = notInAll(
    policies.map((policy) => writtenInputs(policy, tool)),
    stableJson,
  ).map((input) => ({ ...plain, ...input }));
  yield* inOrder(interleaved(changed.map((clause) => combined(tool, clause, plain, fresh))), fresh);
  const others = interleaved(clauses.map((clause) => combined(tool, clause, plain, new Map())));
  yield* variations([plain, ...others], fresh);
  yield* written;
}

/** Ids of rules that say the same in each of the policies. */
function rulesInAll(policies: readonly Policy[]): ReadonlySet<string> {
  const [first, ...others] = policies;
  const said = ({ documents }: Policy, rule: string): string =>
    stableJson((own(documents.get(rule), 'written') ?? null) as Json);
  const ids = first === undefined ? [] : [...first.documents.keys()];
  return new Set(ids.filter((id) => first !== undefined && others.every((one) => said(one, id) === said(first, id))));
}

/** What stands in some of the lists and not in all of them, each once. */
function notInAll<T>(lists: readonly (readonly T[])[], key: (one: T) => string): readonly T[] {
  const sets = lists.map((list) => new Set(list.map(key)));
  const found = lists.flat().filter((one) => !sets.every((set) => set.has(key(one))));
  return [...new Map(found.map((one) => [key(one), one])).values()];
}

function* allInputs(tool: ToolShape, clauses: readonly Clause[], written: readonly JsonObject[]): Generator<Input> {
  const plain = plainInput(tool);
  const values = new Map(Object.keys(tool.arguments).map((name) => [name, valuesOf(tool, name, clauses)]));
  yield* inOrder(
    [
      ...written.map((input) => ({ ...plain, ...input })),
      ...written,
      plain,
      ...interleaved(clauses.map((clause) => combined(tool, clause, plain, new Map()))),
    ],
    values,
  );
}

function plainInput(tool: ToolShape): Input {
  return Object.fromEntries(Object.keys(tool.arguments).map((name) => [name, usual(tool, name)]));
}

/** The first of each, then the second of each, and so on: none has to wait for all of another. */
function interleaved<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const most = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: most }, (_, index) =>
    lists.flatMap((list) => (index < list.length ? [list[index] as T] : [])),
  ).flat();
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
  return distinct([...strangers(shape), ...(mayBeLeftOut(shape) ? [ABSENT] : []), ...crossed, ...samples]);
}

/** What stands for an argument that does not matter: nothing where it may be left out. */
function usual(tool: ToolShape, name: string): Value {
  const shape = tool.arguments[name];
  return shape === undefined || mayBeLeftOut(shape) ? ABSENT : strangers(shape)[0];
}

/** Calls that the clause speaks of; `first` are the values to begin with. */
function combined(tool: ToolShape, { spec }: Clause, plain: Input, first: Values): readonly Input[] {
  let inputs: readonly Input[] = [plain];
  for (const [name, said] of Object.entries(spec.matchers)) {
    const shape = tool.arguments[name];
    if (shape === undefined) continue;
    const all = distinct(samplesOf(shape, withoutOptional(said)));
    const early = new Set(first.get(name)?.map(keyOf));
    const samples = [...all.filter((one) => early.has(keyOf(one))), ...all.filter((one) => !early.has(keyOf(one)))];
    if (samples.length > 0)
      inputs = inputs
        .flatMap((input) => samples.slice(0, COMBINED).map((value) => ({ ...input, [name]: value })))
        .slice(0, MAX_COMBINED);
  }
  return inputs;
}

/** Adds to `found` those of `inputs` that have a canonical form; true if there were more than are tried. */
function collect(tool: ToolShape, inputs: Iterable<Input>, found: Map<string, JsonObject>): boolean {
  const schema = argumentsSchema(tool.arguments);
  const room = found.size + MAX_PROBES;
  let left = MAX_LOOKED_AT;
  for (const input of inputs) {
    if (found.size >= room || left === 0) return true;
    left -= 1;
    const parsed = parseArguments(schema, input);
    if (parsed.kind === 'parsed') found.set(stableJson(parsed.args), parsed.args);
  }
  return false;
}

/** All bases, then each with one argument changed: to its first value, then to its second, and so on. */
function* inOrder(bases: readonly Input[], values: Values): Generator<Input> {
  yield* bases;
  yield* variations(bases, values);
}

function* variations(bases: readonly Input[], values: Values): Generator<Input> {
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
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

function keyOf(value: Value): string {
  return value === undefined ? '' : stableJson(value);
}
