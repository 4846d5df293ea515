/** The rule that came nearest to letting an action through, and the argument at which it failed. */
import type { GivenArguments } from './clauses.ts';
import { failedMatchers, matches, missOf } from './clauses.ts';
import type { Clause } from './policy.ts';

export interface NearestRule {
  readonly rule: string;
  /** Like `to[1]`; `input` where the action as a whole is excepted. */
  readonly at: string;
  readonly why: string;
}

/**
 * Of the clauses that allow or ask and do not match: the one of whose matchers the fewest fail, then the one of which
 * the most hold, then in the order given. Null if there is none.
 */
export function nearestRule(clauses: readonly Clause[], given: GivenArguments): NearestRule | null {
  let nearest: Clause | undefined;
  let best = { failed: Infinity, held: 0 };
  for (const clause of clauses) {
    if (clause.kind === 'deny') continue;
    const failed = failedMatchers(clause, given);
    const held = clause.matchers.size - failed;
    const nearer = failed < best.failed || (failed === best.failed && held > best.held);
    if (!nearer || matches(clause, given)) continue;
    nearest = clause;
    best = { failed, held };
  }
  const miss = nearest === undefined ? null : missOf(nearest, given);
  return nearest === undefined || miss === null ? null : { rule: nearest.rule, at: miss.at, why: miss.why };
}
