import { one, optional } from '../policy/kinds/argument.ts';
import { headers } from '../policy/kinds/headers.ts';
import { httpMethod } from '../policy/kinds/http-method.ts';
import { text } from '../policy/kinds/text.ts';
import { url } from '../policy/kinds/url.ts';
import type { Effect, Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { HttpCall, HttpExchange } from './ports/http-client.ts';

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
  timeoutMs: 45_000,
  effect: ({ method }) => effectOf(method),
  summary: (args) => `${args.method} ${args.url}`,
  prepare: async (args) => {
    if (args.body !== undefined && effectOf(args.method) === 'read') {
      return { kind: 'failed', why: `A ${args.method} request has no body.` };
    }
    const call: HttpCall = { method: args.method, url: args.url, headers: args.headers ?? {}, body: args.body };
    const lines = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`);
    return {
      kind: 'ready',
      facts: {},
      preview: [
        { label: 'Request', text: `${call.method} ${call.url}` },
        { label: 'Headers', text: lines.length === 0 ? '(none)' : lines.join('\n') },
        { label: 'Body', text: call.body ?? '(none)' },
      ],
      material: call,
    };
  },
  perform: async (call, { http }, signal) => performanceOf(await http.exchange(call, signal), call),
});

function effectOf(method: string): Effect {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'once';
}

function performanceOf(exchange: HttpExchange, { method }: HttpCall): Performance {
  switch (exchange.kind) {
    case 'answered': {
      const { status, headers: answered, body, bytes } = exchange.answer;
      const lines = Object.entries(answered).map(([name, value]) => `${name}: ${value}`);
      return {
        kind: 'done',
        text: [`HTTP ${status}`, ...lines, '', body].join('\n'),
        evidence: { status, bytes },
        labels: ['untrusted'],
      };
    }
    case 'refused':
      return { kind: 'failed', text: `The request was not made: ${exchange.why}.` };
    case 'notSent':
      // A server that cannot be reached is an answer for a read; for an act it is worth another try.
      return effectOf(method) === 'read'
        ? { kind: 'failed', text: `No answer: ${exchange.why}.` }
        : { kind: 'notPerformed', why: exchange.why };
    case 'unknown':
      return { kind: 'unknown', why: exchange.why };
  }
}
