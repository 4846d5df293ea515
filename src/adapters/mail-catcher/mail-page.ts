/**
 * The catcher’s page: what arrived, as text. No scripts, nothing remote; hono’s html escapes whatever is put in. It
 * answers only to a loopback host name, so that no web site can read it by pointing its own name here (DNS rebinding).
 */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { MailCatcher } from './mail-catcher.ts';
import { STYLE, listPage, mailPage } from './mail-views.ts';

export interface MailPage {
  readonly url: string;
  close(): Promise<void>;
}

/** `port` 0 takes a free one. Rejects when the port is taken. */
export async function startMailPage(catcher: MailCatcher, port: number): Promise<MailPage> {
  const app = pages(catcher);
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

function pages(catcher: MailCatcher): Hono {
  const app = new Hono();
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
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/api/messages', async (context) => context.json(await catcher.messages()));
  app.get('/', async (context) => context.html(await listPage(await catcher.messages())));
  app.get('/message/:id', async (context) => {
    const mail = await catcher.message(context.req.param('id'));
    return mail === undefined ? context.text('There is no such message.', 404) : context.html(await mailPage(mail));
  });
  return app;
}
