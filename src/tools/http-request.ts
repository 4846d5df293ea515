import { utf8Length } from '../domain/text-size.ts';
import { one, optional } from '../policy/kinds/argument.ts';
import { headers } from '../policy/kinds/headers.ts';
import { httpMethod } from '../policy/kinds/http-method.ts';
import { text } from '../policy/kinds/text.ts';
import { url } from '../policy/kinds/url.ts';
import type { Effect, Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { HttpAnswer, HttpCall, HttpExchange } from './ports/http-client.ts';

export const httpRequest = defineTool({
  name: 'http_request',
  description: 'Makes one HTTP request. Redirects are not followed: you get them as an answer.',
  permission: 'make_api_calls',
  role: 'web',
  arguments: {
    url: one(url, 'the whole URL'),
    method: one(httpMethod, 'GET, HEAD, POST, PUT, PATCH or DELETE'),
    headers: optional(one(headers, 'accept, content-type, idempotency-key, if-match, if-none-match')),
    body: optional(one(text({ maxLength: 50_000, multiline: true }), 'the body, as text')),
  },
  needs: ['http'],
  labels: ['untrusted'],
  timeoutMs: 45_000,
  effect: ({ method }) => effectOf(method),
  summary: (args) => `${args.method} ${args.url}`,
  prepare: async (args) => {
    if (args.body !== undefined && effectOf(args.method) === 'read') {
      return { kind: 'denied', why: `A ${args.method} request has no body; it would act where reading was decided.` };
    }
    const call: HttpCall = { method: args.method, url: args.url, headers: args.headers ?? {}, body: args.body };
    const lines = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`);
    return {
      kind: 'ready',
      facts: {},
      // What is absent is said in a label, which no argument can write into.
      preview: [
        { label: 'Request', text: `${call.method} ${call.url}` },
        { label: lines.length === 0 ? 'No headers of its own' : 'Headers', text: lines.join('\n') },
        {
          label: call.body === undefined ? 'No body' : `Body (${utf8Length(call.body)} bytes)`,
          text: call.body ?? '',
        },
      ],
      material: call,
    };
  },
  perform: async (call, { http }, signal) => performanceOf(await http.exchange(call, signal), effectOf(call.method)),
});

function effectOf(method: string): Effect {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'once';
}

function performanceOf(exchange: HttpExchange, effect: Effect): Performance {
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

function answered({ status, headers: told, body, bytes }: HttpAnswer): Performance {
  const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}`);
  return {
    kind: 'done',
    text: [`HTTP ${status}`, ...lines, '', body].join('\n'),
    evidence: { status, bytes },
  };
}
