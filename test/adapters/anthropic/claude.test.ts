import { describe, expect, jest, test } from '@jest/globals';
import type { ModelCall } from '../../../src/activities/think.ts';
import { createClaude } from '../../../src/adapters/anthropic/claude.ts';
import { GOOD, SCHEMA, api, ask, callOf, failureOf, useLoopbackApi } from './claude-at-loopback.ts';
import { SECRET_KEY, SECRET_PROMPT, messageEnd, messageStart, stream, textBlock, toolBlock } from './loopback-api.ts';

useLoopbackApi();

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
