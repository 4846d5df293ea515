/** What every tool that makes a web call has to say of its secrets before, and of a call without an answer after. */
import { readPlaceholder } from '../domain/secret-placeholder.ts';
import type { Effect, Performance } from './define-tool.ts';
import type { HttpAnswer, HttpCall, HttpExchange } from './ports/http-client.ts';
import type { SecretCheck } from './ports/secret-check.ts';

/** Before anybody is asked: why a secret that the call names cannot be put in; undefined: all can. */
export async function problemOfSecrets({ headers }: HttpCall, secrets: SecretCheck): Promise<string | undefined> {
  for (const value of Object.values(headers)) {
    const placeholder = readPlaceholder(value);
    const problem = placeholder === undefined ? undefined : await secrets.problemOf(placeholder.name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `answered` says what an answer means; of a call without one the same holds for every tool (S7). */
export function performanceOf(
  exchange: HttpExchange,
  effect: Effect,
  answered: (answer: HttpAnswer) => Performance,
): Performance {
  switch (exchange.kind) {
    case 'answered':
      return answered(exchange.answer);
    case 'refused':
      return { kind: 'failed', text: `The request was not made: ${exchange.why}.` };
    case 'notSent':
      // A server that cannot be reached is an answer for a read; for an act it is worth another try.
      return effect === 'read'
        ? { kind: 'failed', text: `No answer: ${exchange.why}.` }
        : { kind: 'notPerformed', why: exchange.why };
    case 'unknown':
      return effect === 'read'
        ? { kind: 'failed', text: `No answer: ${exchange.why}.` }
        : { kind: 'unknown', why: exchange.why };
  }
}
