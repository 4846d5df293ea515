import { isRecord, own, ownCount } from './json.ts';

/** Limits of one session. A missing one in `actions` means: not limited by count. */
export interface Limits {
  readonly turns: number;
  readonly tokens: number;
  /** US dollars that the model may cost; undefined: not limited. A cost that cannot be known is over it. */
  readonly costUsd?: number;
  readonly wallTimeMs: number;
  /** Requests in the whole session. */
  readonly asks: number;
  /** Requests that wait at the same time. */
  readonly asksPending: number;
  readonly actions: Readonly<Record<string, number>>;
}

/** In force where the policy names none; asks may only be lowered. */
export const DEFAULT_LIMITS: Limits = {
  turns: 50,
  tokens: 500_000,
  wallTimeMs: 7 * 24 * 60 * 60 * 1000,
  asks: 20,
  asksPending: 5,
  actions: {},
};

/** Each limit of `wish` that is a number and lower than that of `limits`; nothing is ever widened. Total. */
export function narrowLimits(limits: Limits, wish: unknown): Limits {
  if (!isRecord(wish)) return limits;
  const lower = (key: 'turns' | 'tokens' | 'wallTimeMs' | 'asks' | 'asksPending'): number =>
    Math.min(limits[key], ownCount(wish, key) ?? limits[key]);
  const costs = [limits.costUsd, ownCount(wish, 'costUsd')].filter((cost) => cost !== undefined);
  return {
    turns: lower('turns'),
    tokens: lower('tokens'),
    ...(costs.length === 0 ? {} : { costUsd: Math.min(...costs) }),
    wallTimeMs: lower('wallTimeMs'),
    asks: lower('asks'),
    asksPending: lower('asksPending'),
    actions: narrowActions(limits.actions, own(wish, 'actions')),
  };
}

function narrowActions(limits: Readonly<Record<string, number>>, wish: unknown): Readonly<Record<string, number>> {
  if (!isRecord(wish)) return limits;
  const narrowed = new Map(Object.entries(limits));
  for (const tool of Object.keys(wish)) {
    const wished = ownCount(wish, tool);
    if (wished !== undefined) narrowed.set(tool, Math.min(wished, narrowed.get(tool) ?? wished));
  }
  return Object.fromEntries(narrowed);
}
