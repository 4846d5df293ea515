import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../../src/adapters/stand-in/scenario.ts';
import { scriptedScenario } from '../../../src/adapters/stand-in/scripted-scenario.ts';
import type { StandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import { startStandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import { ModelFailure } from '../../../src/domain/model-failure.ts';
import type { Message } from '../../../src/domain/transcript.ts';
import { converse, think } from './conversation.ts';

let standIn: StandIn;
let scenario: Scenario = () => ({});
const replies = (...steps: Parameters<typeof scriptedScenario>[0]): void => {
  scenario = scriptedScenario(steps);
};
beforeAll(async () => {
  standIn = await startStandIn({ port: 0, scenario: (conversation) => scenario(conversation) });
});
afterAll(() => standIn.close());
beforeEach(() => replies());

const GOAL: readonly Message[] = [{ role: 'user', content: 'go' }];
const read = (path: string, id?: string): { name: string; input: object; id?: string } => ({
  name: 'read_file',
  input: { path },
  ...(id === undefined ? {} : { id }),
});

describe('free scripts, through the real SDK', () => {
  test('text, calls and parallel calls come out as the API says them', async () => {
    replies({ text: 'Looking.', calls: [read('a'), read('b')] }, ({ calls }) => ({
      text: calls.map(({ result, isError }) => `${result}/${isError}`).join(),
    }));
    const { text, thoughts, calls } = await converse(standIn, 'go', ({ input }) =>
      input['path'] === 'a' ? 'A' : '!B',
    );
    expect(thoughts.map(({ stopReason }) => stopReason)).toEqual(['tool_use', 'end_turn']);
    expect(thoughts[0]?.content).toMatchObject([
      { type: 'text', text: 'Looking.' },
      { type: 'tool_use', name: 'read_file', input: { path: 'a' } },
      { type: 'tool_use', name: 'read_file', input: { path: 'b' } },
    ]);
    expect(calls).toHaveLength(2);
    expect(text).toBe('A/false,B/true');
  });

  test.each(['refusal', 'max_tokens', 'model_context_window_exceeded', 'stop_sequence', 'something_new'])(
    'stop_reason %s, with a call in it or without',
    async (stopReason) => {
      replies({ text: 'Half', calls: [read('a')], stopReason });
      expect(await think(standIn, GOAL)).toMatchObject({
        stopReason,
        content: [{ type: 'text' }, { type: 'tool_use' }],
      });
      replies({ text: 'Half', stopReason });
      expect(await think(standIn, GOAL)).toMatchObject({ stopReason });
    },
  );

  test('an answer that paused is continued', async () => {
    replies({ text: 'One moment', stopReason: 'pause_turn' }, { calls: [read('a')] }, { text: 'Ready' });
    const { messages, text } = await converse(standIn, 'go', () => 'A');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant', 'user', 'assistant']);
    expect(text).toBe('Ready');
  });

  test('duplicate ids come through, for the session to end on', async () => {
    replies({ calls: [read('a', 'toolu_same'), read('b', 'toolu_same')] });
    expect((await think(standIn, GOAL)).content.map((block) => block['id'])).toEqual(['toolu_same', 'toolu_same']);
  });

  test.each([[['a']], ['text'], [7], [null]])(
    'an input that is no object (%j) is refused by our reader',
    async (input) => {
      replies({ calls: [{ name: 'read_file', input }] });
      const failure: unknown = await think(standIn, GOAL).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ModelFailure);
      expect(failure).toMatchObject({ kind: 'retryFew' });
    },
  );

  test('tokens are counted: never 0, and more where more was said', async () => {
    replies({ text: 'x'.repeat(4000) });
    const [long, short] = [
      await think(standIn, [{ role: 'user', content: 'y'.repeat(40_000) }]),
      (replies({ text: 'x' }), await think(standIn, GOAL)),
    ];
    expect(short.usage.inputTokens).toBeGreaterThan(0);
    expect(short.usage.outputTokens).toBeGreaterThan(0);
    expect(long.usage.inputTokens).toBeGreaterThan(short.usage.inputTokens + 9000);
    expect(long.usage.outputTokens).toBeGreaterThan(999);
  });

  test('a request that is retried gets the very answer again', async () => {
    replies({ text: 'a', calls: [read('a')] });
    const [first, again] = [await think(standIn, GOAL), await think(standIn, GOAL)];
    expect(again.content).toEqual(first.content);
    expect(again.requestId).not.toBe(first.requestId);
  });

  test('twenty conversations at once do not mix', async () => {
    scenario = ({ goal, turn }) => (turn < 3 ? { calls: [read(`${goal}-${turn}`)] } : { text: goal });
    const ended = await Promise.all(Array.from({ length: 20 }, (_, n) => converse(standIn, `goal-${n}`, () => 'ok')));
    expect(ended.map(({ text, calls }) => [text, calls.at(-1)?.input['path']])).toEqual(
      Array.from({ length: 20 }, (_, n) => [`goal-${n}`, `goal-${n}-2`]),
    );
  });

  test('a play that throws ends the session instead of being tried for ever', async () => {
    scenario = () => {
      throw new Error('broken play');
    };
    const failure: unknown = await think(standIn, GOAL).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'give up' });
  });
});

type Body = Record<string, unknown>;
const TOOL = {
  name: 'read_file',
  description: 'Reads.',
  input_schema: { type: 'object', properties: { path: { type: 'string' } } },
};
const GOOD: Body = {
  model: 'm',
  max_tokens: 10,
  system: 's',
  tools: [TOOL],
  messages: [{ role: 'user', content: 'go' }],
};
const HEADERS: Record<string, string> = {
  'content-type': 'application/json',
  authorization: 'Bearer key',
  'anthropic-version': '2026-10-21',
};

