/** Declared tools in the product as it is run: compiled workers in processes of their own, and the command line. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli/run-cli.ts';
import { purchaseYaml } from '../declared/support.ts';
import type { Deployment } from '../support/deployment.ts';
import { startDeployment } from '../support/deployment.ts';
import { testAddress } from '../support/harness.ts';
import type { ShopServer } from '../support/shop-server.ts';
import { startShop } from '../support/shop-server.ts';

const POLICY = `
version: 1
profiles: { buyer: { grant: [purchase], startable: true } }
defaultProfile: buyer
approval: { by: [owner] }
rules:
  - { id: cheap, tool: purchase, allow: { item: { any: true }, quantity: { any: true }, total: { max: 20.00 EUR } } }
`;

let shop: ShopServer;
let folder: string;
let deployment: Deployment;

beforeAll(async () => {
  shop = await startShop();
  folder = mkdtempSync(join(tmpdir(), 'countersign-declared-'));
  const tools = join(folder, 'tools.yaml');
  writeFileSync(tools, purchaseYaml(shop.origin));
  const env = { COUNTERSIGN_TOOLS: tools, COUNTERSIGN_PRIVATE_ORIGINS: shop.origin };
  deployment = await startDeployment(POLICY, { workflow: env, web: env });
}, 120_000);
afterAll(async () => {
  await deployment.stop();
  await shop.close();
  rmSync(folder, { recursive: true });
});

const act = (quantity: number, minor: number): ReturnType<typeof runCli> => {
  const input = { item: 'A-17', quantity, total: { minor, currency: 'EUR' } };
  const where = ['--address', testAddress(), '--task-queue', deployment.taskQueue, '--state', deployment.directory];
  return runCli([...where, 'act', 'purchase', '--input', JSON.stringify(input)]);
};

test('what the rule opens is bought; a total that is not the price is not; what no rule opens is denied', async () => {
  expect(await act(1, 1250)).toMatchObject({ code: 0, out: expect.stringContaining('Ordered: order o-1') });
  const cheap = await act(1, 1);
  expect(cheap.code).toBe(1);
  expect(cheap.out).toContain('must be "price" × "quantity"');
  expect((await act(9, 11_250)).code).toBe(1);
  expect(shop.orders()).toHaveLength(1);
});
