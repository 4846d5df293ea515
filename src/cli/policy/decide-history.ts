/** Recorded actions under a candidate policy: which decisions change. Pure. */
import type { PersonsAnswer, RecordedAction } from '../../client/recorded-actions.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Count, Direction } from '../../policy/diff/direction.ts';
import { countOf, directionOfKinds, looserFirst } from '../../policy/diff/direction.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { DecidedAgain } from './decide-again.ts';
import { decideAgain } from './decide-again.ts';

export interface Material {
  /** How many sessions the actions are of. */
  readonly sessions: number;
  readonly actions: readonly RecordedAction[];
}

export interface ChangedDecision {
  readonly session: string;
  readonly callId: string;
  readonly tool: string;
  /** The tool’s own words for its arguments. */
  readonly particulars: string;
  readonly at: string;
  readonly was: NonNullable<RecordedAction['decided']> & { readonly policySha: string | null };
  /** What a person had said; null where nobody was asked. */
  readonly person: PersonsAnswer | null;
  readonly outcome: RecordedAction['outcome'];
  readonly wouldBe: Pick<Decision, 'kind' | 'rule' | 'why'>;
  readonly direction: Direction;
}

export interface Backtest {
  readonly actions: number;
  readonly sessions: number;
  readonly same: number;
  /** Loosening first. */
  readonly changes: readonly ChangedDecision[];
  readonly counts: Count;
  /** Of the changes: those that a person had approved, and those that a person had denied. */
  readonly approvedByPerson: number;
  readonly deniedByPerson: number;
  /** Actions that cannot be decided, by reason. */
  readonly undecidable: Readonly<Record<string, number>>;
}

export function decideHistory(policy: Policy, { sessions, actions }: Material, tools: readonly Tool[]): Backtest {
  const changes: ChangedDecision[] = [];
  const undecidable = new Map<string, number>();
  let same = 0;
  const begun = new Map<string, Record<string, number>>();
  for (const action of actions) {
    const before = begun.get(action.session) ?? {};
    const again = decideAgain(policy, action, tools, before);
    // As the workflow counts: what was denied was not begun.
    if (again.kind === 'decided' && action.outcome !== 'denied')
      begun.set(action.session, { ...before, [again.actionKey]: (before[again.actionKey] ?? 0) + 1 });
    const found = compare(action, again);
    if (found === 'same') same += 1;
    else if ('why' in found) undecidable.set(found.why, (undecidable.get(found.why) ?? 0) + 1);
    else changes.push(found);
  }
  const said = (kind: PersonsAnswer['kind']): number => changes.filter(({ person }) => person?.kind === kind).length;
  return {
    actions: actions.length,
    sessions,
    same,
    changes: looserFirst(changes),
    counts: countOf(changes),
    approvedByPerson: said('approved'),
    deniedByPerson: said('denied'),
    undecidable: Object.fromEntries(undecidable),
  };
}

function compare(action: RecordedAction, again: DecidedAgain): 'same' | ChangedDecision | { readonly why: string } {
  const { session, callId, tool, at, decided, policySha, answer, outcome } = action;
  if (again.kind === 'undecidable') return again;
  if (decided === null) return { why: 'no decision by a policy is recorded' };
  if (again.decision.kind === decided.kind) return 'same';
  const { kind, rule, why } = again.decision;
  return {
    session,
    callId,
    tool,
    particulars: again.particulars,
    at,
    was: { ...decided, policySha },
    person: answer,
    outcome,
    wouldBe: { kind, rule, why },
    direction: directionOfKinds(decided.kind, kind),
  };
}
