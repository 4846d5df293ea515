import { describe, expect, test } from '@jest/globals';
import { think } from './conversation.ts';
import type { Body } from './messages-requests.ts';
import { GOOD, HEADERS, TOOL, assistant, begin, post, result, text, use, user } from './messages-requests.ts';
import { standIn, useStandIn } from './one-stand-in.ts';

useStandIn();

describe('what the real API would reject is rejected', () => {
  test('a good request is answered, streamed or not', async () => {
    const { status, body } = await post(GOOD);
    expect({ status, model: body['model'], type: body['type'] }).toEqual({
      status: 200,
      model: 'scripted-stand-in',
      type: 'message',
    });
    expect(
      (
        await post({
          ...GOOD,
          messages: [begin, assistant(use('a'), use('b')), user(result('b'), result('a'), text('and?'))],
        })
      ).status,
    ).toBe(200);
    expect((await post(GOOD, { ...HEADERS, authorization: '', 'x-api-key': 'key' })).status).toBe(200);
  });

  const headers: readonly (readonly [string, Record<string, string>, number])[] = [
    ['no key', { ...HEADERS, authorization: '' }, 401],
    ['a key of another scheme', { ...HEADERS, authorization: 'Basic abc' }, 401],
    ['no version', { 'content-type': 'application/json', authorization: 'Bearer key' }, 400],
    ['an old version', { ...HEADERS, 'anthropic-version': '2023-06-01' }, 400],
  ];
  test.each(headers)('%s', async (_, sent, status) => {
    expect((await post(GOOD, sent)).status).toBe(status);
  });

  test('another path, another method, no JSON', async () => {
    expect((await post(GOOD, HEADERS, '/v1/complete')).status).toBe(404);
    expect((await fetch(`${standIn.baseURL}/v1/messages`)).status).toBe(404);
    for (const body of ['', '{', '[]', 'null', '"x"']) expect((await post(body)).status).toBe(400);
  });

  const settings: readonly (readonly [string, Body, RegExp])[] = [
    ['temperature', { temperature: 0 }, /temperature/],
    ['top_p', { top_p: 1 }, /top_p/],
    ['top_k', { top_k: 1 }, /top_k/],
    ['an unknown parameter', { stop: 'x' }, /stop: extra/],
    ['no max_tokens', { max_tokens: undefined }, /max_tokens/],
    ['negative max_tokens', { max_tokens: -4 }, /max_tokens/],
    ['half a token', { max_tokens: 1.5 }, /max_tokens/],
    ['no model', { model: '' }, /model/],
    ['a stream that is a text', { stream: 'yes' }, /stream/],
    ['a blank stop sequence', { stop_sequences: [' '] }, /stop_sequences/],
    ['stop sequences that are none', { stop_sequences: 'x' }, /stop_sequences/],
    ['an unknown thinking', { thinking: { type: 'deep' } }, /thinking/],
    ['an unknown tool_choice', { tool_choice: 'auto' }, /tool_choice/],
    ['an unknown caching', { cache_control: { type: 'forever' } }, /cache_control/],
    ['caching for a day', { cache_control: { type: 'ephemeral', ttl: '1d' } }, /cache_control/],
    ['an empty system block', { system: [text('')] }, /system/],
    ['a system that is a number', { system: 7 }, /system/],
    ['tools that are no list', { tools: {} }, /tools/],
    ['a tool without a name', { tools: [{ ...TOOL, name: undefined }] }, /tools\.0.*name/],
    ['a tool with a bad name', { tools: [{ ...TOOL, name: 'read file' }] }, /name/],
    ['a tool with a name that is too long', { tools: [{ ...TOOL, name: 'x'.repeat(129) }] }, /name/],
    ['two tools of one name', { tools: [TOOL, TOOL] }, /unique/],
    ['a tool with inputSchema', { tools: [{ ...TOOL, inputSchema: {} }] }, /inputSchema/],
    ['a tool whose description is none', { tools: [{ ...TOOL, description: 7 }] }, /description/],
    ['a tool without a schema', { tools: [{ name: 'a' }] }, /input_schema/],
    ['a schema of a list', { tools: [{ ...TOOL, input_schema: { type: 'array' } }] }, /input_schema/],
    [
      'a schema with an unknown type',
      { tools: [{ ...TOOL, input_schema: { type: 'object', properties: { a: { type: 'file' } } } }] },
      /valid JSON schema/,
    ],
    [
      'a schema whose required is a flag',
      { tools: [{ ...TOOL, input_schema: { type: 'object', required: true } }] },
      /valid JSON schema/,
    ],
    [
      'a schema with a property that is none',
      { tools: [{ ...TOOL, input_schema: { type: 'object', properties: { a: 'string' } } }] },
      /valid JSON schema/,
    ],
    [
      'a schema with bad items',
      { tools: [{ ...TOOL, input_schema: { type: 'object', properties: { a: { type: 'array', items: 'x' } } } }] },
      /valid JSON schema/,
    ],
    ['no messages', { messages: [] }, /at least one/],
    ['messages that are none', { messages: 'go' }, /at least one/],
    ['a message that is a text', { messages: ['go'] }, /role/],
    ['a system message', { messages: [{ role: 'system', content: 'x' }] }, /role/],
    ['a message with a name', { messages: [{ role: 'user', content: 'x', name: 'y' }] }, /extra/],
    ['the assistant first', { messages: [assistant(text('x'))] }, /first message/],
    ['two messages of the user', { messages: [begin, begin] }, /alternate/],
    ['a continuation after a tool call', { messages: [begin, assistant(use('a')), assistant(text('x'))] }, /alternate/],
    ['an empty text', { messages: [{ role: 'user', content: '' }] }, /non-whitespace/],
    ['a blank text', { messages: [user(text(' \n'))] }, /non-whitespace/],
    ['no content', { messages: [user()] }, /empty/],
    ['content that is a number', { messages: [{ role: 'user', content: 7 }] }, /empty/],
    ['a block of another role', { messages: [user(use('a'))] }, /not known/],
    ['a block that is none', { messages: [user('x')] }, /not known/],
    ['a document of the assistant', { messages: [begin, assistant({ type: 'document', source: {} })] }, /not known/],
    [
      'thinking without its signature',
      { messages: [begin, assistant({ type: 'thinking', thinking: 'x' })] },
      /signature/,
    ],
    [
      'a result that is missing',
      { messages: [begin, assistant(use('a'), use('b')), user(result('a'))] },
      /without `tool_result`.*: b/,
    ],
    ['no result at all', { messages: [begin, assistant(use('a'))] }, /without a `tool_result`/],
    [
      'a text in place of the result',
      { messages: [begin, assistant(use('a')), user(text('go on'))] },
      /without `tool_result`/,
    ],
    [
      'two results for one call',
      { messages: [begin, assistant(use('a')), user(result('a'), result('a'))] },
      /single result/,
    ],
    ['a result for no call', { messages: [begin, assistant(use('a')), user(result('a'), result('z'))] }, /unexpected/],
    ['a result out of the blue', { messages: [user(result('z'))] }, /unexpected/],
    [
      'a result one message too late',
      { messages: [begin, assistant(use('a')), user(result('a')), assistant(text('x')), user(result('a'))] },
      /unexpected/,
    ],
    ['a text before the result', { messages: [begin, assistant(use('a')), user(text('so'), result('a'))] }, /first/],
    [
      'an error without words',
      { messages: [begin, assistant(use('a')), user(result('a', { content: '', is_error: true }))] },
      /is_error/,
    ],
    [
      'a result that is an object',
      { messages: [begin, assistant(use('a')), user(result('a', { content: { ok: true } }))] },
      /tool_result/,
    ],
    [
      'an is_error that is a text',
      { messages: [begin, assistant(use('a')), user(result('a', { is_error: 'no' }))] },
      /is_error/,
    ],
    ['two calls of one id', { messages: [begin, assistant(use('a'), use('a')), user(result('a'))] }, /unique/],
    [
      'one id in two answers',
      { messages: [begin, assistant(use('a')), user(result('a')), assistant(use('a')), user(result('a'))] },
      /unique/,
    ],
    ['an id that is none', { messages: [begin, assistant(use('a b')), user(result('a b'))] }, /tool_use.id/],
    [
      'a call without a name',
      { messages: [begin, assistant(use('a', { name: '' })), user(result('a'))] },
      /tool_use.name/,
    ],
    [
      'a call whose input is a text',
      { messages: [begin, assistant(use('a', { input: '{}' })), user(result('a'))] },
      /tool_use.input/,
    ],
  ];
  test.each(settings)('%s', async (_, change, words) => {
    const { status, type, message, body } = await post({ ...GOOD, ...change });
    expect({ status, type, shape: body['type'] }).toEqual({
      status: 400,
      type: 'invalid_request_error',
      shape: 'error',
    });
    expect(message).toMatch(words);
    expect(standIn.rejected.at(-1)).toBe(message);
  });

  test('our own adapter takes such a refusal as final', async () => {
    const failure: unknown = await think(standIn, [{ role: 'assistant', content: 'I begin' }]).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ kind: 'give up', type: 'ModelRequestRefused' });
  });
});
