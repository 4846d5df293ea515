import type { Socket } from 'node:net';

/** Waits for `event`. False, and the socket is gone, if it fails or closes first, or `signal` aborts. */
export function until(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = (): void => {
      socket.destroy();
      settle(false);
    };
    const settle = (happened: boolean): void => {
      signal.removeEventListener('abort', stop);
      resolve(happened);
    };
    socket.once(event, () => settle(true));
    // Stays: an error that nobody hears would end the process.
    socket.on('error', stop);
    socket.once('close', () => settle(false));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
