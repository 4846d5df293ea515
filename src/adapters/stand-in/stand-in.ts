/**
 * The scripted stand-in for Claude, for running without a key: a Messages API over HTTP by aimock, behind a validator of
 * our own. Nothing about safety depends on how it behaves; everything it says is labelled.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { createPrefixCheck } from './prefix-check.ts';
import type { Conversation, Reply, Scenario } from './scenario.ts';
import { problemOfRequest } from './validate-request.ts';

/** The model name that everything it says carries. */
export const STAND_IN_MODEL = 'scripted-stand-in';

export interface StandIn {
  readonly baseURL: string;
  /** Requests that the real API would have rejected. */
  readonly rejected: readonly string[];
  close(): Promise<void>;
}

export interface StandInOptions {
  readonly port: number;
  readonly scenario: Scenario;
}

const MAX_BODY = 32 * 1024 * 1024;

export async function startStandIn({ port, scenario }: StandInOptions): Promise<StandIn> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  mock.on({}, (chat) => responseOf(scenario(conversationOf(chat.messages)), chat.messages.length));
  await mock.start();
  const rejected: string[] = [];
  const check = createPrefixCheck();
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then((body) => {
      const parsed = parseJson(body);
      const problem = problemOfRequest({ headers: incoming.headers, body: parsed }) ?? check(parsed);
      if (problem === undefined) return forward(mock.url, incoming, body, outgoing);
      rejected.push(problem);
      refuse(outgoing, problem);
    });
  });
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${address.port}`,
    rejected,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await mock.stop();
    },
  };
}

/** aimock hands the request over in the shape of OpenAI’s chat API: tool results are messages of role `tool`. */
function conversationOf(messages: readonly ChatMessage[]): Conversation {
  const goal = messages.find(({ role }) => role === 'user');
  return {
    goal: textOf(goal?.content),
    results: messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    turn: messages.filter(({ role }) => role === 'assistant').length,
  };
}

interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (part !== null && typeof part === 'object' && 'text' in part ? String(part.text) : ''))
    .join('');
}

function responseOf({ text, calls = [], stopReason }: Reply, position: number): MockResponse {
  const words = text ?? (calls.length === 0 ? '…' : undefined);
  const usage = { input_tokens: 200 + position * 50, output_tokens: 40 + (words?.length ?? 0) };
  const overrides = { model: STAND_IN_MODEL, usage, ...(stopReason === undefined ? {} : { finishReason: stopReason }) };
  const toolCalls = calls.map(({ name, input, id }, index) => ({
    name,
    arguments: JSON.stringify(input),
    id: id ?? `toolu_${position}_${index}`,
  }));
  if (toolCalls.length === 0) return { content: words ?? '', ...overrides };
  return words === undefined ? { toolCalls, ...overrides } : { content: words, toolCalls, ...overrides };
}

type MockResponse = Awaited<ReturnType<Extract<Parameters<LLMock['on']>[1], (...args: never[]) => unknown>>>;

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function forward(target: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const onward = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method ?? 'POST',
    headers: incoming.headers,
    agent: false,
  });
  onward.on('response', (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  onward.on('error', () => refuse(outgoing, 'the stand-in stopped'));
  onward.end(body);
}

function refuse(outgoing: ServerResponse, message: string): void {
  outgoing.writeHead(400, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
