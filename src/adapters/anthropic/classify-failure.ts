/**
 * What each failure of a model call means (facts: failure classification). Pure; the test has a row for each.
 *
 * 1. Every word is ours: the server’s body may echo the prompt, the SDK’s message carries the body (S10).
 * 2. The HTTP status decides; an error event in the middle of a stream has none, then the API’s own type does.
 * 3. An answer that cannot be read is tried a few times: behind it may be a hiccup or a wrong server.
 */
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AnthropicError,
} from '@anthropic-ai/sdk';
import type { ModelFailureKind, ModelFailureType } from '../../domain/model-failure.ts';
import { ModelFailure } from '../../domain/model-failure.ts';

interface Meaning {
  readonly kind: ModelFailureKind;
  readonly type: ModelFailureType;
  readonly words: string;
}

const CANCELLED: Meaning = { kind: 'cancelled', type: 'ModelCancelled', words: 'The model call was cancelled' };
const UNREACHABLE: Meaning = { kind: 'retry', type: 'ModelUnreachable', words: 'Claude could not be reached' };
const LIMITED: Meaning = { kind: 'retry', type: 'ModelRateLimited', words: 'Claude is rate-limited' };
const UNAVAILABLE: Meaning = { kind: 'retry', type: 'ModelUnavailable', words: 'Claude is not available' };
const BROKEN: Meaning = { kind: 'retryFew', type: 'ModelAnswerBroken', words: 'Claude’s answer could not be read' };
const UNKNOWN: Meaning = { kind: 'retryFew', type: 'ModelFailed', words: 'The model call failed in an unknown way' };
const REFUSED: Meaning = {
  kind: 'give up',
  type: 'ModelRequestRefused',
  words: 'Claude refused the request as malformed: this is a fault of countersign or of the server behind the base URL',
};
const TOO_LARGE: Meaning = {
  kind: 'give up',
  type: 'ModelRequestTooLarge',
  words: 'The conversation is too large for the API: start a new session',
};
const KEY: Meaning = {
  kind: 'give up',
  type: 'ModelKeyRefused',
  words: 'The Anthropic API key is not accepted or may not do this: check ANTHROPIC_API_KEY of the model worker',
};
const BILLING: Meaning = {
  kind: 'give up',
  type: 'ModelBilling',
  words: 'The Anthropic account cannot be billed, or its spend limit is reached',
};
const NOT_FOUND: Meaning = {
  kind: 'give up',
  type: 'ModelNotFound',
  words: 'The model or the address is not known: check the model’s name and ANTHROPIC_BASE_URL',
};

const BY_STATUS: ReadonlyMap<number, Meaning> = new Map([
  [400, REFUSED],
  [401, KEY],
  [402, BILLING],
  [403, KEY],
  [404, NOT_FOUND],
  [408, UNAVAILABLE],
  [409, UNAVAILABLE],
  [413, TOO_LARGE],
  [422, REFUSED],
  [429, LIMITED],
]);

const BY_TYPE: ReadonlyMap<string, Meaning> = new Map([
  ['invalid_request_error', REFUSED],
  ['authentication_error', KEY],
  ['permission_error', KEY],
  ['billing_error', BILLING],
  ['not_found_error', NOT_FOUND],
  ['request_too_large', TOO_LARGE],
  ['rate_limit_error', LIMITED],
  ['overloaded_error', UNAVAILABLE],
  ['api_error', UNAVAILABLE],
  ['timeout_error', UNAVAILABLE],
  ['conflict_error', UNAVAILABLE],
]);

/** 429s that last until the next month or a new contract. */
const SPENT: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached']);

const LONGEST_WAIT_MS = 3_600_000;

/** The meaning of whatever a model call threw. Total. */
export function classifyFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const { kind, type, words } = meaningOf(error);
  const status = isAnswer(error) && typeof error.status === 'number' ? ` (HTTP ${error.status})` : '';
  const next = kind === 'retry' ? '; it is tried again.' : '.';
  return new ModelFailure(kind, type, `${words}${status}${next}`, kind === 'retry' ? retryAfterMs(error) : undefined);
}

function meaningOf(error: unknown): Meaning {
  if (error instanceof APIUserAbortError) return CANCELLED;
  if (error instanceof APIConnectionTimeoutError || error instanceof APIConnectionError) return UNREACHABLE;
  if (isAnswer(error)) return meaningOfAnswer(error);
  if (error instanceof AnthropicError || error instanceof SyntaxError || error instanceof TypeError) return BROKEN;
  return UNKNOWN;
}

/** The SDK declares its class generic; this gives it its defaults. */
function isAnswer(error: unknown): error is APIError {
  return error instanceof APIError;
}

function meaningOfAnswer({ status, type, errorCode }: APIError): Meaning {
  if (errorCode !== null && SPENT.has(errorCode)) return BILLING;
  if (typeof status !== 'number') return (type === null ? undefined : BY_TYPE.get(type)) ?? BROKEN;
  // A redirect is not followed: it would take the conversation to another address.
  if (status >= 300 && status < 400) return NOT_FOUND;
  return BY_STATUS.get(status) ?? (status >= 500 ? UNAVAILABLE : UNKNOWN);
}

/** RFC 9110 section 10.2.3: seconds or a date. 0 and garbage leave the waiting to the retry policy; at most an hour. */
function retryAfterMs(error: unknown): number | undefined {
  const value = isAnswer(error) ? (error.headers?.get('retry-after') ?? '') : '';
  if (value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return waitMs >= 1 ? Math.min(Math.ceil(waitMs), LONGEST_WAIT_MS) : undefined;
}
