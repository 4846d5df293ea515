/**
 * The way through an HTTP proxy that the operator named: CONNECT (RFC 9110 section 9.3.6) for http and https alike. The
 * proxy gets the address that was checked, so it looks no name up. Its login stays between it and us (S10).
 */
import { request } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Connection } from './connection.ts';

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** `user:password`. */
  readonly login?: string | undefined;
}

/** Of `http://host:port` or `http://user:password@host:port`; undefined for anything else. */
export function readProxy(text: string): Proxy | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.protocol !== 'http:' || url.pathname !== '/' || /[?#]/.test(text)) return undefined;
  const login = unescaped(`${url.username}:${url.password}`);
  if (login === undefined || /[^\x20-\x7e]/.test(login)) return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    ...(login === ':' ? {} : { login }),
  };
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Whatever the proxy says but 2xx, nothing was sent to the server. Its words are not told: they could hold its login. */
export function openTunnel(
  { host, port, login }: Proxy,
  to: { readonly address: string; readonly port: number },
  signal: AbortSignal,
): Promise<Connection> {
  const target = `${isIPv6(to.address) ? `[${to.address}]` : to.address}:${to.port}`;
  return new Promise((resolve) => {
    const notSent = (why: string): void => resolve({ kind: 'notSent', why });
    const asking = request({
      host,
      port,
      method: 'CONNECT',
      path: target,
      headers: {
        host: target,
        ...(login === undefined ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
      },
      agent: false,
      maxHeaderSize: 16 * 1024,
      signal,
    });
    asking.once('connect', ({ statusCode = 0 }, socket, head) => {
      socket.on('error', () => undefined);
      // Bytes that nobody asked for would be read as the server's answer.
      if (statusCode >= 200 && statusCode < 300 && head.length === 0) return resolve({ kind: 'open', socket });
      socket.destroy();
      return notSent(`the proxy did not open the way (it answered ${statusCode})`);
    });
    asking.once('response', ({ statusCode = 0 }) => {
      asking.destroy();
      notSent(`the proxy did not open the way (it answered ${statusCode})`);
    });
    asking.once('error', () => notSent('the proxy did not open the way'));
    asking.once('close', () => notSent('the proxy did not open the way'));
    asking.end();
  });
}
