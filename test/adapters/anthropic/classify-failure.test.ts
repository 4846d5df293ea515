import { describe, expect, test } from '@jest/globals';
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AnthropicError,
} from '@anthropic-ai/sdk';
import { classifyFailure } from '../../../src/adapters/anthropic/classify-failure.ts';
import { ModelFailure } from '../../../src/domain/model-failure.ts';
import { SECRET_PROMPT } from './loopback-api.ts';

interface Shape {
  readonly type?: string;
  readonly code?: string;
  readonly headers?: Record<string, string>;
}

/** The very object that the SDK throws for such an answer. */
function answered(status: number | undefined, { type = 'x', code, headers = {} }: Shape = {}): APIError {
  const details = code === undefined ? {} : { details: { error_code: code } };
  const body = { type: 'error', error: { type, message: SECRET_PROMPT, ...details } };
  if (status === undefined) return new APIError(undefined, body, undefined, new Headers(headers), type as never);
  return APIError.generate(status, body, SECRET_PROMPT, new Headers(headers));
}

const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
const longAgo = 'Wed, 21 Oct 2015 07:28:00 GMT';

const ROWS: readonly (readonly [string, unknown, string, string])[] = [
  ['307', answered(307), 'give up', 'ModelNotFound'],
  ['400', answered(400), 'give up', 'ModelRequestRefused'],
  ['401', answered(401), 'give up', 'ModelKeyRefused'],
  ['402', answered(402), 'give up', 'ModelBilling'],
  ['403', answered(403), 'give up', 'ModelKeyRefused'],
  ['404', answered(404), 'give up', 'ModelNotFound'],
  ['405', answered(405), 'retryFew', 'ModelFailed'],
  ['408', answered(408), 'retry', 'ModelUnavailable'],
  ['409', answered(409), 'retry', 'ModelUnavailable'],
  ['413', answered(413), 'give up', 'ModelRequestTooLarge'],
  ['422', answered(422), 'give up', 'ModelRequestRefused'],
  ['429', answered(429), 'retry', 'ModelRateLimited'],
  ['429 ramp', answered(429, { code: 'ramp_limit_exceeded' }), 'retry', 'ModelRateLimited'],
  ['429 spend limit', answered(429, { code: 'enforced_spend_limit_reached' }), 'give up', 'ModelBilling'],
  ['429 contract', answered(429, { code: 'contract_spend_limit_reached' }), 'give up', 'ModelBilling'],
  ['500', answered(500), 'retry', 'ModelUnavailable'],
  ['501', answered(501), 'retry', 'ModelUnavailable'],
  ['502', answered(502), 'retry', 'ModelUnavailable'],
  ['503', answered(503), 'retry', 'ModelUnavailable'],
  ['504', answered(504), 'retry', 'ModelUnavailable'],
  ['529', answered(529), 'retry', 'ModelUnavailable'],
  [
    'event invalid_request_error',
    answered(undefined, { type: 'invalid_request_error' }),
    'give up',
    'ModelRequestRefused',
  ],
  ['event authentication_error', answered(undefined, { type: 'authentication_error' }), 'give up', 'ModelKeyRefused'],
  ['event permission_error', answered(undefined, { type: 'permission_error' }), 'give up', 'ModelKeyRefused'],
  ['event billing_error', answered(undefined, { type: 'billing_error' }), 'give up', 'ModelBilling'],
  ['event not_found_error', answered(undefined, { type: 'not_found_error' }), 'give up', 'ModelNotFound'],
  ['event rate_limit_error', answered(undefined, { type: 'rate_limit_error' }), 'retry', 'ModelRateLimited'],
  ['event overloaded_error', answered(undefined, { type: 'overloaded_error' }), 'retry', 'ModelUnavailable'],
  ['event api_error', answered(undefined, { type: 'api_error' }), 'retry', 'ModelUnavailable'],
  ['event timeout_error', answered(undefined, { type: 'timeout_error' }), 'retry', 'ModelUnavailable'],
  ['event unknown', answered(undefined, { type: 'toString' }), 'retryFew', 'ModelAnswerBroken'],
  ['no connection', new APIConnectionError({ message: SECRET_PROMPT }), 'retry', 'ModelUnreachable'],
  ['connection timeout', new APIConnectionTimeoutError(), 'retry', 'ModelUnreachable'],
  ['our own abort', new APIUserAbortError(), 'cancelled', 'ModelCancelled'],
  ['stream ended', new AnthropicError(`stream ended without ${SECRET_PROMPT}`), 'retryFew', 'ModelAnswerBroken'],
  ['not JSON', new SyntaxError(`Unexpected token in ${SECRET_PROMPT}`), 'retryFew', 'ModelAnswerBroken'],
  ['terminated', new TypeError('terminated'), 'retryFew', 'ModelAnswerBroken'],
  ['something else', new Error(SECRET_PROMPT), 'retryFew', 'ModelFailed'],
  ['thrown text', SECRET_PROMPT, 'retryFew', 'ModelFailed'],
  ['thrown nothing', undefined, 'retryFew', 'ModelFailed'],
];

describe('what each failure of a model call means', () => {
  test.each(ROWS)('%s', (_, error, kind, type) => {
    const failure = classifyFailure(error);
    expect({ kind: failure.kind, type: failure.type }).toEqual({ kind, type });
  });

  test.each(ROWS)('S10: %s is told in our words, without the server’s and without a cause', (_, error) => {
    const failure = classifyFailure(error);
    expect(`${String(failure.stack)}${JSON.stringify(failure)}${String(failure.cause)}`).not.toContain(SECRET_PROMPT);
    expect(failure.message).toMatch(/^[A-Z].*[.]$/);
  });

  test('a status decides, not the type that came with it', () => {
    expect(classifyFailure(answered(401, { type: 'overloaded_error' })).kind).toBe('give up');
  });

  test('a failure that is classified already stays as it is', () => {
    const failure = new ModelFailure('retry', 'ModelStalled', 'words');
    expect(classifyFailure(failure)).toBe(failure);
  });
});

describe('when to come back', () => {
  test.each([
    ['1', 1000],
    ['0.5', 500],
    ['3600', 3_600_000],
    ['86400', 3_600_000],
    ['1e9', 3_600_000],
    ['0', undefined],
    ['-5', undefined],
    ['', undefined],
    ['NaN', undefined],
    ['Infinity', 3_600_000],
    ['soon', undefined],
    [longAgo, undefined],
  ])('retry-after "%s" means %p ms', (value, waitMs) => {
    expect(classifyFailure(answered(429, { headers: { 'retry-after': value } })).retryAfterMs).toBe(waitMs);
  });

  test('a date is understood too', () => {
    const { retryAfterMs = 0 } = classifyFailure(answered(503, { headers: { 'retry-after': inTwoMinutes } }));
    expect(retryAfterMs).toBeGreaterThan(60_000);
    expect(retryAfterMs).toBeLessThanOrEqual(120_000);
  });

  test('a failure that is not retried carries no time, whatever the server says', () => {
    const failure = classifyFailure(answered(401, { headers: { 'retry-after': '5' } }));
    expect(failure.retryAfterMs).toBeUndefined();
  });
});
