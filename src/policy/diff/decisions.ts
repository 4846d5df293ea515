/** For which calls decisions differ between two policies. Pure. */
import type { ApprovalTerms, Decision } from '../../domain/decision.ts';
import type { JsonObject } from '../../domain/json.ts';
import { FRESH } from '../../domain/standing.ts';
import { decideAction } from '../decide-action.ts';
import type { Policy } from '../policy.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { Direction } from './direction.ts';
import { directionOfDecisions, directionOfTerms, looserFirst } from './direction.ts';
import type { ToolProbes } from './probes.ts';
import { probesOf } from './probes.ts';
import { stableJson } from './stable-json.ts';

/** Calls that go from one decision to another, whichever profile makes them and whatever it has seen. */
export interface DecisionChange {
  readonly direction: Direction;
  /** One; more where all that changes is the default approval. */
  readonly tools: readonly string[];
  readonly profiles: readonly string[];
  /** Of the example. Where `byDefaultApproval`, one of several rules. */
  readonly was: Decision;
  readonly is: Decision;
  /** All that changes is who answers by the file’s own `approval`, or for how long: told once, not for each rule. */
  readonly byDefaultApproval: boolean;
  /** How many probes. */
  readonly count: number;
  /** The one with the fewest labels, and of these the smallest. */
  readonly example: DecidedCall;
}

export interface DecidedCall {
  readonly tool: string;
  readonly profile: string;
  /** Labels of what the session has seen before. */
  readonly seen: readonly string[];
  readonly input: JsonObject;
}

export interface DecisionDiff {
  /** Loosening first. */
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
        for (const input of inputs)
          note(changes, compare({ old, next }, tool, { tool: tool.name, profile, seen, input }));
      }
    }
  }
  return { changes: looserFirst([...changes.values()]), probes: count, cut: cutOf(probes) };
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
  call: DecidedCall,
): DecisionChange | undefined {
  const { profile, seen, input } = call;
  const facts = { tool, profile, args: input, actionKey: '', standing: { ...FRESH, labels: seen } };
  const [was, is] = [decideAction(old, facts), decideAction(next, facts)];
  const direction = directionOfDecisions(was, is);
  if (direction === null) return undefined;
  const byDefaultApproval =
    was.rule === is.rule && isByDefault(was, old.defaultApproval) && isByDefault(is, next.defaultApproval);
  const [tools, profiles] = [[tool.name], [profile]];
  return { direction, tools, profiles, was, is, byDefaultApproval, count: 1, example: call };
}

function isByDefault(decision: Decision, terms: ApprovalTerms | null): boolean {
  return decision.kind === 'ask' && terms !== null && directionOfTerms(decision.approval, terms) === null;
}

/** What brings a change is a rule of each side: that it shows under several profiles and labels is one change. */
function note(changes: Map<string, DecisionChange>, change: DecisionChange | undefined): void {
  if (change === undefined) return;
  const { direction, tools, was, is, byDefaultApproval } = change;
  const key = byDefaultApproval
    ? JSON.stringify([direction])
    : JSON.stringify([direction, tools, was.kind, was.rule, is.kind, is.rule]);
  const known = changes.get(key);
  changes.set(key, known === undefined ? change : bothChanges(known, change));
}

function bothChanges(known: DecisionChange, change: DecisionChange): DecisionChange {
  const { was, is, example } = isSimpler(change.example, known.example) ? change : known;
  const tools = [...new Set([...known.tools, ...change.tools])];
  const profiles = [...new Set([...known.profiles, ...change.profiles])];
  return { ...known, tools, profiles, was, is, example, count: known.count + 1 };
}

function isSimpler(one: DecidedCall, other: DecidedCall): boolean {
  if (one.seen.length !== other.seen.length) return one.seen.length < other.seen.length;
  const [a, b] = [stableJson(one.input), stableJson(other.input)];
  return a.length < b.length || (a.length === b.length && a < b);
}
