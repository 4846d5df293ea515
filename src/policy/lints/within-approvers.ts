/** Whoever may approve for a profile that is within another may approve the same for that one. */
import type { ApprovalTerms } from '../../domain/decision.ts';
import type { FlowRule } from '../policy.ts';
import { partCovers, partsDisjoint } from '../subset/compare-parts.ts';
import type { RulePart } from './lint-source.ts';
import type { Pair } from './within.ts';

interface Asks {
  readonly asks: readonly RulePart[];
  readonly flows: readonly FlowRule[];
}

interface Sides {
  readonly ofChild: Asks;
  readonly ofParent: Asks;
}

/**
 * All asks that stop an action have their say (`combine-terms.ts`), so one that is for both profiles has it for both. Of
 * any other pair, one for the child and one for the parent that may stop the same action, the child’s must be as narrow.
 */
export function complainOfApprovers(pair: Pair, tool: string, { ofChild, ofParent }: Sides): void {
  const isOwn = (one: RulePart): boolean =>
    !ofParent.asks.includes(one) && !ofParent.asks.some((other) => partCovers(other.closing, one.closing));
  const rules = ofChild.asks.flatMap((one) =>
    ofParent.asks
      .filter((other) => isOfOne(one, other, ofChild.asks, ofParent.asks) && !partsDisjoint(one.closing, other.closing))
      .map((other) => [one, other] as const),
  );
  const flows = ofChild.flows.flatMap((one) =>
    ofParent.flows
      .filter((other) => isOfOne(one, other, ofChild.flows, ofParent.flows))
      .map((other) => [one, other] as const),
  );
  // Where the rules of the parent allow what those of the child ask, a flow of the parent may say who approves.
  const mixed = (ofParent.flows.length === 0 ? [] : ofChild.asks.filter(isOwn)).flatMap((one) =>
    ofParent.flows.map((other) => [one, other] as const),
  );
  for (const [one, other] of [...rules, ...flows, ...mixed]) {
    if (!isAtMost(one.approval, other.approval))
      pair.complain(
        `others may approve a ${tool} by "${one.rule}", or for longer, than by "${other.rule}" for "${pair.parent.name}"`,
        `let the approval of "${one.rule}" name nobody but those of "${other.rule}", as many of them, and expire no later`,
      );
  }
}

/** One of the two applies to one of the profiles only. */
function isOfOne<T>(one: T, other: T, ofChild: readonly T[], ofParent: readonly T[]): boolean {
  return !ofParent.includes(one) || !ofChild.includes(other);
}

/** Without terms nobody may approve. */
function isAtMost(one: ApprovalTerms | null, other: ApprovalTerms | null): boolean {
  if (one === null) return true;
  return (
    other !== null &&
    one.quorum >= other.quorum &&
    one.expiresMs <= other.expiresMs &&
    one.by.every((name) => other.by.includes(name))
  );
}
