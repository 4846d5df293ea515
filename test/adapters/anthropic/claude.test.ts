import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ModelCall } from '../../../src/activities/think.ts';
import { createClaude } from '../../../src/adapters/anthropic/claude.ts';
import { ModelFailure } from '../../../src/domain/model-failure.ts';
import type { Thought } from '../../../src/domain/session.ts';
import type { Behaviour, LoopbackApi } from './loopback-api.ts';
import {
  SECRET_KEY,
  SECRET_PROMPT,
  asSse,
  messageEnd,
  messageStart,
  refuse,
  startLoopbackApi,
  stream,
  textBlock,
  toolBlock,
} from './loopback-api.ts';

const SCHEMA = {
  type: 'object',
  properties: { to: { type: 'string' } },
  required: ['to'],
  additionalProperties: false,
};

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.requests.length = 0;
});

function callOf(more: Partial<ModelCall> = {}, model = 'claude-opus-5-5'): ModelCall {
  return {
    setup: {
      model,
      system: 'You are careful.',
      tools: [{ name: 'send_email', description: 'Sends.', inputSchema: SCHEMA }],
    },
    messages: [{ role: 'user', content: SECRET_PROMPT }],
    signal: new AbortController().signal,
    ...more,
  };
}

function ask(behaviour: Behaviour, more: Partial<ModelCall> = {}, idleMs = 5000): Promise<Thought> {
  api.behave(behaviour);
  return createClaude({ apiKey: SECRET_KEY, baseURL: api.baseURL, idleMs })(callOf(more));
}

async function failureOf(answer: Promise<unknown>): Promise<ModelFailure> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof ModelFailure) return error;
    throw new Error(`not a ModelFailure: ${String(error)}`, { cause: error });
  }
  throw new Error('the call did not fail');
}

const GOOD = [messageStart(), ...textBlock(0, 'Hello'), ...messageEnd('end_turn')];

