/** The rule that came nearest to letting an action through, and the argument at which it failed. */
import type { JsonObject } from '../domain/json.ts';
import { failedMatchers, missOf } from './clauses.ts';
import type { ArgumentShapes } from './kinds/argument.ts';
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
export function nearestRule(clauses: readonly Clause[], shapes: ArgumentShapes, args: JsonObject): NearestRule | null {
  const near = clauses
    .filter(({ kind }) => kind !== 'deny')
    .flatMap((clause) => {
      const miss = missOf(clause, shapes, args);
      const failed = failedMatchers(clause, args);
      return miss === null ? [] : [{ rule: clause.rule, miss, failed, held: clause.matchers.size - failed }];
    })
    .toSorted((a, b) => a.failed - b.failed || b.held - a.held)[0];
  return near === undefined ? null : { rule: near.rule, at: near.miss.at, why: near.miss.why };
}
