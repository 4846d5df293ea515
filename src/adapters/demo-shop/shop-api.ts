/**
 * The demo shop’s API, for holders of its token.
 * 1. What it answers is on disk (see `database.ts`).
 * 2. Changes are made under a key, and only for `application/json`, which no form of a web site can send.
 * 3. It can be told nothing here that would change how it behaves: see `shop-controls.ts`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyLimit } from 'hono/body-limit';
import type { Context } from 'hono';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { HttpBindings } from '@hono/node-server';
import type { LoopbackApp } from '../loopback-page.ts';
import type { Reading } from './read-body.ts';
import { readContactWish, readOrderWish, readPostWish } from './read-body.ts';
import type { Item } from './records.ts';
import type { Change, Keyed, ShopStore } from './shop-store.ts';
import type { Whims } from './whims.ts';

type Call = Pick<Context<{ Bindings: HttpBindings }>, 'req' | 'env' | 'json' | 'header'>;

const MAX_BODY = 64 * 1024;

export function addApi(app: LoopbackApp, store: ShopStore, token: string, whims: Whims): void {
  for (const path of ['/items', '/orders', '/channels', '/contacts']) {
    for (const pattern of [path, `${path}/*`]) {
      app.use(pattern, async (context, next) => {
        context.header('x-demo-shop', 'nothing is really sold, posted or changed');
        return holdsToken(context.req.header('authorization'), token)
          ? next()
          : refuse(context, 401, 'this needs the token of the demo shop: authorization: Bearer …');
      });
      app.use(
        pattern,
        bodyLimit({ maxSize: MAX_BODY, onError: (context) => refuse(context, 413, `over ${MAX_BODY} bytes`) }),
      );
    }
  }
  addReading(app, store);
  addChanging(app, store, whims);
}

function addReading(app: LoopbackApp, store: ShopStore): void {
  app.get('/items', (context) => context.json(store.items()));
  app.get('/items/:id', (context) => shown(context, store.item(context.req.param('id')), 'item'));
  app.get('/items/:id/quote', (context) => {
    const quantity = /^[1-9]\d{0,2}$/.exec(context.req.query('quantity') ?? '')?.[0];
    return quantity === undefined
      ? refuse(context, 400, 'say which ?quantity=, from 1 to 999')
      : shown(context, quoteOf(store.item(context.req.param('id')), Number(quantity)), 'item');
  });
  app.get('/orders', (context) => context.json(store.orders()));
  app.get('/channels', (context) => context.json(store.channels()));
  app.get('/channels/:id', (context) => shown(context, store.channel(context.req.param('id')), 'channel'));
  app.get('/channels/:id/posts', (context) => context.json(store.posts(context.req.param('id'))));
  app.get('/contacts', (context) => context.json(store.contacts()));
  app.get('/contacts/:id', (context) => {
    const contact = store.contact(context.req.param('id'));
    if (contact !== undefined) context.header('etag', `"${contact.version}"`);
    return shown(context, contact, 'contact');
  });
}

function addChanging(app: LoopbackApp, store: ShopStore, whims: Whims): void {
  app.post('/orders', (context) => change(context, whims, readOrderWish, (keyed, wish) => store.order(keyed, wish)));
  app.post('/channels/:id/posts', (context) =>
    change(context, whims, readPostWish, (keyed, content) => store.post(keyed, context.req.param('id'), content)),
  );
  app.patch('/contacts/:id', (context) => {
    const version = /^"([0-9a-f]{64})"$/.exec(context.req.header('if-match') ?? '')?.[1];
    if (version === undefined)
      return refuse(context, 428, 'say by if-match which version is to be changed: the etag that you saw');
    return change(context, whims, readContactWish, (keyed, wish) =>
      store.changeContact(keyed, context.req.param('id'), version, wish),
    );
  });
}

async function change<T>(
  context: Call,
  whims: Whims,
  read: (body: unknown) => Reading<T>,
  perform: (keyed: Keyed, wish: T) => Change,
): Promise<Response> {
  const key = context.req.header('idempotency-key') ?? '';
  if (!/^[\x21-\x7e]{8,200}$/.test(key))
    return refuse(context, 400, 'name this request by an idempotency-key of 8 to 200 visible characters');
  if (!/^application\/json *(;|$)/i.test(context.req.header('content-type') ?? ''))
    return refuse(context, 415, 'say it as application/json');
  const body = await context.req.text();
  const reading = read(parsed(body));
  if (reading.kind === 'bad') return refuse(context, 400, reading.why);
  const about = [context.req.method, context.req.path, context.req.header('if-match') ?? '', body];
  const request = createHash('sha256').update(JSON.stringify(about)).digest('hex');
  const outcome = perform({ key, request }, reading.value);
  if (outcome.kind === 'refused') return refuse(context, outcome.status, outcome.why);
  if (!outcome.replayed && whims.losesAnswer()) {
    context.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (outcome.replayed) context.header('idempotency-replayed', 'true');
  return context.json(outcome.body, outcome.status);
}

/** What so many would cost now. How many are left is not told: whoever is to decide would be asked again at every order. */
function quoteOf(item: Item | undefined, quantity: number): object | undefined {
  if (item === undefined) return undefined;
  const { id, title, price, stock } = item;
  const total = { minor: price.minor * quantity, currency: price.currency };
  return { item: id, title, quantity, unitPrice: price, total, available: quantity <= stock };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function shown(context: Call, record: object | undefined, what: string): Response {
  return record === undefined ? refuse(context, 404, `there is no such ${what}`) : context.json(record);
}

function refuse(context: Call, status: 400 | 401 | 404 | 409 | 412 | 413 | 415 | 422 | 428, why: string): Response {
  return context.json({ error: why }, status);
}

/** Both are hashed, so that their lengths are the same and the time tells nothing. */
export function holdsToken(header: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${token}`));
}
