/**
 * What the pages of an instance have in common: on loopback only, no scripts, nothing remote, never kept. They answer
 * only to a loopback host name, so that no web site can read them by pointing its own name here (DNS rebinding).
 */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

export type LoopbackApp = Hono<{ Bindings: HttpBindings }>;

export interface Listening {
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

export function loopbackApp(): LoopbackApp {
  const app: LoopbackApp = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        frameAncestors: ["'none'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
      },
    }),
  );
  app.use(async (context, next) => {
    const { hostname } = new URL(context.req.url);
    if (hostname !== '127.0.0.1' && hostname !== 'localhost')
      return context.text('This page is only for this machine.', 403);
    context.header('cache-control', 'no-store');
    return next();
  });
  return app;
}

/** `port` 0 takes a free one. Rejects when the port is taken. */
export async function serveOnLoopback(app: LoopbackApp, port: number): Promise<Listening> {
  const server = await new Promise<Server>((resolve, reject) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () =>
      resolve(started as Server),
    ) as Server;
    started.once('error', reject);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