async function post(
  body: unknown,
  headers: Record<string, string> = HEADERS,
  path = '/v1/messages',
): Promise<{ status: number; type: unknown; message: string; body: Body }> {
  const response = await fetch(`${standIn.baseURL}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Body & { error?: { type: string; message: string } };
  return { status: response.status, type: answer.error?.type, message: answer.error?.message ?? '', body: answer };
}

const user = (...content: unknown[]): Body => ({ role: 'user', content });
const assistant = (...content: unknown[]): Body => ({ role: 'assistant', content });
const use = (id: string, more: Body = {}): Body => ({ type: 'tool_use', id, name: 'read_file', input: {}, ...more });
const result = (id: string, more: Body = {}): Body => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...more,
});
const text = (words: string): Body => ({ type: 'text', text: words });
const begin = user(text('go'));

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

describe('history is append-only, byte for byte', () => {
  type Change = (request: {
    system: unknown;
    tools: Body[];
    messages: { role: string; content: Body[] | string }[];
  }) => void;
  const blocks = (message: number, { messages }: Parameters<Change>[0]): Body[] =>
    (messages[message]?.content ?? []) as Body[];
  const block = (message: number, index: number, request: Parameters<Change>[0]): Body =>
    blocks(message, request)[index] ?? {};

  const changes: readonly (readonly [string, Change])[] = [
    ['another system prompt', (request) => void (request.system = 'Today is Monday.')],
    ['no system prompt', (request) => void (request.system = undefined)],
    ['a tool more', (request) => void request.tools.push({ ...TOOL, name: 'other' })],
    [
      'a tool described otherwise',
      (request) => void Object.assign(request.tools[0] ?? {}, { description: 'Reads more.' }),
    ],
    ['tools in another order', (request) => void (request.tools = request.tools.toReversed())],
    ['another goal', (request) => void Object.assign(request.messages[0] ?? {}, { content: 'go now' })],
    ['an edited tool input', (request) => void Object.assign(block(1, 1, request), { input: { path: 'edited' } })],
    [
      'an edited input of the last answer',
      (request) => void Object.assign(block(3, 0, request), { input: { path: 'edited' } }),
    ],
    ['an edited text between', (request) => void Object.assign(block(1, 0, request), { text: 'Second.' })],
    ['a text that was left out', (request) => void blocks(1, request).shift()],
    ['a redacted tool result', (request) => void Object.assign(block(2, 0, request), { content: '[redacted]' })],
    ['a result turned into an error', (request) => void Object.assign(block(2, 0, request), { is_error: true })],
    ['a tool called by another name', (request) => void Object.assign(block(3, 0, request), { name: 'list_files' })],
  ];

  const request = async (change: Change): Promise<Body> => {
    replies({ text: 'First.', calls: [read('a'), read('b')] }, { calls: [read('c')] }, { text: 'Ready.' });
    const body = {
      ...GOOD,
      tools: [TOOL, { ...TOOL, name: 'list_files' }],
      messages: [{ role: 'user', content: 'go' }] as Body[],
    };
    for (let turn = 0; turn < 2; turn += 1) {
      const { content } = (await post(body)).body as { content: Body[] };
      body.messages.push(
        assistant(...content),
        user(
          ...content.filter(({ type }) => type === 'tool_use').map(({ id }) => result(String(id), { is_error: false })),
        ),
      );
    }
    const changed = structuredClone(body);
    change(changed as unknown as Parameters<Change>[0]);
    return changed;
  };

  test('unchanged it is answered', async () => {
    expect(await post(await request(() => undefined))).toMatchObject({ status: 200 });
  });

  test.each(changes)('%s is refused', async (_, change) => {
    const { status, message } = await post(await request(change));
    expect({ status, message }).toMatchObject({
      status: 400,
      message: expect.stringContaining('bound to a different conversation'),
    });
  });

  test.each(changes)('%s is refused by a stand-in that was restarted in between, too', async (_, change) => {
    const body = await request(change);
    await standIn.close();
    standIn = await startStandIn({ port: 0, scenario: (conversation) => scenario(conversation) });
    expect(await post(body)).toMatchObject({
      status: 400,
      message: expect.stringContaining('bound to a different conversation'),
    });
  });

  test('after a restart an unchanged conversation goes on', async () => {
    const body = await request(() => undefined);
    await standIn.close();
    standIn = await startStandIn({ port: 0, scenario: (conversation) => scenario(conversation) });
    expect((await post(body)).status).toBe(200);
  });

  test('an answer without tool calls is bound while the stand-in runs', async () => {
    replies({ text: 'One moment', stopReason: 'pause_turn' }, { text: 'Ready' });
    const sent = { ...GOOD, messages: [{ role: 'user', content: 'pause' }] as Body[] };
    const { content } = (await post(sent)).body as { content: Body[] };
    expect((await post({ ...sent, messages: [...sent.messages, assistant(...content)] })).status).toBe(200);
    expect(await post({ ...sent, messages: [...sent.messages, assistant(text('Forged'))] })).toMatchObject({
      status: 400,
      message: expect.stringContaining('bound'),
    });
  });

  test('an answer that ended cannot be continued as if it had paused', async () => {
    replies({ text: 'The end' });
    const sent = { ...GOOD, messages: [{ role: 'user', content: 'end' }] as Body[] };
    const { content } = (await post(sent)).body as { content: Body[] };
    expect(await post({ ...sent, messages: [...sent.messages, assistant(...content)] })).toMatchObject({
      status: 400,
      message: expect.stringContaining('pause_turn'),
    });
    expect(
      (await post({ ...sent, messages: [...sent.messages, assistant(...content), user(text('And?'))] })).status,
    ).toBe(200);
  });
});
