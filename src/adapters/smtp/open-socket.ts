/** A connection to the mail server, opened here so that the bytes that come back over it can be counted. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** For resolving and connecting together. */
  readonly timeoutMs: number;
}

/** Rejects with the error of the system, or with ETIMEDOUT or EABORT as its code; no socket is left open then. */
export function openSocket({ host, port, timeoutMs }: Destination, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', fail);
      settled();
    };
    const fail = (error: Error): void =>
      settle(() => {
        // What still comes of a connection that is given up concerns nobody.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    const onAbort = (): void => fail(coded('EABORT'));
    const timer = setTimeout(() => fail(coded('ETIMEDOUT')), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.once('error', fail);
    socket.once('connect', () => settle(() => resolve(socket)));
  });
}

function coded(code: string): Error {
  return Object.assign(new Error('no connection'), { code });
}
