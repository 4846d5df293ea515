import { one, optional } from '../policy/kinds/argument.ts';
import { headers } from '../policy/kinds/headers.ts';
import { httpMethod } from '../policy/kinds/http-method.ts';
import { text } from '../policy/kinds/text.ts';
import { url } from '../policy/kinds/url.ts';
import type { Effect, Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { HttpAnswer, HttpCall } from './ports/http-client.ts';
import { callParts, performanceOf, problemOfSecrets } from './web-exchange.ts';

const HEADERS_WORDS =
  'accept, content-type, idempotency-key, if-match, if-none-match; to authenticate: authorization, x-api-key, api-key ' +
  'or x-auth-token with the name of a secret, like "Bearer {{secret:weather}}"';

export const httpRequest = defineTool({
  name: 'http_request',
  description: 'Makes one HTTP request. Redirects are not followed: you get them as an answer.',
  permission: 'make_api_calls',
  role: 'web',
  arguments: {
    url: one(url, 'the whole URL'),
    method: one(httpMethod, 'GET, HEAD, POST, PUT, PATCH or DELETE'),
    headers: optional(one(headers, HEADERS_WORDS)),
    body: optional(one(text({ maxLength: 50_000, multiline: true }), 'the body, as text')),
  },
  needs: ['http', 'secrets'],
  labels: ['untrusted'],
  timeoutMs: 45_000,
  effect: ({ method }) => effectOf(method),
  summary: (args) => `${args.method} ${args.url}`,
  prepare: async (args, place, { secrets }) => {
    if (args.body !== undefined && effectOf(args.method) === 'read') {
      return { kind: 'denied', why: `A ${args.method} request has no body; it would act where reading was decided.` };
    }
    const asked: HttpCall = { method: args.method, url: args.url, headers: args.headers ?? {}, body: args.body };
    // Whether a secret may go there, the rule says.
    const problem = await problemOfSecrets(asked, secrets);
    if (problem !== undefined) return { kind: 'failed', why: `The request was not made: ${problem}.` };
    const added =
      effectOf(args.method) === 'once' && asked.headers['idempotency-key'] === undefined
        ? await idempotencyKeyOf(place, asked)
        : undefined;
    return {
      kind: 'ready',
      facts: added === undefined ? {} : { idempotencyKey: added },
      preview: callParts(asked, added),
      material: added === undefined ? asked : { ...asked, headers: { ...asked.headers, 'idempotency-key': added } },
    };
  },
  perform: async (call, { http }, signal) =>
    performanceOf(await http.exchange(call, signal), effectOf(call.method), answered),
});

function effectOf(method: string): Effect {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'once';
}

function answered({ status, headers: told, body, bytes }: HttpAnswer): Performance {
  const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}`);
  return {
    kind: 'done',
    text: [`HTTP ${status}`, ...lines, '', body].join('\n'),
    evidence: { status, bytes },
  };
}
