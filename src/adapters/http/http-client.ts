/**
 * One HTTP exchange with one checked address.
 *
 * 1. The connection goes to the very address that was checked, and is looked at again before a byte is written. 2. No
 * redirects, proxies, cookies, compression or kept connections. 3. `notSent` only while no byte of the request can have
 * reached the server: before the connection, for https before its certificate was accepted (S7). 4. The time limit
 * covers everything from the look-up to the last byte of the answer.
 */
import type { LookupAddress } from 'node:dns';
import type { ClientRequest } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { limitedSignal } from '../../domain/limited-signal.ts';
import type { HttpCall, HttpClient, HttpExchange } from '../../tools/ports/http-client.ts';
import { isSameAddress } from './address-check.ts';
import type { Resolve } from './checked-address.ts';
import { checkAddress, resolveBySystem } from './checked-address.ts';
import { readAnswer } from './read-answer.ts';

export interface HttpClientOptions {
  /** Origins (`http://127.0.0.1:8080`) that may lie on private or loopback addresses, as the operator names them. */
  readonly privateOrigins: readonly string[];
  /** For the whole exchange; 20 s unless told. */
  readonly timeoutMs?: number;
  /** Largest body that is taken, in bytes; 256 KB unless told. */
  readonly maxBytes?: number;
  readonly resolve?: Resolve;
  /** Certificate authorities (PEM) instead of the system's. */
  readonly ca?: string;
}

/** Throws on a private origin that is not an http or https origin. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const opened = new Set(options.privateOrigins.map(originOf));
  return {
    exchange: async (call, signal) => {
      const limit = limitedSignal(signal, options.timeoutMs ?? 20_000);
      try {
        return await exchange(options, opened, call, limit.signal);
      } catch {
        return { kind: 'refused', why: 'the request cannot be written as HTTP' };
      } finally {
        limit.clear();
      }
    },
  };
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isWeb(url)) return url.origin;
  throw new Error(`"${text}" is not an origin; write one like http://127.0.0.1:8080`);
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

async function exchange(
  options: HttpClientOptions,
  opened: ReadonlySet<string>,
  call: HttpCall,
  signal: AbortSignal,
): Promise<HttpExchange> {
  const url = new URL(call.url);
  if (!isWeb(url)) return { kind: 'refused', why: 'only http and https are called' };
  const checked = await checkAddress(url, opened, options.resolve ?? resolveBySystem, signal);
  if (checked.kind !== 'address') return checked;
  if (signal.aborted) return { kind: 'notSent', why: 'the time was over, or it was cancelled, before the call' };
  const request = openRequest(options, call, url, checked.address, signal);
  return settle(request, call, url, checked.address, options.maxBytes ?? 256 * 1024);
}

function openRequest(
  { ca }: HttpClientOptions,
  call: HttpCall,
  url: URL,
  { address, family }: LookupAddress,
  signal: AbortSignal,
): ClientRequest {
  const lookup: LookupFunction = (_host, { all }, done) =>
    all === true ? done(null, [{ address, family }]) : done(null, address, family);
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return start(url, {
    method: call.method,
    headers: {
      ...call.headers,
      host: url.host,
      'accept-encoding': 'identity',
      'user-agent': 'countersign',
      ...(call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }),
    },
    agent: false,
    maxHeaderSize: 16 * 1024,
    signal,
    lookup,
    ...(ca === undefined ? {} : { ca }),
  });
}

function settle(
  request: ClientRequest,
  call: HttpCall,
  url: URL,
  { address }: LookupAddress,
  maxBytes: number,
): Promise<HttpExchange> {
  return new Promise((resolve) => {
    let connected = false;
    let answered = false;
    const noAnswer = (): void => {
      if (answered) return;
      resolve(
        connected
          ? { kind: 'unknown', why: 'the connection was open, and no answer came' }
          : { kind: 'notSent', why: `no connection to ${url.host} came about` },
      );
    };
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        // Not the address that was checked: closed before anything is written.
        if (isSameAddress(socket.remoteAddress, address)) connected = true;
        else request.destroy(new Error('another address'));
      });
    });
    request.on('response', (response) => {
      answered = true;
      void readAnswer(response, maxBytes).then((answer) => resolve({ kind: 'answered', answer }));
    });
    request.on('error', noAnswer);
    // Not every end is an error: a server may switch protocols unasked.
    request.on('close', noAnswer);
    request.end(call.body);
  });
}
