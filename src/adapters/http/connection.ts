/**
 * A connection to one checked address, ready for a request.
 *
 * 1. Until it is open no byte of the request exists on it: whatever fails here is `notSent` (S7). 2. It goes to the very
 * address that was checked and is looked at again; through a proxy, the proxy is told that address and no name. 3. TLS
 * verifies the name of the URL, whatever the environment of the process says.
 */
import type { LookupAddress } from 'node:dns';
import { isIP, connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { isSameAddress } from './address-check.ts';
import type { Proxy } from './proxy.ts';
import { openTunnel } from './proxy.ts';
import { until } from './socket-events.ts';

export type Connection =
  { readonly kind: 'open'; readonly socket: Socket } | { readonly kind: 'notSent'; readonly why: string };

export interface Way {
  readonly proxy?: Proxy | undefined;
  /** Certificate authorities (PEM) instead of the system's. */
  readonly ca?: string | undefined;
}

export async function openConnection(
  url: URL,
  checked: LookupAddress,
  { proxy, ca }: Way,
  signal: AbortSignal,
): Promise<Connection> {
  const port = portOf(url);
  const plain =
    proxy === undefined
      ? await connectDirectly(checked, port, url, signal)
      : await openTunnel(proxy, { address: checked.address, port }, signal);
  return plain.kind === 'open' && url.protocol === 'https:' ? secure(plain.socket, url, ca, signal) : plain;
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

async function connectDirectly(
  { address }: LookupAddress,
  port: number,
  { host }: URL,
  signal: AbortSignal,
): Promise<Connection> {
  const socket = connectTcp({ host: address, port });
  if (!(await until(socket, 'connect', signal))) return { kind: 'notSent', why: `no connection to ${host} came about` };
  if (isSameAddress(socket.remoteAddress, address)) return { kind: 'open', socket };
  socket.destroy();
  return { kind: 'notSent', why: `the connection to ${host} was not with the address that was checked` };
}

async function secure(
  plain: Socket,
  { hostname, host }: URL,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Connection> {
  const name = hostname.replace(/^\[|\]$/g, '');
  const socket = connectTls({
    socket: plain,
    servername: isIP(name) === 0 ? name : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    // Without a server name (an address has none) Node would ask whether the certificate is for "localhost".
    checkServerIdentity: (_name, certificate) => checkServerIdentity(name, certificate),
    ...(ca === undefined ? {} : { ca }),
  });
  if (await until(socket, 'secureConnect', signal)) return { kind: 'open', socket };
  plain.destroy();
  return { kind: 'notSent', why: `no trusted connection (TLS) to ${host} came about` };
}
