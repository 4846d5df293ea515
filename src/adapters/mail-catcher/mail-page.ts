/** The catcher’s page: what arrived, as text. No scripts, nothing remote; hono’s html escapes whatever is put in. */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { simpleParser } from 'mailparser';
import { visibleText } from '../../domain/visible-text.ts';
import type { CaughtMail, MailCatcher } from './mail-catcher.ts';

export interface MailPage {
  readonly url: string;
  close(): Promise<void>;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:0 auto;padding:1rem;color:#1b1f24;background:#fbfbf9}
header{border-bottom:2px solid #1b1f24;margin-bottom:1rem}h1{font-size:1.3rem;margin:.3rem 0}p.banner{color:#6b4e00;background:#fff4d6;padding:.5rem .7rem;border-radius:.3rem}
a{color:#0b57a4}li{margin:.6rem 0}ul{list-style:none;padding:0}time,small{color:#57606a}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;border:1px solid #d5d9de;padding:.8rem;border-radius:.3rem}
dt{font-weight:600}dd{margin:0 0 .5rem 0;overflow-wrap:anywhere}`;

export async function startMailPage(catcher: MailCatcher, port: number): Promise<MailPage> {
  const app = pages(catcher);
  const server = await new Promise<Server>((resolve, reject) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () =>
      resolve(started as Server),
    ) as Server;
    started.once('error', reject);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/`,
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
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'self'"], frameAncestors: ["'none'"] },
    }),
  );
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/api/messages', async (context) => context.json(await catcher.messages()));
  app.get('/', async (context) => context.html(listPage(await catcher.messages())));
  app.get('/message/:id', async (context) => {
    const mail = (await catcher.messages()).find(({ id }) => id === context.req.param('id'));
    return mail === undefined ? context.text('There is no such message.', 404) : context.html(await mailPage(mail));
  });
  return app;
}

type Page = ReturnType<typeof html>;

function frame(title: string, content: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header><h1>${title}</h1></header>
        <p class="banner">Embedded mail catcher: it keeps what it gets; nothing leaves this machine.</p>
        <main>${content}</main>
      </body>
    </html>`;
}

function listPage(mails: readonly CaughtMail[]): Page {
  if (mails.length === 0)
    return frame('Mail that was sent', html`<p>No mail yet. When an approved mail is sent, it appears here.</p>`);
  const items = mails.map(
    (mail) =>
      html`<li>
        <a href="/message/${mail.id}">${subjectOf(mail)}</a><br /><small>to ${mail.to.join(', ')}</small>
        <time>${mail.receivedAt}</time>
      </li>`,
  );
  return frame(
    'Mail that was sent',
    html`<ul>
      ${items}
    </ul>`,
  );
}

async function mailPage(mail: CaughtMail): Promise<Page> {
  const parsed = await simpleParser(Buffer.from(mail.source, 'latin1')).catch(() => undefined);
  return frame(
    subjectOf(mail),
    html`<p><a href="/">All mail</a></p>
      <dl>
        <dt>Envelope from</dt>
        <dd>${mail.from}</dd>
        <dt>Envelope to (everyone who gets it)</dt>
        <dd>${mail.to.join(', ')}</dd>
        <dt>Received</dt>
        <dd>${mail.receivedAt}</dd>
      </dl>
      <h2>Text</h2>
      <pre>${visibleText(parsed?.text ?? '(the message could not be read)')}</pre>
      <h2>Exactly as received</h2>
      <pre>${visibleText(Buffer.from(mail.source, 'latin1').toString('utf8').replaceAll('\r\n', '\n'))}</pre>`,
  );
}

function subjectOf({ source }: CaughtMail): string {
  const line = /^subject:[ \t]*(.*)$/im.exec(source.split('\r\n\r\n')[0] ?? '')?.[1] ?? '';
  return line.trim() === '' ? '(no subject)' : visibleText(line.trim(), { multiline: false });
}
