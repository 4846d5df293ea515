/**
 * The levers of the demo: another port and another token than those the agent reaches, so that nothing an agent may call
 * changes a price or loses an answer.
 */
import { loopbackApp } from '../loopback-page.ts';
import type { LoopbackApp } from '../loopback-page.ts';
import { own } from '../../domain/json.ts';
import { holdsToken } from './shop-api.ts';
import type { ShopStore } from './shop-store.ts';
import type { Whims } from './whims.ts';

export function controlsOf(store: ShopStore, token: string, whims: Whims): LoopbackApp {
  const app = loopbackApp();
  app.use(async (context, next) =>
    holdsToken(context.req.header('authorization'), token) ? next() : context.json({ error: 'not for you' }, 401),
  );
  app.post('/lose-next-answer', (context) => {
    whims.loseNextAnswer();
    return context.json({});
  });
  app.post('/items/:id/price', async (context) => {
    const minor = own(await context.req.json<unknown>().catch(() => undefined), 'minor');
    if (typeof minor !== 'number' || !Number.isSafeInteger(minor) || minor < 0)
      return context.json({ error: '"minor" is a whole number of minor units' }, 400);
    return store.setPrice(context.req.param('id'), minor)
      ? context.json({})
      : context.json({ error: 'there is no such item' }, 404);
  });
  return app;
}
