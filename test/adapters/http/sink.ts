/** A server that records every connection and every byte, and answers what it is told. */
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { listening } from './servers.ts';

export interface Sink {
  readonly origin: string;
  readonly port: number;
  /** What came, one text a connection, in the order in which they were opened. */
  readonly requests: string[];
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok';

/** `answer` gets what came so far, once a whole head is there; what it gives is sent, and the connection ended. */
export async function sink(
  answer: (request: string) => string | Buffer = () => OK,
  where: { readonly host?: string; readonly port?: number } = {},
): Promise<Sink> {
  const requests: string[] = [];
  const server = createServer((socket: Socket) => {
    const at = requests.push('') - 1;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      requests[at] += data.toString('utf8');
      if (isWhole(requests[at] ?? '')) socket.end(answer(requests[at] ?? ''));
    });
  });
  const host = where.host ?? '127.0.0.1';
  const port = await listening(server, where);
  return { origin: `http://${host}:${port}`, port, requests };
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
  return end !== -1 && Buffer.byteLength(request.slice(end + 4)) >= length;
}
