import { asStrings, isRecord, own, ownCount, ownList, ownString } from './json.ts';
import type { GuardResult } from './outcome.ts';
import type { OpenedSession, Thought } from './session.ts';

/**
 * Total readers of activity results (S13). The workflow branches on little, so they look only at what it branches on;
 * the casts stand here alone: results come from our own activities, decoded from JSON.
 */

/** The result of a tool's activity, or undefined where it is none: that ends as `unknown`. */
export function readGuardResult(value: unknown): GuardResult | undefined {
  switch (own(value, 'kind')) {
    case 'done':
    case 'denied':
    case 'failed':
    case 'unknown':
      return isOutcome(value) ? (value as unknown as GuardResult) : undefined;
    case 'approvalNeeded':
      return isRequest(own(value, 'request')) && areSpends(value) ? (value as unknown as GuardResult) : undefined;
    case 'waiting':
      return Array.isArray(own(value, 'have')) && areRefusals(value) ? (value as unknown as GuardResult) : undefined;
    default:
      return undefined;
  }
}

function isOutcome(value: unknown): boolean {
  const key = own(value, 'actionKey');
  return (
    ownString(value, 'text') !== undefined &&
    (key === null || typeof key === 'string') &&
    isRecord(own(value, 'decision')) &&
    areRefusals(value) &&
    areSpends(value) &&
    (own(value, 'labels') === undefined || asStrings(own(value, 'labels')) !== undefined)
  );
}

function areSpends(value: unknown): boolean {
  const spends = own(value, 'spends');
  if (spends === undefined) return true;
  return isRecord(spends) && Object.keys(spends).every((key) => ownCount(spends, key) !== undefined);
}

function areRefusals(value: unknown): boolean {
  return ownList(value, 'refused').every(
    (item) => ownCount(item, 'n') !== undefined && ownString(item, 'why') !== undefined,
  );
}

function isRequest(value: unknown): boolean {
  const texts = ['id', 'digest', 'tool', 'summary', 'requestedAt', 'expiresAt', 'rule', 'why'];
  return (
    texts.every((key) => ownString(value, key) !== undefined) &&
    !Number.isNaN(Date.parse(ownString(value, 'expiresAt') ?? '')) &&
    asStrings(own(value, 'mayAnswer')) !== undefined &&
    ownList(value, 'preview').every(
      (part) => ownString(part, 'label') !== undefined && ownString(part, 'text') !== undefined,
    )
  );
}

/** The result of `openSession`. */
export function readOpened(value: unknown): OpenedSession | undefined {
  const tools = own(value, 'tools');
  const good =
    ['policySha', 'profile', 'system', 'model'].every((key) => ownString(value, key) !== undefined) &&
    Array.isArray(tools) &&
    tools.every((tool) => ownString(tool, 'name') !== undefined && ownString(tool, 'queue') !== undefined) &&
    ownCount(own(value, 'limits'), 'turns') !== undefined &&
    ownCount(value, 'heartbeatTimeoutMs') !== undefined;
  return good ? (value as OpenedSession) : undefined;
}

/** The result of `think`. */
export function readThought(value: unknown): Thought | undefined {
  const content = own(value, 'content');
  const good =
    Array.isArray(content) &&
    content.every(isRecord) &&
    ownString(value, 'stopReason') !== undefined &&
    ownCount(own(value, 'usage'), 'inputTokens') !== undefined &&
    ownCount(own(value, 'usage'), 'outputTokens') !== undefined;
  return good ? (value as Thought) : undefined;
}
