import { describe, expect, test } from '@jest/globals';
import { createClaude } from '../../../src/adapters/anthropic/claude.ts';
import type { Behaviour } from './loopback-api.ts';
import { api, ask, callOf, failureOf, useLoopbackApi } from './claude-at-loopback.ts';
import {
  SECRET_KEY,
  SECRET_PROMPT,
  asSse,
  messageEnd,
  messageStart,
  refuse,
  stream,
  textBlock,
  toolBlock,
} from './loopback-api.ts';

useLoopbackApi();

describe('an answer that must not enter the history', () => {
  const broken: readonly (readonly [string, Behaviour])[] = [
    [
      'HTML with status 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${SECRET_PROMPT}</html>`),
    ],
    ['{} with status 200', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')],
    ['nothing with status 200', (_, response) => response.writeHead(200).end()],
    [
      'malformed JSON in an event',
      (_, response) => response.writeHead(200).end(`event: message_start\ndata: {"oops ${SECRET_PROMPT}\n\n`),
    ],
    ['a stream that ends early', stream([messageStart(), ...textBlock(0, 'Half')])],
    ['a message that begins twice', stream([messageStart(), messageStart(), ...messageEnd('end_turn')])],
    ['a message without content', stream([messageStart({ content: undefined }), ...messageEnd('end_turn')])],
    ['a message that is a string', stream([{ type: 'message_start', message: 'x' }, ...messageEnd('end_turn')])],
    ['a stop_reason that is no string', stream([messageStart(), ...textBlock(0, 'x'), ...messageEnd(null)])],
    ['no usage: token limits would never be met', stream([messageStart({ usage: {} }), ...messageEnd('end_turn')])],
    [
      'a usage beyond counting',
      stream([messageStart({ usage: { ...{ input_tokens: 1e308, output_tokens: 1 } } }), ...messageEnd('end_turn')]),
    ],
    [
      'a tool call without an id',
      stream([messageStart(), ...toolBlock(0, '{}', { id: '' }), ...messageEnd('tool_use')]),
    ],
    [
      'a tool call whose name is no string',
      stream([messageStart(), ...toolBlock(0, '{}', { name: 7 }), ...messageEnd('tool_use')]),
    ],
    [
      'a tool call whose input is a list',
      stream([messageStart(), ...toolBlock(0, '["a"]'), ...messageEnd('tool_use')]),
    ],
    [
      'a tool call made by code',
      stream([
        messageStart(),
        ...toolBlock(0, '{}', { caller: { type: 'code_execution_20260120' } }),
        ...messageEnd('tool_use'),
      ]),
    ],
    [
      'a tool call with an unreadable caller',
      stream([messageStart(), ...toolBlock(0, '{}', { caller: 'code' }), ...messageEnd('tool_use')]),
    ],
    [
      'a tool call whose input is cut in half, which the SDK reads as far as it goes',
      stream([messageStart(), ...toolBlock(0, '{"to":"a@b.example","body":"hel'), ...messageEnd('tool_use')]),
    ],
    [
      'an answer too large to keep',
      stream([messageStart(), ...textBlock(0, 'x'.repeat(1_200_000)), ...messageEnd('end_turn')]),
    ],
  ];
  test.each(broken)('S13: %s is tried a few times, then given up', async (_, behaviour) => {
    expect(await failureOf(ask(behaviour))).toMatchObject({ kind: 'retryFew' });
  });
});

describe('each failure of the wire, as it really comes out of the SDK', () => {
  const rows: readonly (readonly [string, Behaviour, string, string, number?])[] = [
    ['400', refuse(400, 'invalid_request_error'), 'give up', 'ModelRequestRefused'],
    ['401', refuse(401, 'authentication_error'), 'give up', 'ModelKeyRefused'],
    ['402', refuse(402, 'billing_error'), 'give up', 'ModelBilling'],
    ['403', refuse(403, 'permission_error'), 'give up', 'ModelKeyRefused'],
    ['404', refuse(404, 'not_found_error'), 'give up', 'ModelNotFound'],
    ['408', refuse(408, 'timeout_error'), 'retry', 'ModelUnavailable'],
    ['409', refuse(409, 'conflict_error'), 'retry', 'ModelUnavailable'],
    ['413', refuse(413, 'request_too_large'), 'give up', 'ModelRequestTooLarge'],
    ['418', refuse(418, 'teapot'), 'retryFew', 'ModelFailed'],
    ['422', refuse(422, 'invalid_request_error'), 'give up', 'ModelRequestRefused'],
    ['429 without a time', refuse(429, 'rate_limit_error'), 'retry', 'ModelRateLimited'],
    [
      '429 with seconds',
      refuse(429, 'rate_limit_error', { headers: { 'retry-after': '7' } }),
      'retry',
      'ModelRateLimited',
      7000,
    ],
    [
      '429 of a ramp limit',
      refuse(429, 'rate_limit_error', { code: 'ramp_limit_exceeded', headers: { 'retry-after': '3' } }),
      'retry',
      'ModelRateLimited',
      3000,
    ],
    [
      '429 with a week',
      refuse(429, 'rate_limit_error', { headers: { 'retry-after': '604800' } }),
      'retry',
      'ModelRateLimited',
      3_600_000,
    ],
    [
      '429 with 0: no hot loop',
      refuse(429, 'rate_limit_error', { headers: { 'retry-after': '0' } }),
      'retry',
      'ModelRateLimited',
    ],
    [
      '429 with garbage',
      refuse(429, 'rate_limit_error', { headers: { 'retry-after': 'soon' } }),
      'retry',
      'ModelRateLimited',
    ],
    [
      '429 of the spend limit',
      refuse(429, 'rate_limit_error', { code: 'enforced_spend_limit_reached' }),
      'give up',
      'ModelBilling',
    ],
    [
      '429 of the contract’s limit',
      refuse(429, 'rate_limit_error', { code: 'contract_spend_limit_reached' }),
      'give up',
      'ModelBilling',
    ],
    ['500', refuse(500, 'api_error'), 'retry', 'ModelUnavailable'],
    ['502', refuse(502, 'api_error'), 'retry', 'ModelUnavailable'],
    ['503', refuse(503, 'overloaded_error', { headers: { 'retry-after': '2' } }), 'retry', 'ModelUnavailable', 2000],
    ['504', refuse(504, 'timeout_error'), 'retry', 'ModelUnavailable'],
    ['529', refuse(529, 'overloaded_error'), 'retry', 'ModelUnavailable'],
    [
      'HTML with 502',
      (_, response) => response.writeHead(502).end(`<html>${SECRET_PROMPT}</html>`),
      'retry',
      'ModelUnavailable',
    ],
    [
      'a redirect, which would carry the prompt elsewhere',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      'give up',
      'ModelNotFound',
    ],
    [
      'overloaded mid-stream',
      stream([messageStart(), { type: 'error', error: { type: 'overloaded_error', message: SECRET_PROMPT } }]),
      'retry',
      'ModelUnavailable',
    ],
    [
      'rate-limited mid-stream',
      stream([messageStart(), { type: 'error', error: { type: 'rate_limit_error', message: SECRET_PROMPT } }]),
      'retry',
      'ModelRateLimited',
    ],
    [
      'refused mid-stream',
      stream([messageStart(), { type: 'error', error: { type: 'invalid_request_error', message: SECRET_PROMPT } }]),
      'give up',
      'ModelRequestRefused',
    ],
    [
      'an unknown error mid-stream',
      stream([messageStart(), { type: 'error', error: { type: 'novel_error', message: SECRET_PROMPT } }]),
      'retryFew',
      'ModelAnswerBroken',
    ],
    [
      'a garbled error mid-stream',
      (_, response) => response.writeHead(200).end(`event: error\ndata: ${SECRET_PROMPT}\n\n`),
      'retryFew',
      'ModelAnswerBroken',
    ],
    ['a reset before the answer', (request) => request.socket.resetAndDestroy(), 'retry', 'ModelUnreachable'],
    [
      'a reset in the middle of the answer',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(asSse([messageStart()]), () => setTimeout(() => request.socket.resetAndDestroy(), 20));
      },
      'retry',
      'ModelUnreachable',
    ],
  ];

  test.each(rows.map(([name, behaviour, kind, type, retryAfterMs]) => ({ name, behaviour, kind, type, retryAfterMs })))(
    '$name',
    async ({ behaviour, kind, type, retryAfterMs }) => {
      const failure = await failureOf(ask(behaviour));
      expect({ kind: failure.kind, type: failure.type, retryAfterMs: failure.retryAfterMs }).toEqual({
        kind,
        type,
        retryAfterMs,
      });
      expect(api.requests).toHaveLength(1);
      expect(JSON.stringify(failure) + String(failure.stack) + String(failure.cause)).not.toMatch(
        new RegExp(`${SECRET_PROMPT}|${SECRET_KEY}`),
      );
    },
  );

  test('nobody listens: tried again', async () => {
    const claude = createClaude({ apiKey: SECRET_KEY, baseURL: 'http://127.0.0.1:1', idleMs: 1000 });
    expect(await failureOf(claude(callOf()))).toMatchObject({ kind: 'retry', type: 'ModelUnreachable' });
  });
});
