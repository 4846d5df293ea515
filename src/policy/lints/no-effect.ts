/** Parts that can never take effect, since one that is stronger speaks of every action that they speak of. */
import type { Complain } from '../matchers/matcher.ts';
import { appliesTo } from '../policy.ts';
import { partCovers, partNeverMatches } from '../subset/compare-parts.ts';
import type { RulePart, ToolParts } from './lint-source.ts';
import { KINDS, applyingTo } from './lint-source.ts';

export function complainOfNoEffect({ tool, parts, granted }: ToolParts, complain: Complain): void {
  for (const weak of parts) {
    const profiles = applyingTo(weak, granted);
    if (weak.kind === 'deny' || profiles.length === 0 || partNeverMatches(weak.part)) continue;
    const strong = parts.find(
      (other) =>
        isStronger(other, weak) &&
        !isSwitch(other) &&
        profiles.every((profile) => appliesTo(other.profiles, profile)) &&
        // An ask has an effect as well on what it stops.
        partCovers(other.part, weak.kind === 'ask' ? weak.closing : weak.part),
    );
    if (strong === undefined) continue;
    const whose = strong.rule === weak.rule ? 'of the same rule' : `of "${strong.rule}"`;
    complain(
      [...weak.path, weak.kind],
      `the ${weak.kind} of "${weak.rule}" never takes effect for ${tool.name}: the ${strong.kind} ${whose} is stronger and speaks of all the same`,
      `take it away, or narrow the ${strong.kind} ${whose}`,
    );
  }
}

/** A denial of everything is how a tool is shut in a hurry: what it shuts is meant to be there again afterwards. */
function isSwitch({ kind, part }: RulePart): boolean {
  return kind === 'deny' && part.matchers.size === 0 && part.except.length === 0;
}

function isStronger(one: RulePart, other: RulePart): boolean {
  return KINDS.indexOf(one.kind) < KINDS.indexOf(other.kind);
}
