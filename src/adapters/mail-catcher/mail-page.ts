/** The catcher’s page: what arrived, as text. No scripts, nothing remote; hono’s html escapes whatever is put in. */
import type { Listening, LoopbackApp } from '../loopback-page.ts';
import { loopbackApp, serveOnLoopback } from '../loopback-page.ts';
import type { MailCatcher } from './mail-catcher.ts';
import { STYLE, listPage, mailPage } from './mail-views.ts';

/** `port` 0 takes a free one. Rejects when the port is taken. */
export function startMailPage(catcher: MailCatcher, port: number): Promise<Listening> {
  return serveOnLoopback(pages(catcher), port);
}

function pages(catcher: MailCatcher): LoopbackApp {
  const app = loopbackApp();
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/api/messages', async (context) => context.json(await catcher.messages()));
  app.get('/', async (context) => context.html(await listPage(await catcher.messages())));
  app.get('/message/:id', async (context) => {
    const mail = await catcher.message(context.req.param('id'));
    return mail === undefined ? context.text('There is no such message.', 404) : context.html(await mailPage(mail));
  });
  return app;
}
