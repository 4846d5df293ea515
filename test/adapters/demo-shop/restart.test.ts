import { describe, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDemoShop } from '../../../src/adapters/demo-shop/demo-shop.ts';
import { freePort } from '../../../src/server/free-port.ts';
import { TOKEN, atEnd, buy, openShop, say, shopFolder } from './one-shop.ts';

const MAIN = join(__dirname, '..', '..', '..', 'dist', 'worker', 'demo-shop-main.js');

describe('the database', () => {
  test('outlives its shop: orders, stock, prices and keys', async () => {
    const folder = shopFolder();
    const first = await openShop(folder);
    const { body } = await buy(first, 'key-00000001');
    first.store.setPrice('gloves', 1);
    await first.close();
    const again = await openShop(folder);
    expect(again.store.orders()).toEqual([body]);
    expect([again.store.item('seeds')?.stock, again.store.item('gloves')?.price.minor]).toEqual([398, 1]);
    expect((await buy(again, 'key-00000001')).body).toEqual(body);
    expect(again.store.orders()).toHaveLength(1);
    expect(statSync(join(folder, 'shop.db')).mode & 0o077).toBe(0);
  });

  test('a lock that a killed process left does not keep the shop shut', async () => {
    const folder = shopFolder();
    await (await openShop(folder)).close();
    mkdirSync(join(folder, 'shop.db.lock'));
    const again = await openShop(folder);
    expect((await buy(again, 'key-00000001')).status).toBe(201);
    await again.close();
    expect(readdirSync(folder)).toEqual(['shop.db']);
  });

  test('a file that is no database is refused', async () => {
    const folder = shopFolder();
    writeFileSync(join(folder, 'shop.db'), 'no database '.repeat(1000));
    await expect(startDemoShop({ folder, port: 0, token: TOKEN })).rejects.toThrow('not a database');
  });

  test('a port that is taken is said at once', async () => {
    const port = Number(new URL((await openShop()).url).port);
    await expect(startDemoShop({ folder: shopFolder(), port, token: TOKEN })).rejects.toThrow('EADDRINUSE');
  });
});

describe('a shop that is killed in the midst of orders', () => {
  interface Running {
    readonly child: ChildProcess;
    readonly url: string;
  }

  async function spawned(folder: string, tokenFile: string): Promise<Running> {
    const port = await freePort(0);
    const child = spawn(process.execPath, [MAIN, folder, tokenFile, String(port)], { stdio: 'ignore' });
    atEnd(() => void child.kill('SIGKILL'));
    const url = `http://127.0.0.1:${port}/`;
    for (let tries = 0; tries < 200; tries += 1) {
      if (await fetch(url).then(Boolean, () => false)) return { child, url };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the shop did not open');
  }

  test('has every order that it answered, once, and none that its stock does not know of', async () => {
    const folder = shopFolder();
    const tokenFile = join(shopFolder(), 'token');
    writeFileSync(tokenFile, TOKEN);
    const { child, url } = await spawned(folder, tokenFile);
    const answered: string[] = [];
    const order = async (key: string): Promise<boolean> => {
      const body = { item: 'seeds', quantity: 1, unitPrice: 475, currency: 'EUR' };
      const answer = await say({ url }, 'POST', 'orders', { headers: { 'idempotency-key': key }, body }).catch(
        () => undefined,
      );
      if (answer?.status === 201) answered.push(answer.body.id ?? '');
      return answer !== undefined;
    };
    let next = 0;
    const customers = Array.from({ length: 4 }, async () => {
      while (await order(`key-${String(next++).padStart(8, '0')}`)) if (answered.length >= 25) child.kill('SIGKILL');
    });
    await Promise.all(customers);
    const again = await openShop(folder);
    const kept = again.store.orders().map(({ id }) => id);
    expect(answered.length).toBeGreaterThanOrEqual(25);
    expect(kept).toEqual(expect.arrayContaining(answered));
    expect(again.store.item('seeds')?.stock).toBe(400 - kept.length);
  });

  test('does not start without a token', async () => {
    const tokenFile = join(shopFolder(), 'token');
    writeFileSync(tokenFile, '\n');
    const child = spawn(process.execPath, [MAIN, shopFolder(), tokenFile, String(await freePort(0))]);
    atEnd(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
    expect(said).toContain('holds no token');
  });
});
