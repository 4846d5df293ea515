/**
 * One HTTP exchange with one checked address.
 *
 * 1. The connection goes to the very address that was checked (`connection.ts`). 2. No redirects, cookies or kept
 * connections; no proxy but the one the operator named, whatever the environment says. 3. `notSent` only while no byte
 * of the request can have reached the server: before the connection, for https before its certificate was accepted (S7).
 * 4. The time limit covers everything from the look-up to the last byte of the answer. 5. Secrets are put in here, the
 * last step before the request is written, and taken out of whatever comes back (S10).
 */
import type { ClientRequest } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { limitedSignal } from '../../domain/limited-signal.ts';
import type { HttpCall, HttpClient, HttpExchange } from '../../tools/ports/http-client.ts';
import type { Resolve } from './checked-address.ts';
import { checkAddress, resolveBySystem } from './checked-address.ts';
import { openConnection } from './connection.ts';
import { fillSecrets } from './fill-secrets.ts';
import type { Proxy } from './proxy.ts';
import type { AnswerReading } from './read-answer.ts';
import { readAnswer } from './read-answer.ts';
import { redactorOf } from './redact-secrets.ts';
import type { ReadSecret } from './secret-files.ts';
import { createSecretFiles } from './secret-files.ts';

export interface HttpClientOptions {
  /** Origins (`http://127.0.0.1:8080`) that may lie on private or loopback addresses, as the operator names them. */
  readonly privateOrigins: readonly string[];
  /** Without it no call can name a secret. */
  readonly readSecret?: ReadSecret;
  /** Every call goes through it. */
  readonly proxy?: Proxy;
  /** For the whole exchange; 20 s unless told. */
  readonly timeoutMs?: number;
  /** Largest body that is taken, in bytes, packed and unpacked; 256 KB unless told. */
  readonly maxBytes?: number;
  readonly resolve?: Resolve;
  /** Certificate authorities (PEM) instead of the system's. */
  readonly ca?: string;
}

/** More interim answers (1xx) than these are a server that means to keep us. */
const MAX_INTERIM = 8;

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
  const mayCarry = url.protocol === 'https:' || opened.has(url.origin);
  const filled = await fillSecrets(call, mayCarry, options.readSecret ?? createSecretFiles(undefined));
  if (filled.kind === 'refused') return filled;
  if (signal.aborted) return { kind: 'notSent', why: 'the time was over, or it was cancelled, before the call' };
  const reading = {
    url: call.url,
    maxBytes: options.maxBytes ?? 256 * 1024,
    redact: redactorOf(filled.secrets),
    signal,
  };
  const connection = await openConnection(url, checked.address, options, signal);
  if (connection.kind !== 'open') return connection;
  try {
    const request = openRequest({ ...call, headers: filled.headers }, url, connection.socket, signal);
    return await settle(request, call, reading).catch(() => NO_ANSWER);
  } finally {
    connection.socket.destroy();
  }
}

const NO_ANSWER: HttpExchange = { kind: 'unknown', why: 'the connection was open, and no answer came' };

/** Throws, with nothing written, on what is no HTTP. */
function openRequest(
  { method, headers, body }: HttpCall,
  url: URL,
  socket: Socket,
  signal: AbortSignal,
): ClientRequest {
  return httpRequest({
    method,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      'accept-encoding': 'identity',
      'user-agent': 'countersign',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
    // In place of an agent: no pool, no proxy of the environment, no second look-up.
    createConnection: () => socket,
    setHost: false,
    maxHeaderSize: 16 * 1024,
    signal,
  });
}

function settle(request: ClientRequest, { body }: HttpCall, reading: AnswerReading): Promise<HttpExchange> {
  return new Promise((resolve, reject) => {
    let answered = false;
    let interim = 0;
    const noAnswer = (): void => {
      if (!answered) resolve(NO_ANSWER);
    };
    request.on('information', () => {
      interim += 1;
      if (interim > MAX_INTERIM) request.destroy();
    });
    request.on('response', (response) => {
      answered = true;
      readAnswer(response, reading).then((answer) => resolve({ kind: 'answered', answer }), reject);
    });
    request.on('error', noAnswer);
    // Not every end is an error: a server may switch protocols unasked.
    request.on('close', noAnswer);
    request.end(body);
  });
}
