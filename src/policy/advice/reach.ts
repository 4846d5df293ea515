/** What nothing reaches: a file of which no session can be started, a flow that has nothing to narrow. */
import type { Complain } from '../matchers/matcher.ts';
import { listed } from '../rule-words.ts';
import type { AdviceSource } from './advice-source.ts';

export function adviseOnReach({ file, policy }: AdviceSource, advise: Complain): void {
  if (![...policy.profiles.values()].some(({ startable }) => startable))
    advise(['profiles'], 'no profile is startable: no session can be started', 'say "startable: true" in one');
  (file.flows?.rules ?? []).forEach(({ id, tool }, index) => {
    const names = [tool].flat();
    const closed = names.filter(
      (name) => !policy.clauses.some((clause) => clause.kind !== 'deny' && clause.tool === name),
    );
    if (closed.length > 0)
      advise(
        ['flows', 'rules', index, 'tool'],
        `no rule opens ${listed(closed)}, so the flow "${id}" changes nothing there`,
        `a flow only makes stricter what a rule allows or asks`,
      );
  });
}
