/** HTTP on loopback: reading a body within bounds, refusing in the API’s shape, listening. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Problem } from './problem.ts';

const MOST_BYTES = 32 * 1024 * 1024;

/** The whole body, or undefined where it is too large; the rest of it is then read and dropped. */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return size <= MOST_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function refuse(outgoing: ServerResponse, { status, type, message }: Problem): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_standin_refused' });
  outgoing.end(JSON.stringify({ type: 'error', error: { type, message } }));
}

export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
