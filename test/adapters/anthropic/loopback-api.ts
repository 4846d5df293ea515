/** A Messages API on loopback that answers exactly what a test says: statuses, streams, cuts, stalls. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface LoopbackApi {
  readonly baseURL: string;
  /** Raw bodies and headers of the requests so far. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: Record<string, unknown> }[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startLoopbackApi(): Promise<LoopbackApi> {
  const requests: LoopbackApi['requests'] = [];
  let current: Behaviour = (_, response) => response.end();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
      current(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (behaviour) => {
      current = behaviour;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error answer in the API’s shape; the message stands for whatever the server may echo. */
export function refuse(
  status: number,
  type: string,
  { headers = {}, code }: { headers?: Record<string, string>; code?: string } = {},
): Behaviour {
  const details = code === undefined ? {} : { details: { error_code: code } };
  const body = { type: 'error', error: { type, message: `echo of the prompt: ${SECRET_PROMPT}`, ...details } };
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_refused', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Stands in prompts and echoes; must never be seen in a failure. */
export const SECRET_PROMPT = 'planted-prompt-4711';
export const SECRET_KEY = 'sk-ant-planted-canary-0815';

export interface SentEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function asSse(events: readonly SentEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export function stream(events: readonly SentEvent[], headers: Record<string, string> = {}): Behaviour {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_loopback_1', ...headers });
    response.end(asSse(events));
  };
}

export const USAGE = {
  input_tokens: 10,
  cache_creation_input_tokens: 200,
  cache_read_input_tokens: 3000,
  output_tokens: 1,
};

export function messageStart(more: Record<string, unknown> = {}): SentEvent {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-5-5', content: [] };
  return { type: 'message_start', message: { ...message, stop_reason: null, usage: USAGE, ...more } };
}

export function messageEnd(stopReason: unknown, more: Record<string, unknown> = {}): readonly SentEvent[] {
  return [
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null, ...more },
      usage: { output_tokens: 42 },
    },
    { type: 'message_stop' },
  ];
}

export function textBlock(index: number, text: string): readonly SentEvent[] {
  return [
    { type: 'content_block_start', index, content_block: { type: 'text', text: '', citations: null } },
    { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index },
  ];
}

/** A tool call whose input is sent as the given raw text, in two pieces. */
export function toolBlock(index: number, rawInput: string, more: Record<string, unknown> = {}): readonly SentEvent[] {
  const block = { type: 'tool_use', id: `toolu_${index}`, name: 'send_email', input: {}, caller: { type: 'direct' } };
  const half = Math.floor(rawInput.length / 2);
  return [
    { type: 'content_block_start', index, content_block: { ...block, ...more } },
    ...[rawInput.slice(0, half), rawInput.slice(half)].map((piece) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: piece },
    })),
    { type: 'content_block_stop', index },
  ];
}
