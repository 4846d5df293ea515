/**
 * What each failure of a model call means (facts: failure classification). Pure; the test has a row for each.
 * Messages are ours: the server’s body may echo the prompt (S10).
 */
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AnthropicError,
} from '@anthropic-ai/sdk';
import { ModelFailure } from '../../domain/model-failure.ts';

const NEVER_AGAIN: Readonly<Record<number, string>> = {
  400: 'Claude refused the request as malformed',
  401: 'the Anthropic API key is not accepted: set a valid ANTHROPIC_API_KEY for the model worker',
  402: 'the Anthropic account cannot be billed',
  403: 'the Anthropic API key may not do this',
  404: 'the model or the address is not known: check the model’s name and ANTHROPIC_BASE_URL',
  413: 'the conversation is too large for the API',
  422: 'Claude could not process the request',
};

const SPENT: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached']);
const PASSING: ReadonlySet<string> = new Set(['overloaded_error', 'api_error', 'timeout_error', 'rate_limit_error']);

export function classifyFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof APIUserAbortError)
    return new ModelFailure('cancelled', 'ModelCancelled', 'The call was cancelled.');
  if (error instanceof APIConnectionTimeoutError) return passing('ModelUnreachable', 'Claude did not answer in time');
  if (error instanceof APIConnectionError) return passing('ModelUnreachable', 'Claude could not be reached');
  if (error instanceof APIError) return classifyAnswer(error as InstanceType<typeof APIError>);
  if (error instanceof AnthropicError || error instanceof SyntaxError || error instanceof TypeError) {
    return few('ModelAnswerBroken', 'Claude’s answer broke off or could not be read');
  }
  return few('ModelFailed', 'The model call failed in a way this version does not know');
}

function classifyAnswer(error: InstanceType<typeof APIError>): ModelFailure {
  const { status, type, errorCode } = error;
  if (status === 429 && errorCode !== null && SPENT.has(errorCode)) {
    return never('ModelSpendLimit', 'the spend limit of the Anthropic account is reached');
  }
  if (status === 429) return passing('ModelRateLimited', 'Claude is rate-limited', retryAfterMs(error));
  if (status === undefined) {
    return type !== null && PASSING.has(type)
      ? passing('ModelOverloaded', 'Claude broke off while answering')
      : few('ModelAnswerBroken', 'Claude broke off with an error');
  }
  const words = NEVER_AGAIN[status];
  if (words !== undefined) return never(`ModelRefused${status}`, words);
  if (status === 408 || status === 409 || status >= 500) {
    return passing('ModelUnavailable', `Claude is not available (HTTP ${status})`, retryAfterMs(error));
  }
  return few('ModelFailed', `Claude answered with HTTP ${status}`);
}

/** RFC 9110 section 10.2.3, the seconds form; at most an hour. */
function retryAfterMs({ headers }: InstanceType<typeof APIError>): number | undefined {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

function passing(type: string, words: string, retryAfter?: number): ModelFailure {
  return new ModelFailure('retry', type, `${words}; it is tried again.`, retryAfter);
}

function few(type: string, words: string): ModelFailure {
  return new ModelFailure('retryFew', type, `${words}.`);
}

function never(type: string, words: string): ModelFailure {
  return new ModelFailure('give up', type, `${words}.`);
}
