/** The shop that declared tools call, with its secret, for the tests of one file. */
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShopServer } from '../support/shop-server.ts';
import { KETTLE, startShop } from '../support/shop-server.ts';
import { loadedTool, purchaseYaml, realPorts } from './support.ts';

export let shop: ShopServer;
export let secrets: string;

/** Started before all tests; before each it has what it had, and has seen nothing. */
export function useShop(): void {
  beforeAll(async () => {
    shop = await startShop();
    secrets = mkdtempSync(join(tmpdir(), 'countersign-secrets-'));
    writeFileSync(join(secrets, 'shop'), 'planted-shop-secret\n');
  });
  afterAll(async () => {
    await shop.close();
    rmSync(secrets, { recursive: true });
  });
  beforeEach(() => void shop.items.set('A-17', KETTLE).set('A-18', KETTLE));
  afterEach(() => {
    shop.seen.splice(0);
    shop.look = undefined;
    shop.order = undefined;
  });
}

export const eur = (minor: number) => ({ minor, currency: 'EUR' });
export const INPUT = { item: 'A-17', quantity: 2, total: eur(2500) };
export const purchase = (change: (text: string) => string = (text) => text) =>
  loadedTool(change(purchaseYaml(shop.origin, { secret: true })));
export const ports = () => realPorts([shop.origin], secrets);
