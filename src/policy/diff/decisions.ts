/** For which calls decisions differ between two policies. Pure. */
import type { Decision } from '../../domain/decision.ts';
import type { JsonObject } from '../../domain/json.ts';
import { FRESH } from '../../domain/standing.ts';
import { decideAction } from '../decide-action.ts';
import type { Policy } from '../policy.ts';
import { sameDecision } from '../same-decision.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { ToolProbes } from './probes.ts';
import { probesOf } from './probes.ts';
import { stableJson } from './stable-json.ts';

/** Calls of one tool under one profile that go from one decision to another. */
export interface DecisionChange {
  readonly tool: string;
  readonly profile: string;
  /** Labels of what the session has seen before. */
  readonly seen: readonly string[];
  readonly was: Decision;
  readonly is: Decision;
  /** How many probes. */
  readonly count: number;
  /** The smallest of them. */
  readonly example: JsonObject;
}

export interface DecisionDiff {
  readonly changes: readonly DecisionChange[];
  /** How many calls were decided under both. */
  readonly probes: number;
  /** Tools of which more probes were possible than were tried. */
  readonly cut: readonly string[];
}

export interface DiffQuestion {
  readonly old: Policy;
  readonly next: Policy;
  readonly tools: readonly ToolShape[];
  readonly profiles: readonly string[];
  /** Calls to try besides the probes: canonical arguments, by tool. */
  readonly calls: ReadonlyMap<string, readonly JsonObject[]>;
}

export function decisionChanges({ old, next, tools, profiles, calls }: DiffQuestion): DecisionDiff {
  const probes = tools.map((tool) => probesOf(tool, [old, next], calls.get(tool.name) ?? []));
  const changes = new Map<string, DecisionChange>();
  let count = 0;
  for (const { tool, inputs } of probes) {
    for (const seen of labelsToTry(tool, [old, next])) {
      for (const profile of profiles) {
        count += inputs.length;
        for (const args of inputs) note(changes, compare({ old, next }, tool, profile, seen, args));
      }
    }
  }
  return { changes: [...changes.values()], probes: count, cut: cutOf(probes) };
}

function cutOf(probes: readonly ToolProbes[]): readonly string[] {
  return probes.filter(({ cut }) => cut).map(({ tool }) => tool.name);
}

/** None; what each flow rule about the tool waits for; all of that together. */
function labelsToTry({ name }: ToolShape, policies: readonly Policy[]): readonly (readonly string[])[] {
  const whens = policies.flatMap(({ flows }) => flows.filter(({ tools }) => tools.has(name)).map(({ when }) => when));
  const sets = [[], ...whens, [...new Set(whens.flat())].toSorted()];
  return [...new Map(sets.map((set) => [set.join(' '), set])).values()];
}

function compare(
  { old, next }: Pick<DiffQuestion, 'old' | 'next'>,
  tool: ToolShape,
  profile: string,
  seen: readonly string[],
  args: JsonObject,
): DecisionChange | undefined {
  const standing = { ...FRESH, labels: seen };
  const facts = { tool, profile, args, actionKey: '', standing };
  const [was, is] = [decideAction(old, facts), decideAction(next, facts)];
  if (sameDecision(was, is)) return undefined;
  return { tool: tool.name, profile, seen, was, is, count: 1, example: args };
}

function note(changes: Map<string, DecisionChange>, change: DecisionChange | undefined): void {
  if (change === undefined) return;
  const { tool, profile, seen, was, is, example } = change;
  const key = JSON.stringify([tool, profile, seen, was.kind, was.rule, is.kind, is.rule]);
  const known = changes.get(key);
  if (known === undefined) {
    changes.set(key, change);
    return;
  }
  const smaller = isSmaller(example, known.example) ? change : known;
  changes.set(key, { ...smaller, count: known.count + 1 });
}

function isSmaller(one: JsonObject, other: JsonObject): boolean {
  const [a, b] = [stableJson(one), stableJson(other)];
  return a.length < b.length || (a.length === b.length && a < b);
}
