/** Two policies compared: their parts, and for which calls decisions change. */
import type { JsonObject } from '../../domain/json.ts';
import type { DecisionDiff } from '../../policy/diff/decisions.ts';
import { decisionChanges } from '../../policy/diff/decisions.ts';
import type { Count } from '../../policy/diff/direction.ts';
import { countOf } from '../../policy/diff/direction.ts';
import type { StructuralChange } from '../../policy/diff/structure.ts';
import { structuralChanges } from '../../policy/diff/structure.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Tool } from '../../tools/define-tool.ts';

export interface PolicyDiff {
  readonly counts: { readonly parts: Count; readonly decisions: Count };
  readonly structure: readonly StructuralChange[];
  readonly decisions: DecisionDiff;
}

/**
 * Without `profiles` for all that both policies have, and for those of the new one that a session can be given: before
 * they were denied everything. What is gone stands among the parts.
 */
export function comparePolicies(
  old: Policy,
  next: Policy,
  tools: readonly Tool[],
  profiles: readonly string[] = comparedProfiles(old, next),
  calls: ReadonlyMap<string, readonly JsonObject[]> = new Map(),
): PolicyDiff {
  const decisions = decisionChanges({ old, next, tools, profiles, calls });
  const structure = structuralChanges(old, next, decisions.changes);
  return { counts: { parts: countOf(structure), decisions: countOf(decisions.changes) }, structure, decisions };
}

function comparedProfiles(old: Policy, next: Policy): readonly string[] {
  const added = [...next.profiles.values()].filter(({ name, startable }) => startable && !old.profiles.has(name));
  return [...[...old.profiles.keys()].filter((name) => next.profiles.has(name)), ...added.map(({ name }) => name)];
}

/** True also where no sample is decided differently but a part that decides is not the same. */
export function changesAnything({ structure, decisions }: PolicyDiff): boolean {
  return decisions.changes.length > 0 || structure.some(({ decides }) => decides);
}

/** True also where a part that decides goes neither way, or no sample shows which: it may be looser. */
export function mayLoosen({ counts, structure }: PolicyDiff): boolean {
  const unsure = structure.some(({ decides, direction }) => decides && direction === 'other');
  return unsure || counts.parts.looser + counts.decisions.looser + counts.decisions.other > 0;
}
