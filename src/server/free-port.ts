import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/**
 * `wanted` if it is free on loopback, else a free one that the kernel picks, never one of `taken`. Free at the moment
 * of asking: who binds it must be ready to lose it to another. Throws when there is none at all.
 */
export async function freePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (!taken.includes(wanted)) {
    const found = await tryPort(wanted);
    if (found !== undefined && !taken.includes(found)) return found;
  }
  for (let tries = 0; tries < 10; tries += 1) {
    const found = await tryPort(0);
    if (found !== undefined && !taken.includes(found)) return found;
  }
  throw new Error('No port is free on 127.0.0.1; is there a loopback interface, and may programs listen on it?');
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const found = (server.address() as AddressInfo).port;
      server.close(() => resolve(found));
    });
  });
}
