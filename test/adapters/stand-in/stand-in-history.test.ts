import { describe, expect, test } from '@jest/globals';
import type { Body } from './messages-requests.ts';
import { GOOD, TOOL, assistant, post, result, text, user } from './messages-requests.ts';
import { read, replies, restart, useStandIn } from './one-stand-in.ts';

useStandIn();

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
    await restart();
    expect(await post(body)).toMatchObject({
      status: 400,
      message: expect.stringContaining('bound to a different conversation'),
    });
  });

  test('after a restart an unchanged conversation goes on', async () => {
    const body = await request(() => undefined);
    await restart();
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