describe('what is sent', () => {
  test('the request carries caching, frozen tools and prompt, and nothing that the API refuses', async () => {
    await ask(stream(GOOD));
    const [{ headers, body } = { headers: {}, body: {} }] = api.requests;
    expect(headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
    expect(headers['anthropic-version']).toBe('2026-10-21');
    expect(body).toEqual({
      model: 'claude-opus-5-5',
      max_tokens: 32_000,
      system: 'You are careful.',
      messages: [{ role: 'user', content: SECRET_PROMPT }],
      tools: [{ name: 'send_email', description: 'Sends.', input_schema: SCHEMA }],
      cache_control: { type: 'ephemeral' },
      thinking: { type: 'adaptive', display: 'summarized' },
      stream: true,
    });
  });

  test.each([
    ['claude-opus-5-5', true],
    ['claude-sonnet-5', true],
    ['claude-fable-5-2', true],
    ['claude-opus-4-6', true],
    ['claude-sonnet-4-6-20260217', true],
    ['claude-opus-4-5-20251101', false],
    ['claude-haiku-4-5', false],
    ['claude-opus-50', false],
    ['scripted-stand-in', false],
    ['llama-3', false],
  ])('thinking of %s is asked for only where the model is known to take it: %s', async (model, asked) => {
    api.behave(stream(GOOD));
    const { setup } = callOf();
    const claude = createClaude({ apiKey: SECRET_KEY, baseURL: api.baseURL, idleMs: 5000 });
    await claude(callOf({ setup: { ...setup, model, tools: [] } }));
    expect('thinking' in (api.requests[0]?.body ?? {})).toBe(asked);
    expect('tools' in (api.requests[0]?.body ?? {})).toBe(false);
  });

  test('the history is repeated byte for byte, odd keys and all', async () => {
    const messages = JSON.parse(
      '[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"s"},{"type":"tool_use","id":"t","name":"n","input":{"b":1,"a":{"__proto__":{"x":1}}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"\\u2028ok","is_error":false}]}]',
    ) as ModelCall['messages'];
    await ask(stream(GOOD), { messages });
    expect(JSON.stringify(api.requests[0]?.body['messages'])).toBe(JSON.stringify(messages));
  });

  test('S10: ANTHROPIC_LOG cannot make the SDK print prompts, and other credentials of the environment are not used', async () => {
    const spies = (['log', 'info', 'debug', 'warn', 'error'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(() => undefined),
    );
    const set = {
      ANTHROPIC_LOG: 'debug',
      ANTHROPIC_AUTH_TOKEN: 'other',
      ANTHROPIC_API_KEY: 'other',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    };
    Object.assign(process.env, set);
    try {
      await ask(stream(GOOD));
      await failureOf(
        ask((_, response) => response.writeHead(200).end(`event: message_start\ndata: {${SECRET_PROMPT}\n\n`)),
      );
      expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([]);
      expect(api.requests[0]?.headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
    } finally {
      for (const name of Object.keys(set)) delete process.env[name];
      for (const spy of spies) spy.mockRestore();
    }
  });

  test.each(['', ' ', 'with space inside', 'line\nbreak', 'ümlaut'])(
    'S10: an impossible API key (%j) is refused at once, without being shown',
    (apiKey) => {
      let message = '';
      try {
        createClaude({ apiKey, idleMs: 1000 });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('ANTHROPIC_API_KEY');
      expect(message.includes(apiKey) && apiKey.trim() !== '').toBe(false);
    },
  );
});

describe('what comes back', () => {
  test('content is verbatim, usage counts all input, the request id is kept', async () => {
    const input = '{"to":"a@b.example","n":1.5,"deep":{"z":[null,true],"a":"\\u00e9"},"__proto__":{"polluted":true}}';
    const thought = await ask(
      stream([
        messageStart(),
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig==' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'ping' },
        ...textBlock(1, 'Sending.'),
        ...toolBlock(2, input),
        ...messageEnd('tool_use'),
      ]),
    );
    expect(JSON.stringify(thought.content)).toBe(
      `[{"type":"thinking","thinking":"Hm.","signature":"sig=="},{"type":"text","text":"Sending.","citations":null},{"type":"tool_use","id":"toolu_2","name":"send_email","caller":{"type":"direct"},"input":${JSON.stringify(JSON.parse(input))}}]`,
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(thought).toMatchObject({
      stopReason: 'tool_use',
      model: 'claude-opus-5-5',
      requestId: 'req_loopback_1',
      usage: { inputTokens: 3210, outputTokens: 42, cacheReadTokens: 3000, cacheWriteTokens: 200 },
    });
    expect(thought).not.toHaveProperty('refusal');
  });

  test('a refusal brings its category', async () => {
    const details = { stop_details: { type: 'refusal', category: 'cyber', explanation: 'because' } };
    const thought = await ask(stream([messageStart(), ...messageEnd('refusal', details)]));
    expect(thought).toMatchObject({ stopReason: 'refusal', refusal: 'cyber', content: [] });
  });

  test.each(['max_tokens', 'pause_turn', 'model_context_window_exceeded', 'something_new'])(
    'stop_reason %s is passed on for the session to judge',
    async (stopReason) => {
      expect(await ask(stream([messageStart(), ...textBlock(0, 'x'), ...messageEnd(stopReason)]))).toMatchObject({
        stopReason,
      });
    },
  );

  test('a tool call cut by max_tokens is no failure: the session ends as truncated and runs nothing', async () => {
    const thought = await ask(stream([messageStart(), ...toolBlock(0, '{"to":"a@b.ex'), ...messageEnd('max_tokens')]));
    expect(thought.stopReason).toBe('max_tokens');
  });
});

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

describe('a slow model and a dead line', () => {
  test('a server that never answers is given up after the idle time, and tried again', async () => {
    const began = Date.now();
    expect(await failureOf(ask(() => undefined, {}, 300))).toMatchObject({ kind: 'retry', type: 'ModelStalled' });
    expect(Date.now() - began).toBeLessThan(3000);
  });

  test('a stall in the middle of an answer, and one in the middle of an error, are noticed too', async () => {
    const half: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(asSse([messageStart()]));
    };
    expect(await failureOf(ask(half, {}, 300))).toMatchObject({ type: 'ModelStalled' });
    const halfError: Behaviour = (_, response) => {
      response.writeHead(500, { 'content-type': 'application/json', 'content-length': '9999' });
      response.write('{"type":');
    };
    expect(await failureOf(ask(halfError, {}, 300))).toMatchObject({ type: 'ModelStalled' });
  });

  test('pings keep a silent, thinking model alive for longer than the idle time', async () => {
    const slow: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let pings = 0;
      const timer = setInterval(() => {
        pings += 1;
        if (pings < 8) return void response.write(asSse([{ type: 'ping' }]));
        clearInterval(timer);
        response.end(asSse(GOOD));
      }, 100);
    };
    expect(await ask(slow, {}, 400)).toMatchObject({ stopReason: 'end_turn' });
  });

  test('a flood is given up before it fills the memory', async () => {
    const flood: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = `: ${'x'.repeat(1_000_000)}\n`;
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    expect(await failureOf(ask(flood))).toMatchObject({ kind: 'retryFew', type: 'ModelAnswerBroken' });
  }, 20_000);

  test('cancelling ends the call at once, as cancelled and not as a failure of Claude', async () => {
    const controller = new AbortController();
    let closed = false;
    const silent: Behaviour = (_, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(asSse([messageStart()]));
      setTimeout(() => controller.abort(), 50);
    };
    expect(await failureOf(ask(silent, { signal: controller.signal }))).toMatchObject({ kind: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBe(true);
    expect(await failureOf(ask(stream(GOOD), { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'cancelled' });
  });
});
