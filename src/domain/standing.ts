/** What a session has spent, as the workflow counts it in call order; the guard's limits are judged by it. */
export interface Standing {
  /** Actions begun, by tool; earlier calls of the same turn count as done. */
  readonly actions: Readonly<Record<string, number>>;
  /** Money and other sums, by limit id; none is built yet. */
  readonly sums: Readonly<Record<string, number>>;
  /** Keys of actions that ended `unknown`: they ask before they are tried again. */
  readonly unknown: readonly string[];
  /** Tools of which an action ended `unknown` without a key: every later once-only action of them asks. */
  readonly unknownTools: readonly string[];
  /** Keys of actions that a person denied: they stay denied. */
  readonly denied: readonly string[];
  readonly grants: readonly never[];
  readonly labels: readonly string[];
}

export const NOTHING_SPENT: Standing = {
  actions: {},
  sums: {},
  unknown: [],
  unknownTools: [],
  denied: [],
  grants: [],
  labels: [],
};
