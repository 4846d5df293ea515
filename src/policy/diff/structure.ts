/** What two policies say differently, part by part. Pure; the order of the files means nothing. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import type { Policy } from '../policy.ts';
import type { DecisionChange } from './decisions.ts';
import type { Direction } from './direction.ts';
import { looserFirst, together } from './direction.ts';
import type { Part } from './file-words.ts';
import { partsOf } from './file-words.ts';
import { signsOf } from './part-direction.ts';
import { stableJson } from './stable-json.ts';

export interface StructuralChange {
  readonly part: Part;
  /** Id or name within its part; empty for a part that is one. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Looser also where a proof is dropped, an example or a test. */
  readonly direction: Direction;
  /** False where only words, examples or tests differ, or prices where no cost is limited: nothing is decided by them. */
  readonly decides: boolean;
  /** In the words of the file. */
  readonly was: Json;
  readonly is: Json;
}

/**
 * Loosening first, then in a fixed order: by part, then by name. Where the direction of a rule hangs on the other rules,
 * the decisions that it brings tell.
 */
export function structuralChanges(
  old: Policy,
  next: Policy,
  decisions: readonly DecisionChange[] = [],
): readonly StructuralChange[] {
  const [before, after] = [partsOf(old), partsOf(next)];
  const directionOf = (part: Part, name: string): Direction => {
    const signs = signsOf(part, name, old, next);
    const sure = signs.filter((sign) => sign !== 'unclear');
    const seen = part === 'rule' || part === 'flow' ? directionsBy(name, decisions) : [];
    const left = signs.length > sure.length && seen.length === 0 ? (['other'] as const) : [];
    return together([...sure, ...seen, ...left]);
  };
  const costs = [old, next].some(({ limits }) => limits.costUsd !== undefined);
  const changes = [...before.keys()].flatMap((part) =>
    changesOf(part, before.get(part) ?? {}, after.get(part) ?? {}).map((change) => ({
      ...change,
      decides: part === 'prices' ? costs && pricesDiffer(change) : change.decides,
      direction: directionOf(part, change.name),
    })),
  );
  return looserFirst(changes);
}

/** Of the decisions that this rule brought. */
function directionsBy(rule: string, decisions: readonly DecisionChange[]): readonly Direction[] {
  return decisions.filter((change) => causeOf(change) === rule).map(({ direction }) => direction);
}

/** What is looser now was held by a rule that does not speak any more; what is tighter is held by one that speaks now. */
function causeOf({ direction, was, is }: DecisionChange): string | null {
  return direction === 'looser' ? (was.rule ?? is.rule) : (is.rule ?? was.rule);
}

function changesOf(part: Part, before: JsonObject, after: JsonObject): readonly Omit<StructuralChange, 'direction'>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [own(before, name) as Json | undefined, own(after, name) as Json | undefined];
    if (was !== undefined && is !== undefined && stableJson(was) === stableJson(is)) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ part, name, change, decides: decides(part, was ?? null, is ?? null), was: was ?? null, is: is ?? null }];
  });
}

/** The day that they are of decides nothing. */
function pricesDiffer({ was, is }: Pick<StructuralChange, 'was' | 'is'>): boolean {
  const [before, after] = [was, is].map((price) =>
    isRecord(price) ? { ...(price as JsonObject), asOf: null } : price,
  );
  return stableJson(before ?? null) !== stableJson(after ?? null);
}

function decides(part: Part, was: Json, is: Json): boolean {
  if (part === 'tests') return false;
  if (part !== 'rule' && part !== 'flow') return true;
  return stableJson(withoutWords(was)) !== stableJson(withoutWords(is));
}

const WORDS: ReadonlySet<string> = new Set(['why', 'examples']);

function withoutWords(rule: Json): Json {
  if (!isRecord(rule)) return rule;
  return Object.fromEntries(Object.entries(rule as JsonObject).filter(([key]) => !WORDS.has(key)));
}
