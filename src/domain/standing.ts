/** A person's answer about a limit that was met: as much again, or no more. */
export interface LimitGrant {
  /** As `MetLimit` names it. */
  readonly limit: string;
  readonly more: boolean;
}

/** What a session has spent, as the workflow counts it in call order; the guard's limits are judged by it. */
export interface Standing {
  /** Actions begun, by tool; earlier calls of the same turn count as done. */
  readonly actions: Readonly<Record<string, number>>;
  /** Money in minor units and other amounts, by tool, argument and currency (`spendsOf`). */
  readonly sums: Readonly<Record<string, number>>;
  /** How often each action of this tool was begun before, by action key; null where the session does not count it. */
  readonly same: Readonly<Record<string, number>> | null;
  /** Keys of actions that ended `unknown`: they ask before they are tried again. */
  readonly unknown: readonly string[];
  /** Tools of which an action ended `unknown` without a key: every later once-only action of them asks. */
  readonly unknownTools: readonly string[];
  /** Keys of actions that a person denied: they stay denied. */
  readonly denied: readonly string[];
  /** What people said of limits that were met, in order. */
  readonly grants: readonly LimitGrant[];
  /** What the results were marked with that the model had seen when it proposed the action. */
  readonly labels: readonly string[];
}

/** What of it the policy decides by. */
export type DecisionStanding = Pick<Standing, 'actions' | 'sums' | 'same' | 'labels' | 'unknownTools' | 'grants'>;

export const NOTHING_SPENT: Standing = {
  actions: {},
  sums: {},
  same: null,
  unknown: [],
  unknownTools: [],
  denied: [],
  grants: [],
  labels: [],
};

/** A session that has done nothing yet; every count is there, so that no limit denies for want of one. */
export const FRESH: DecisionStanding = { ...NOTHING_SPENT, same: {} };
