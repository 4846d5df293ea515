/**
 * One HTTP exchange to one checked address: the name is resolved once, every answer is checked, and the connection goes
 * to the very address that was checked. No redirects, proxies, cookies, compression or kept connections.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { HttpAnswer, HttpCall, HttpClient, HttpExchange } from '../../tools/ports/http-client.ts';
import { isPublicAddress } from './address-check.ts';

export interface HttpClientOptions {
  /** Origins that may lie on private or loopback addresses, as the operator names them. */
  readonly privateOrigins: readonly string[];
  readonly timeoutMs?: number;
  /** Largest body that is taken, in bytes. */
  readonly maxBytes?: number;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  return { exchange: (call, signal) => exchange(options, call, signal) };
}

async function exchange(options: HttpClientOptions, call: HttpCall, signal: AbortSignal): Promise<HttpExchange> {
  const url = new URL(call.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = await checkedAddress(options, url.origin, host);
  if (address.kind !== 'address') return address;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? 20_000)]);
  if (limit.aborted) return { kind: 'notSent', why: 'it was cancelled before the server was called' };
  return send(options, call, url, address.found, limit);
}

type Checked =
  { readonly kind: 'address'; readonly found: LookupAddress } | Exclude<HttpExchange, { kind: 'answered' }>;

/** Refused when any of the name’s addresses is not public and the operator did not open this origin. */
async function checkedAddress(options: HttpClientOptions, origin: string, host: string): Promise<Checked> {
  const resolve = options.resolve ?? ((name: string) => dnsLookup(name, { all: true, verbatim: true }));
  let found: readonly LookupAddress[];
  try {
    found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
  } catch {
    return { kind: 'notSent', why: `the name ${host} could not be resolved` };
  }
  const first = found[0];
  if (first === undefined) return { kind: 'notSent', why: `the name ${host} has no address` };
  const closed = found.find(({ address }) => !isPublicAddress(address));
  if (closed !== undefined && !options.privateOrigins.includes(origin)) {
    return {
      kind: 'refused',
      why: `${host} is at ${closed.address}, which is not a public address; the operator has not opened ${origin}`,
    };
  }
  return { kind: 'address', found: first };
}

function send(
  options: HttpClientOptions,
  call: HttpCall,
  url: URL,
  pinned: LookupAddress,
  signal: AbortSignal,
): Promise<HttpExchange> {
  return new Promise((resolve) => {
    let connected = false;
    const body = call.body === undefined ? undefined : Buffer.from(call.body, 'utf8');
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, {
      method: call.method,
      headers: {
        ...call.headers,
        host: url.host,
        'accept-encoding': 'identity',
        'user-agent': 'countersign',
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      },
      agent: false,
      signal,
      lookup: (_host, wanted, done) => {
        if (wanted.all === true) done(null, [pinned]);
        else done(null, pinned.address, pinned.family);
      },
    });
    request.on('socket', (socket) => {
      socket.on(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true));
    });
    request.on('response', (response) => {
      void readAnswer(response, options.maxBytes ?? 256 * 1024).then(resolve);
    });
    request.on('error', () => {
      const why = connected ? 'the connection broke before an answer came' : `no connection to ${url.host} came about`;
      resolve({ kind: connected ? 'unknown' : 'notSent', why });
    });
    request.end(body);
  });
}

/** An answer that is too large or breaks off is an answer all the same: the server has acted. */
async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<HttpExchange> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let note = '';
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        note = `(the answer is larger than ${maxBytes} bytes and was not read)`;
        response.destroy();
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    note = '(the answer broke off)';
  }
  const type = response.headers['content-type'] ?? '';
  const readable = type === '' || /^(text\/|application\/(json|xml|[\w.+-]*\+(json|xml)))/i.test(type);
  const text = readable ? Buffer.concat(chunks).toString('utf8') : `(${bytes} bytes of ${type.slice(0, 100)})`;
  const body = note === '' ? text : note;
  return {
    kind: 'answered',
    answer: { status: response.statusCode ?? 0, headers: chosenHeaders(response), body, bytes },
  };
}

function chosenHeaders({ headers }: IncomingMessage): HttpAnswer['headers'] {
  const names = ['content-type', 'location', 'etag', 'last-modified', 'retry-after'] as const;
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, (headers[name] ?? '').slice(0, 1000)]])),
  );
}
