/** A demo shop for a test, with its client; both end with the test. */
import { afterEach } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoShop } from '../../../src/adapters/demo-shop/demo-shop.ts';
import { startDemoShop } from '../../../src/adapters/demo-shop/demo-shop.ts';

export const TOKEN = 'token-of-the-demo-shop';
export const CONTROLS_TOKEN = 'token-of-the-controls';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

export const atEnd = (close: () => Promise<void> | void): void => void closers.push(close);

export function shopFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-shop-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  return folder;
}

export async function openShop(folder = shopFolder()): Promise<DemoShop> {
  const controls = { port: 0, token: CONTROLS_TOKEN };
  const shop = await startDemoShop({ folder, port: 0, token: TOKEN, controls });
  atEnd(() => shop.close());
  return shop;
}

/** What the answers that the tests look at may hold. */
export interface SaidBody {
  readonly error?: string;
  readonly id?: string;
  readonly version?: string;
  readonly content?: string;
}

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: SaidBody;
}

export async function say(
  shop: { readonly url: string },
  method: string,
  path: string,
  more: { readonly headers?: Record<string, string>; readonly body?: unknown; readonly raw?: string } = {},
): Promise<Said> {
  const body = more.raw ?? (more.body === undefined ? undefined : JSON.stringify(more.body));
  const answer = await fetch(new URL(path, shop.url), {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as SaidBody };
}

export const SEEDS = { item: 'seeds', quantity: 2, unitPrice: 475, currency: 'EUR' };

export const buy = (shop: DemoShop, key: string, body: unknown = SEEDS): Promise<Said> =>
  say(shop, 'POST', 'orders', { headers: { 'idempotency-key': key }, body });
