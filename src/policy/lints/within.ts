/**
 * `within`: a profile that must never be decided more freely than another. The file loads only if that is proven, rule
 * by rule; what a rule of the one allows must be within what a single rule of the other does.
 */
import type { Complain } from '../matchers/matcher.ts';
import type { FlowRule, Profile } from '../policy.ts';
import { appliesTo } from '../policy.ts';
import { partCovers, partNeverMatches, partsDisjoint } from '../subset/compare-parts.ts';
import type { LintSource, RulePart, ToolParts } from './lint-source.ts';
import { applyingTo } from './lint-source.ts';
import { complainOfApprovers } from './within-approvers.ts';

export function complainOfExceeding(source: LintSource, found: readonly ToolParts[], complain: Complain): void {
  for (const child of source.profiles.values()) {
    for (const name of child.within) {
      const parent = source.profiles.get(name);
      if (parent !== undefined)
        complainOfPair({ child, parent, complain: complainAt(child, parent, complain) }, source, found);
    }
  }
}

function complainOfPair(pair: Pair, { flows }: LintSource, found: readonly ToolParts[]): void {
  const { child, parent } = pair;
  for (const permission of child.grant) {
    if (!parent.grant.has(permission))
      pair.complain(`it is granted ${permission}`, `take it away, or grant ${permission} to "${parent.name}" too`);
  }
  for (const one of found) {
    if (child.grant.has(one.tool.permission)) complainOfTool(pair, one, flows);
  }
}

/** What is wrong, after "…: ", and what to do. */
export type Say = (what: string, suggestion: string) => void;

export interface Pair {
  readonly child: Profile;
  readonly parent: Profile;
  readonly complain: Say;
}

function complainAt(child: Profile, parent: Profile, complain: Complain): Say {
  return (what, suggestion) => {
    const path = ['profiles', child.name, 'within'];
    complain(path, `"${child.name}" is not proven to be within "${parent.name}": ${what}`, suggestion);
  };
}

function complainOfTool(pair: Pair, { parts, tool }: ToolParts, flows: readonly FlowRule[]): void {
  const ofChild = parts.filter((part) => applyingTo(part, [pair.child]).length > 0);
  const ofParent = parts.filter((part) => applyingTo(part, [pair.parent]).length > 0);
  complainOfOpening(pair, ofChild, ofParent);
  complainOfClosing(pair, ofChild, ofParent);
  const speaking = flows.filter(({ tools }) => tools.has(tool.name));
  const flowsOfChild = speaking.filter(({ profiles }) => appliesTo(profiles, pair.child));
  const flowsOfParent = speaking.filter(({ profiles }) => appliesTo(profiles, pair.parent));
  const weaker = flowsOfParent.filter(({ then }) => ofChild.some(({ kind }) => isFreer(kind, then)));
  complainOfFlows(pair, flowsOfChild, weaker, tool.name);
  complainOfApprovers(pair, tool.name, {
    ofChild: { asks: ofChild.filter(isAsk), flows: flowsOfChild.filter(asks) },
    ofParent: { asks: ofParent.filter(isAsk), flows: flowsOfParent.filter(asks) },
  });
}

function isFreer(kind: RulePart['kind'], than: RulePart['kind']): boolean {
  return kind === 'allow' || (kind === 'ask' && than === 'deny');
}

function isAsk({ kind }: RulePart): boolean {
  return kind === 'ask';
}

function asks({ then }: FlowRule): boolean {
  return then === 'ask';
}

/** What opens for the child alone must be within something that opens for the parent, and as freely. */
function complainOfOpening(
  { parent, complain }: Pair,
  ofChild: readonly RulePart[],
  ofParent: readonly RulePart[],
): void {
  for (const opening of ofChild) {
    if (opening.kind === 'deny' || ofParent.includes(opening) || partNeverMatches(opening.part)) continue;
    const covered = ofParent.some(
      ({ kind, part }) => (kind === 'allow' || kind === opening.kind) && partCovers(part, opening.part),
    );
    if (!covered)
      complain(
        `no rule that applies to "${parent.name}" is seen to ${opening.kind === 'ask' ? 'ask or allow' : 'allow'} all that the ${opening.kind} of "${opening.rule}" does for ${opening.tool.name}`,
        `name "${parent.name}" in the profiles of "${opening.rule}", or narrow it to what one rule of "${parent.name}" says`,
      );
  }
}

/** What closes for the parent alone must be closed for the child as well, or not be open at all. */
function complainOfClosing(
  { child, parent, complain }: Pair,
  ofChild: readonly RulePart[],
  ofParent: readonly RulePart[],
): void {
  for (const closing of ofParent) {
    if (closing.kind === 'allow' || ofChild.includes(closing)) continue;
    const asStrong = ofChild.filter(({ kind }) => kind === 'deny' || kind === closing.kind);
    const freer = ofChild.filter(({ kind }) => isFreer(kind, closing.kind));
    const held =
      asStrong.some((other) => partCovers(other.closing, closing.closing)) ||
      freer.every(({ part }) => partsDisjoint(part, closing.closing));
    if (!held)
      complain(
        `the ${closing.kind} of "${closing.rule}" for ${closing.tool.name} applies to "${parent.name}" alone`,
        `name "${child.name}" in the profiles of "${closing.rule}" too`,
      );
  }
}

/** A flow rule of the parent must hold for the child too, or one that comes as early and is as strict. */
function complainOfFlows(
  { child, parent, complain }: Pair,
  ofChild: readonly FlowRule[],
  ofParent: readonly FlowRule[],
  tool: string,
): void {
  for (const flow of ofParent) {
    const held = ofChild.some(
      ({ when, then }) => (then === 'deny' || then === flow.then) && when.every((label) => flow.when.includes(label)),
    );
    if (!held)
      complain(
        `the flow rule "${flow.rule}" for ${tool} applies to "${parent.name}" alone`,
        `name "${child.name}" in the profiles of "${flow.rule}" too`,
      );
  }
}
