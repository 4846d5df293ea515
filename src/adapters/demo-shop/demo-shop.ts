/** The demo shop on loopback: its API and page on one port, the levers of the demo on another where they are wanted. */
import { join } from 'node:path';
import { loopbackApp, serveOnLoopback } from '../loopback-page.ts';
import type { Listening } from '../loopback-page.ts';
import { openDatabase } from './database.ts';
import { addApi } from './shop-api.ts';
import { controlsOf } from './shop-controls.ts';
import type { ShopStore } from './shop-store.ts';
import { createShopStore } from './shop-store.ts';
import { STYLE, shopPage } from './shop-views.ts';
import { createWhims } from './whims.ts';

export interface ShopSettings {
  /** Holds `shop.db`, and is of this process alone. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What clients of the API show. */
  readonly token: string;
  readonly controls?: { readonly port: number; readonly token: string };
}

export interface DemoShop {
  readonly url: string;
  /** Of the levers; '' where there are none. */
  readonly controlsUrl: string;
  /** What happened, from the database. */
  readonly store: ShopStore;
  loseNextAnswer(): void;
  close(): Promise<void>;
}

/** Rejects when a port is taken. */
export async function startDemoShop({ folder, port, token, controls }: ShopSettings): Promise<DemoShop> {
  const store = createShopStore(openDatabase(join(folder, 'shop.db')), () => new Date());
  const whims = createWhims();
  const open: Listening[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((listening) => listening.close()));
    store.close();
  };
  try {
    const app = loopbackApp();
    addApi(app, store, token, whims);
    app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
    app.get('/', async (context) => context.html(await shopPage(store)));
    const shop = await serveOnLoopback(app, port);
    open.push(shop);
    if (controls !== undefined)
      open.push(await serveOnLoopback(controlsOf(store, controls.token, whims), controls.port));
    return {
      url: shop.url,
      controlsUrl: open[1]?.url ?? '',
      store,
      loseNextAnswer: () => whims.loseNextAnswer(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
