/** Real servers on the loopback interface, and the client that calls them. What is opened is closed after each test. */
import { afterEach } from '@jest/globals';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { HttpClientOptions } from '../../../src/adapters/http/http-client.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import type { HttpAnswer, HttpCall, HttpExchange } from '../../../src/tools/ports/http-client.ts';
import type { Certificate } from './certificate.ts';

const closers: (() => void)[] = [];
afterEach(closeAll);

export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}

export function closeLater(close: () => void): void {
  closers.push(close);
}

export interface Loopback {
  readonly origin: string;
  readonly port: number;
  /** What reached it, in order: "METHOD path". */
  readonly seen: string[];
}

export async function listening(
  server: Server | ReturnType<typeof createTcpServer>,
  where: { readonly host?: string; readonly port?: number } = {},
): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port ?? 0, where.host ?? '127.0.0.1', resolve);
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

export async function serve(answer: RequestListener): Promise<Loopback> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, port, seen };
}

/** A server that speaks bytes: `talk` gets the socket once the first bytes of the request were read. */
export async function serveBytes(talk: (socket: Socket) => void): Promise<Loopback> {
  const seen: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      seen.push(data.toString('latin1').split(' HTTP/')[0] ?? '');
      talk(socket);
    });
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, port, seen };
}

export interface TlsLoopback {
  readonly port: number;
  readonly cert: string;
  readonly seen: string[];
  /** Bytes within TLS that came, of whatever kind. */
  readonly bytes: () => number;
}

export async function serveTls({ key, cert }: Certificate): Promise<TlsLoopback> {
  const seen: string[] = [];
  let bytes = 0;
  const server = createTlsServer({ key, cert }, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('secret');
  });
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => (bytes += data.length));
  });
  return { port: await listening(server), cert, seen, bytes: () => bytes };
}

export function call(url: string, more: Partial<HttpCall> = {}): HttpCall {
  return { method: 'GET', url, headers: {}, body: undefined, ...more };
}

export function exchange(wanted: HttpCall, options: Partial<HttpClientOptions> = {}): Promise<HttpExchange> {
  const { origin } = new URL(wanted.url);
  const client = createHttpClient({ privateOrigins: [origin], timeoutMs: 3000, ...options });
  return client.exchange(wanted, new AbortController().signal);
}

export function answerOf(found: HttpExchange): HttpAnswer {
  if (found.kind !== 'answered') throw new Error(`${found.kind}: ${found.why}`);
  return found.answer;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
