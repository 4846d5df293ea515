/** What every tool that makes a web call shows of it and says of its secrets before, and of one without an answer after. */
import type { PreviewPart } from '../domain/request.ts';
import { mentionsSecret, readPlaceholder } from '../domain/secret-placeholder.ts';
import { utf8Length } from '../domain/text-size.ts';
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

/**
 * The call, whole, with secrets by their names. What is absent, added or put in later is said in labels, which no argument
 * can write into. `added`: the idempotency key that is sent besides the headers of the call.
 */
export function callParts({ method, url, headers, body }: HttpCall, added?: string): readonly PreviewPart[] {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const secret = lines.some(mentionsSecret) ? ' (secrets are put in when it is sent, and never shown)' : '';
  const unfilled = body !== undefined && mentionsSecret(body) ? ', sent as it stands: no secret is put in here' : '';
  return [
    { label: 'Request', text: `${method} ${url}` },
    { label: lines.length === 0 ? 'No headers of its own' : `Headers${secret}`, text: lines.join('\n') },
    ...(added === undefined ? [] : [{ label: 'Header added by countersign', text: `idempotency-key: ${added}` }]),
    { label: body === undefined ? 'No body' : `Body (${utf8Length(body)} bytes${unfilled})`, text: body ?? '' },
  ];
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
