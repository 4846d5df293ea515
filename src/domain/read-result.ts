import { asStrings, isRecord, own, ownCount, ownString } from './json.ts';
import type { GuardResult } from './outcome.ts';
import type { OpenedSession, Thought } from './session.ts';

/**
 * Total readers of activity results (S13), for the workflow and for whoever reads its history. They look at whatever is
 * read of a result anywhere; the casts stand here alone: results come from our own activities, decoded from JSON.
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
      return isQuestion(value) ? (value as unknown as GuardResult) : undefined;
    case 'waiting':
      return isWaiting(value) ? (value as unknown as GuardResult) : undefined;
    default:
      return undefined;
  }
}

function isOutcome(value: unknown): boolean {
  return (
    areTexts(value, ['text']) &&
    isTextOrNull(own(value, 'actionKey')) &&
    isDecision(own(value, 'decision')) &&
    areRefusals(own(value, 'refused') ?? []) &&
    areSpends(value) &&
    areGrants(own(value, 'grants') ?? []) &&
    (own(value, 'kind') !== 'done' || isRecord(own(value, 'evidence'))) &&
    (own(value, 'labels') === undefined || asStrings(own(value, 'labels')) !== undefined)
  );
}

function isQuestion(value: unknown): boolean {
  return (
    isRequest(own(value, 'request')) &&
    areTexts(value, ['actionKey']) &&
    areSpends(value) &&
    areRefusals(own(value, 'refused') ?? [])
  );
}

function isWaiting(value: unknown): boolean {
  const have = own(value, 'have');
  return Array.isArray(have) && have.every((n) => typeof n === 'number') && areRefusals(own(value, 'refused'));
}

/** What a candidate would have decided is not looked at: nothing follows from it, and it is read totally. */
function isDecision(value: unknown): boolean {
  const verdict = own(value, 'verdict');
  return (
    ['allow', 'ask', 'deny'].some((kind) => kind === own(value, 'kind')) &&
    areTexts(value, ['why']) &&
    isTextOrNull(own(value, 'rule')) &&
    isTextOrNull(own(value, 'policySha')) &&
    (verdict === undefined || isSettling(verdict))
  );
}

function isSettling(verdict: unknown): boolean {
  return (
    areTexts(verdict, ['requestId', 'decision', 'approver', 'keyId', 'at']) &&
    (own(verdict, 'reason') === undefined || areTexts(verdict, ['reason']))
  );
}

function areGrants(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((grant) => areTexts(grant, ['limit']) && typeof own(grant, 'more') === 'boolean')
  );
}

function areSpends(value: unknown): boolean {
  const spends = own(value, 'spends');
  if (spends === undefined) return true;
  return isRecord(spends) && Object.keys(spends).every((key) => ownCount(spends, key) !== undefined);
}

function areRefusals(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => ownCount(item, 'n') !== undefined && areTexts(item, ['why']));
}

const REQUEST_TEXTS = ['id', 'digest', 'tool', 'summary', 'requestedAt', 'expiresAt', 'rule', 'why'];

function isRequest(value: unknown): boolean {
  const preview = own(value, 'preview');
  return (
    areTexts(value, REQUEST_TEXTS) &&
    ['requestedAt', 'expiresAt'].every((key) => !Number.isNaN(Date.parse(ownString(value, key) ?? ''))) &&
    asStrings(own(value, 'mayAnswer')) !== undefined &&
    Array.isArray(preview) &&
    preview.every((part) => areTexts(part, ['label', 'text']))
  );
}

function areTexts(value: unknown, keys: readonly string[]): boolean {
  return keys.every((key) => ownString(value, key) !== undefined);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** The result of `openSession`. */
export function readOpened(value: unknown): OpenedSession | undefined {
  const tools = own(value, 'tools');
  const good =
    areTexts(value, ['policySha', 'profile', 'system', 'model']) &&
    Array.isArray(tools) &&
    tools.every((tool) => areTexts(tool, ['name', 'queue'])) &&
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
    areTexts(value, ['stopReason', 'model']) &&
    ownCount(own(value, 'usage'), 'inputTokens') !== undefined &&
    ownCount(own(value, 'usage'), 'outputTokens') !== undefined;
  return good ? (value as Thought) : undefined;
}
