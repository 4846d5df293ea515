import { isRecord, own, ownString } from './json.ts';
import type { JsonObject } from './json.ts';
import { MAX_CALLS } from './model-answer.ts';

/** One tool call of a scripted session. */
export interface ScriptedCall {
  readonly tool: string;
  readonly input: JsonObject;
}

/** What a session is started with. */
export interface StartInput {
  /** What the agent is to do, in plain words; at most 100,000 characters. */
  readonly goal: string;
  /** One that the policy lets be started; `defaultProfile` of the policy without it. */
  readonly profile?: string;
  /** A model of Anthropic's; COUNTERSIGN_MODEL of the workers without it. */
  readonly model?: string;
  /** As `limits` of a policy (docs/policy/limits.md) without `sameAction` and `sums`. They can lower those, never raise. */
  readonly limits?: unknown;
  /** Run instead of thinking: one turn, side by side. */
  readonly actions?: readonly ScriptedCall[];
}

export type ReadStart =
  { readonly kind: 'start'; readonly input: StartInput } | { readonly kind: 'unreadable'; readonly why: string };

const KEYS: ReadonlySet<string> = new Set(['goal', 'profile', 'model', 'limits', 'actions']);
export const MAX_GOAL_LENGTH = 100_000;

/** Reads the argument of `agentSession`. Total; says what to do. */
export function readStartInput(value: unknown): ReadStart {
  const wrong = firstProblem(value);
  if (wrong !== undefined) return { kind: 'unreadable', why: `${wrong} Start a session with { "goal": "…" }.` };
  const actions = own(value, 'actions');
  return {
    kind: 'start',
    input: {
      goal: ownString(value, 'goal') ?? '',
      ...optionalString(value, 'profile'),
      ...optionalString(value, 'model'),
      ...(own(value, 'limits') === undefined ? {} : { limits: own(value, 'limits') }),
      ...(Array.isArray(actions) ? { actions: actions.map(readCall) } : {}),
    },
  };
}

function optionalString(value: unknown, key: 'profile' | 'model'): Partial<Record<'profile' | 'model', string>> {
  const found = ownString(value, key);
  return found === undefined ? {} : { [key]: found };
}

function readCall(value: unknown): ScriptedCall {
  // firstProblem has seen that `input` is a record of decoded JSON.
  return { tool: ownString(value, 'tool') ?? '', input: own(value, 'input') as JsonObject };
}

function firstProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'The session input is not an object.';
  const stranger = Object.keys(value).find((key) => !KEYS.has(key));
  if (stranger !== undefined) return `The session input has an unknown key "${stranger.slice(0, 40)}".`;
  const goal = own(value, 'goal');
  if (typeof goal !== 'string' || goal.trim() === '') return 'The session input has no goal.';
  if (goal.length > MAX_GOAL_LENGTH) return `The goal is longer than ${MAX_GOAL_LENGTH} characters.`;
  for (const key of ['profile', 'model']) {
    const found = own(value, key);
    if (found !== undefined && typeof found !== 'string') return `"${key}" is not a string.`;
  }
  const limits = own(value, 'limits');
  if (limits !== undefined && !isRecord(limits)) return '"limits" is not an object.';
  return problemOfActions(own(value, 'actions'));
}

function problemOfActions(actions: unknown): string | undefined {
  if (actions === undefined) return undefined;
  if (!Array.isArray(actions) || actions.length === 0) return '"actions" is not a list of tool calls.';
  if (actions.length > MAX_CALLS) return `"actions" has more than ${MAX_CALLS} tool calls.`;
  const good = actions.every((call) => ownString(call, 'tool') !== undefined && isRecord(own(call, 'input')));
  return good ? undefined : 'Each of "actions" must be { "tool": "…", "input": { … } }.';
}
